"""Who one issue goes to, who is left out, who gets which variant. Touches: the subscriber file, the ledger, reading."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from newsletter.audience.address import AddressError, parse_address
from newsletter.audience.subscriber import Subscriber
from newsletter.check.audience import AudienceSummary
from newsletter.edition.edition import Edition
from newsletter.edition.variants import variant_chooser
from newsletter.errors import InputError, NewsletterError, UsageError
from newsletter.issue.model import Issue
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.progress import Advance
from newsletter.settings.workspace import Workspace

from .keys import links_of
from .letter import Letter
from .survey import sizes_alone, survey


def subscriber_file(workspace: Workspace, *, or_example: bool = False) -> Path:
    """The subscriber file; InputError (65) where there is none and the example will not do."""
    if workspace.csv.is_file():
        return workspace.csv
    if or_example and workspace.example_csv.is_file():
        return workspace.example_csv
    raise InputError(
        f"{workspace.settings.audience.csv}: there is no such file, so there is nobody to send to.",
        hint="Put your subscribers there, in the form of subscribers.example.csv; it is never kept in git.",
    )


def known_audience(
    workspace: Workspace,
    letter: Letter,
    editions: Mapping[str, Edition],
    advance: Advance | None = None,
    *,
    or_example: bool = True,
) -> AudienceSummary:
    """The audience in numbers, for who only looks; without a file, nobody.

    The example's subscribers may do, and who is suppressed is known where a ledger is at hand.
    """
    settings, wanted = workspace.settings, workspace.settings.audience.csv
    try:
        path = subscriber_file(workspace, or_example=or_example)
    except InputError:  # whether there is one is the business of `send`
        summary = sizes_alone(letter.issue, editions, settings)
        return replace(summary, wanted=wanted)
    summary = survey(letter.issue, editions, settings, path, known_suppressed(workspace), advance)
    return summary if path == workspace.csv else replace(summary, wanted=wanted)


def choose_variant(issue: Issue, workspace: Workspace) -> Callable[[Subscriber], str]:
    """A function that names the variant a subscriber gets, by language and, for `only_for` sections, by tags."""
    choose = variant_chooser(issue, workspace.settings.newsletter.language)
    return lambda subscriber: choose(subscriber.language, subscriber.tags)


def suppressed_in(workspace: Workspace, ledger: Ledger) -> Callable[[Subscriber], bool]:
    """Whether somebody is suppressed now; the plan and every claim ask the ledger again."""
    marks: set[str | bytes] = set()
    for one in ledger.suppressions(workspace.settings.newsletter.list_id):
        marks.update(mark for mark in (one.key, one.address_hash) if mark)
    if not marks:
        return lambda _subscriber: False
    hash_of = links_of(workspace, create=True).address_hash
    return lambda subscriber: subscriber.key in marks or hash_of(subscriber.key) in marks


def known_suppressed(workspace: Workspace) -> Callable[[Subscriber], bool] | None:
    """The same for who only looks; None where there is no ledger at hand to know it."""
    try:
        with open_ledger(workspace, Purpose.READ) as ledger:
            return suppressed_in(workspace, ledger)
    except NewsletterError:  # an editor's machine need not reach the operator's database; `send` says what is wrong
        return None


def given_address(text: str) -> tuple[str, str]:
    """Address and key of somebody named on the command line; UsageError where it is no address."""
    try:
        return parse_address(text)
    except AddressError as error:
        raise UsageError(f"{text}: {error}") from error
