"""Make the ledger, hold it against its promises, write it out for others. Touches: the ledger."""

from collections.abc import Iterator
from datetime import UTC, datetime

from newsletter.catalogue import SILENCE, Said, lines, phrase
from newsletter.errors import NewsletterError, UsageError
from newsletter.issue.find import find_issue
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import DispatchRecord, Purpose
from newsletter.ledger.verify import MOST_NAMED, Verdict
from newsletter.report.audit import AuditRow, as_csv, as_json_lines, dispatch_row, subscription_row, suppression_row
from newsletter.settings.workspace import Workspace

from .steps.audit_rows import delivery_rows
from .steps.letter import known_slug
from .steps.newsletter import given_list_id, open_own_ledger
from .steps.sent_file import all_forgotten


class BrokenPromiseError(NewsletterError):
    """The book does not keep what it promises: damaged storage, a hand in the database, or a fault of this program."""


def make_ledger(workspace: Workspace, newsletter: str | None = None) -> Said:
    """Make the ledger and allow `send --due` to use it; with `newsletter`, a list_id, make that one known to it.

    RefusedError (77) where it knows others than that of the settings, and none is given to be added.
    """
    if newsletter is None:
        open_own_ledger(workspace, Purpose.BEGINNING).close()
        return phrase("workflow.ledger.is_ready")
    list_id = given_list_id(newsletter)
    with open_ledger(workspace, Purpose.BEGINNING) as ledger:
        ledger.add_newsletter(list_id, datetime.now(UTC))
    return lines(phrase("workflow.ledger.is_ready"), phrase("workflow.newsletter.is_known", list_id=list_id))


def verified(workspace: Workspace) -> Iterator[Verdict]:
    """One verdict for each promise, as it is found. LedgerMissingError (78) where there is no ledger."""
    with open_ledger(workspace, Purpose.READ) as ledger:
        yield from ledger.verify()
        forgotten = [found.said() for found in all_forgotten(workspace, ledger)]
    yield Verdict(phrase("workflow.ledger.sent_files"), len(forgotten), tuple(forgotten[:MOST_NAMED]))


def standby_warning(workspace: Workspace) -> Said | None:
    """What to say where a standby of the server could take over and know less; None where all is well."""
    with open_ledger(workspace, Purpose.READ) as ledger:
        return phrase("workflow.ledger.standby_may_lack_commits") if ledger.may_lose_commits() else None


def verdict_words(found: Verdict) -> Said:
    """One line for a promise, and under it what breaks it."""
    if not found.broken:
        return phrase("workflow.ledger.kept", promise=found.promise)
    more = found.broken - len(found.named)
    return lines(
        phrase("workflow.ledger.broken", promise=found.promise),
        *(phrase("workflow.ledger.broken_by", name=name) for name in found.named),
        phrase("workflow.ledger.and_more", count=more) if more else SILENCE,
    )


def refuse_broken(broken: int) -> None:
    """Raise BrokenPromiseError (70) where any promise is broken."""
    if broken:
        raise BrokenPromiseError(
            phrase("workflow.ledger.promises_are_broken", count=broken), hint=phrase("workflow.ledger.keep_copy")
        )


def exported(workspace: Workspace, given: str | None, *, as_table: bool) -> Iterator[str]:
    """Lines of all issues, or of one: dispatches and deliveries, of all also suppressions and the ledger's own list.

    As CSV deliveries alone.
    """
    with open_own_ledger(workspace, Purpose.READ, readers=False) as ledger:
        rows = _rows(workspace, ledger, given)
        yield from as_csv(rows) if as_table else as_json_lines(rows)


def _rows(workspace: Workspace, ledger: Ledger, given: str | None) -> Iterator[AuditRow]:
    newsletter = workspace.settings.newsletter.list_id
    for record in _dispatches(workspace, ledger, newsletter, given):
        yield dispatch_row(record)
        yield from delivery_rows(workspace, ledger, record)
    if given is None:
        yield from map(suppression_row, ledger.suppressions(newsletter))
        yield from (subscription_row(newsletter, one) for one in ledger.subscriptions(newsletter))


def _dispatches(workspace: Workspace, ledger: Ledger, newsletter: str, given: str | None) -> list[DispatchRecord]:
    if given is None:
        return ledger.all_dispatches(newsletter)
    record = ledger.find(newsletter, known_slug(workspace, given))
    if record is None:
        find_issue(workspace, given, may_begin=False)  # one that is not there is refused as such
        raise UsageError(
            phrase("workflow.ledger.was_never_planned", issue=given),
            hint=phrase("workflow.control.to_see_where_it_stands", issue=given),
        )
    return [record]
