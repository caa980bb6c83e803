"""The ledger as this newsletter's own: opened only where it knows the list_id. Touches: the ledger.

Under another list_id nobody is known to have left, so whatever reads or changes what is a newsletter's own goes through
here. The subscribers' pages do not: nobody who wants to leave is refused.
"""

from typing import TypeVar

from newsletter.catalogue import Said, lines, phrase
from newsletter.errors import Problem, UsageError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.newsletters import UnknownNewsletterError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.explain import WrongValueError
from newsletter.settings.load import place_in_settings
from newsletter.settings.values import parse_list_id
from newsletter.settings.workspace import Workspace

_SETTING = "newsletter.list_id"

_Opened = TypeVar("_Opened", bound=Ledger)


def open_own_ledger(workspace: Workspace, purpose: Purpose, *, readers: bool = True) -> Ledger:
    """As `open_ledger`, for what is this newsletter's own.

    UnknownNewsletterError (77), with the commands, where the ledger does not know it. With `readers` it must be known
    by all its names: some of those who left are recognised by a former one. To look at an issue, or to stop it, that
    does not matter.
    """
    return if_known(workspace, open_ledger(workspace, purpose), readers=readers)


def if_known(workspace: Workspace, ledger: _Opened, *, readers: bool = True) -> _Opened:
    """A ledger that was just opened; closed, and the error raised, where it does not know this newsletter."""
    try:
        require_known(workspace, ledger, readers=readers)
    except BaseException:
        ledger.close()
        raise
    return ledger


def require_known(workspace: Workspace, ledger: Ledger, *, readers: bool = True) -> None:
    """As `open_own_ledger`, of one that is open."""
    newsletter = workspace.settings.newsletter
    try:
        ledger.require_newsletter(newsletter.list_id, newsletter.former_list_ids if readers else None)
    except UnknownNewsletterError as error:
        if variable := workspace.settings.variable(_SETTING):
            comes_from = phrase("workflow.newsletter.comes_from", list_id=newsletter.list_id, variable=variable)
            raise UnknownNewsletterError(error.message, hint=lines(comes_from, error.hint)) from error
        raise


def placed_in_settings(workspace: Workspace, refused: UnknownNewsletterError) -> Problem:
    """The same as a problem of the list_id in the settings, for who only looks."""
    problem = Problem(refused.message, path=_SETTING, hint=refused.hint, file=workspace.settings.variable(_SETTING))
    return problem if problem.file else place_in_settings(workspace.root, problem)


def given_list_id(text: str) -> str:
    """A list_id from the command line; UsageError (64) where it is none."""
    try:
        return parse_list_id(text)
    except WrongValueError as error:
        raise UsageError(phrase("workflow.newsletter.is_no_list_id", given=text, why=error.said)) from error


def contents_said(issues: int, suppressions: int, subscriptions: int = 0) -> Said:
    """What stands under a list_id."""
    if subscriptions:
        code = "workflow.newsletter.contents_and_people"
        return phrase(code, issues=issues, suppressions=suppressions, subscriptions=subscriptions)
    return phrase("workflow.newsletter.contents", issues=issues, suppressions=suppressions)
