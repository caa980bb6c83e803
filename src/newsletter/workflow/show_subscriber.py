"""Tell all that is known of one address. Touches: the subscriber file and the ledger, for reading only."""

from dataclasses import replace
from pathlib import Path

from newsletter.audience.read import read_layout, read_subscribers
from newsletter.audience.subscriber import Subscriber
from newsletter.catalogue import SILENCE, phrase
from newsletter.errors import InputError
from newsletter.ledger.records import LedgerLostError, LedgerMissingError, Purpose
from newsletter.progress import Advance
from newsletter.report.subscriber_report import SubscriberReport
from newsletter.settings.workspace import Workspace

from .steps.audience import given_address
from .steps.keys import links_of
from .steps.neighbours import not_in_the_list
from .steps.people_ledger import open_own_people_ledger

_STEP = 1000
"""Lines between two words about how far the file was read."""


def show_subscriber(workspace: Workspace, given: str, *, advance: Advance) -> SubscriberReport:
    """UsageError (64) for what is no address; an address that nobody knows is a report of nothing.

    RefusedError (77) where the ledger does not know this newsletter: nobody would be known to have left it.

    Limits: a row of the file that cannot be read as a subscriber is nobody's.
    """
    email, key = given_address(given)
    settings = workspace.settings
    report = SubscriberReport(
        address=email,
        newsletter=settings.newsletter.list_id,
        zone=settings.newsletter.timezone,
        file=settings.audience.csv,
        rows=_rows(workspace.csv, key, advance) if workspace.csv.exists() else (),
        suppressions=(),
        received=(),
    )
    hashes = links_of(workspace, create=True).all_hashes(key)
    try:
        with open_own_people_ledger(workspace, Purpose.READ) as ledger:
            sign_up = ledger.subscription(settings.newsletter.list_id, hashes)
            return replace(
                report,
                suppressions=ledger.suppressions_of(key, hashes),
                received=ledger.received_by(key),
                sign_up=sign_up,
                wording=ledger.consent_wording(sign_up.consent_text) if sign_up and sign_up.consent_text else "",
                returned=ledger.returns_of(hashes),
            )
    except LedgerLostError:
        raise  # who left is not known any more, and that must not read as "nobody"
    except LedgerMissingError:
        return report


def unknown_address(workspace: Workspace, report: SubscriberReport) -> InputError:
    """What ends the command where nothing is known (65), with the addresses of the list that are near."""
    said = phrase("workflow.subscribers.is_unknown", address=report.address)
    return InputError(said, hint=not_in_the_list(workspace, report.address) or SILENCE)


def _rows(path: Path, key: str, advance: Advance) -> list[Subscriber]:
    layout = read_layout(path)
    found = []
    for number, row in enumerate(read_subscribers(path, layout)):
        if isinstance(row, Subscriber) and row.key == key:
            found.append(row)
        if number % _STEP == 0:
            advance(row.line, max(layout.lines, row.line))
    return found
