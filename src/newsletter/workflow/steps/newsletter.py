"""The ledger as this newsletter's own: opened only where it knows the list_id. Touches: the ledger.

Under another list_id nobody is known to have left, so whatever reads or changes what is a newsletter's own goes through
here. The subscribers' pages do not: nobody who wants to leave is refused.
"""

from newsletter.catalogue import Said, lines, phrase
from newsletter.errors import NewsletterError, Problem, RefusedError, UsageError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.newsletters import UnknownNewsletterError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.explain import WrongValueError
from newsletter.settings.load import place_in_settings
from newsletter.settings.values import parse_list_id
from newsletter.settings.workspace import Workspace

_SETTING = "newsletter.list_id"


def open_own_ledger(workspace: Workspace, purpose: Purpose) -> Ledger:
    """As `open_ledger`; and a RefusedError (77), with the commands, where the ledger does not know this newsletter."""
    ledger = open_ledger(workspace, purpose)
    try:
        require_known(workspace, ledger)
    except BaseException:
        ledger.close()
        raise
    return ledger


def require_known(workspace: Workspace, ledger: Ledger) -> None:
    """RefusedError (77) where the ledger knows other newsletters, or a former name that the settings do not."""
    newsletter = workspace.settings.newsletter
    try:
        ledger.require_newsletter(newsletter.list_id, newsletter.former_list_ids)
    except UnknownNewsletterError as error:
        if variable := workspace.settings.variable(_SETTING):
            comes_from = phrase("workflow.newsletter.comes_from", list_id=newsletter.list_id, variable=variable)
            raise UnknownNewsletterError(error.message, hint=lines(comes_from, error.hint)) from error
        raise


def why_refused(workspace: Workspace) -> RefusedError | None:
    """For who only looks: why nothing would be sent; None where it would, or where no ledger can be read."""
    try:
        open_own_ledger(workspace, Purpose.READ).close()
    except RefusedError as error:
        return error
    except NewsletterError:  # an editor's machine need not reach the operator's database; `send` says what is wrong
        return None
    return None


def what_ledger_refuses(workspace: Workspace) -> Problem | None:
    """The same, at its place in the settings."""
    if (refused := why_refused(workspace)) is None:
        return None
    problem = Problem(refused.message, path=_SETTING, hint=refused.hint, file=workspace.settings.variable(_SETTING))
    return problem if problem.file else place_in_settings(workspace.root, problem)


def given_list_id(text: str) -> str:
    """A list_id from the command line; UsageError (64) where it is none."""
    try:
        return parse_list_id(text)
    except WrongValueError as error:
        raise UsageError(phrase("workflow.newsletter.is_no_list_id", given=text, why=error.said)) from error


def contents_said(issues: int, suppressions: int) -> Said:
    """What stands under a list_id."""
    return phrase("workflow.newsletter.contents", issues=issues, suppressions=suppressions)
