"""Who gets the newsletter, and who never again. Touches: the subscriber file, the ledger."""

from collections.abc import Iterator
from datetime import UTC, datetime

from newsletter.audience.read import read_subscribers
from newsletter.audience.subscriber import BadRow
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import LedgerMissingError, Purpose
from newsletter.ledger.states import Suppression
from newsletter.settings.workspace import Workspace

from .steps.audience import first_time, given_address, subscriber_file
from .steps.keys import links_of


def subscriber_rows(workspace: Workspace, *, only_suppressed: bool) -> Iterator[tuple[str, str, str, str]]:
    """Rows of (line, address, name, why not mailed) in the order of the file, then suppressed addresses not in it.

    A link knows only an address's hash, so one that left by a click and is in no file any more shows as its hash.
    """
    links = links_of(workspace, create=True)
    suppressions = _suppressions(workspace)
    by_mark = {mark: one for one in suppressions for mark in (one.key, one.address_hash) if mark}
    told: set[int] = set()
    with first_time() as is_first:
        for row in read_subscribers(subscriber_file(workspace)):
            if isinstance(row, BadRow):
                if not only_suppressed:
                    yield str(row.line), "", "", str(row.reason)
                continue
            one = by_mark.get(row.key) or by_mark.get(links.address_hash(row.key))
            if one is not None:
                told.add(id(one))
            why = one.reason if one else "" if is_first(row.key) else "duplicate"
            if one is not None or not only_suppressed:
                yield str(row.line), row.email, _one_line(row.name), _one_line(why)
    for one in suppressions:
        if id(one) not in told:
            yield "", one.key or one.address_hash.hex(), "", _one_line(one.reason)


def _one_line(text: str) -> str:
    """Fit for a row of its own: a name in a CSV may hold line breaks and tabs."""
    return " ".join(text.split())


def _suppressions(workspace: Workspace) -> list[Suppression]:
    try:
        with open_ledger(workspace, Purpose.READ) as ledger:
            return list(ledger.suppressions(workspace.settings.newsletter.list_id))
    except LedgerMissingError:
        return []


def suppress(workspace: Workspace, address: str, reason: str) -> str:
    """Never mail this address again for this newsletter; makes the ledger's tables where there are none."""
    email, key = given_address(address)
    list_id = workspace.settings.newsletter.list_id
    hash_ = links_of(workspace, create=True).address_hash(key)
    with open_ledger(workspace, Purpose.PAGES) as ledger:
        ledger.suppress(list_id, key=key, address_hash=hash_, reason=reason, now=datetime.now(UTC))
    return f"{email} gets no more of {list_id} ({reason})."


def unsuppress(workspace: Workspace, address: str) -> str:
    """Take it back, whoever or whatever it came from."""
    email, key = given_address(address)
    list_id = workspace.settings.newsletter.list_id
    hash_ = links_of(workspace, create=True).address_hash(key)
    try:
        with open_ledger(workspace, Purpose.READ) as ledger:
            lifted = ledger.unsuppress(list_id, key, hash_, now=datetime.now(UTC))
    except LedgerMissingError:
        lifted = False
    return f"{email} may be mailed again." if lifted else f"{email} was not suppressed."
