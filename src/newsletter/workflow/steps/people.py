"""The people of a newsletter: the subscriber file and the sign-ups of the ledger, one by one.

Whoever reads an audience reads it here. Who is in both comes once, where the file has them (`merged_person`); sign-ups
come behind the file. Who is taken over without consent is left out, but for who is in the file: that is the operator's
word. Suppressions win over all of it; whoever reads asks for them.

Touches: the subscriber file, the ledger for reading. Limits: memory does not grow with the people, but by a bit for
each sign-up; an address that is twice in the file comes twice here, too.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.audience.links import Links
from newsletter.audience.read import find_subscriber, read_layout, read_subscribers
from newsletter.audience.subscriber import BadRow, Subscriber
from newsletter.catalogue import phrase
from newsletter.errors import InputError, NewsletterError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.subscription_state import SubscriptionState
from newsletter.ledger.subscriptions import Subscription, SubscriptionStamp
from newsletter.progress import Advance
from newsletter.settings.workspace import Workspace

from .file_stamp import stamp_of
from .keys import links_of
from .merged_person import alone, merged_person
from .newsletter import open_own_ledger

_AT_ONCE = 500
"""Rows that are looked up together."""
_STEP = 256
"""Rows between two calls of `advance`."""
_WITH_ADDRESS = (SubscriptionState.CONFIRMED, SubscriptionState.UNCONFIRMED)
_PAGE_BITS = 16

Opening = Callable[[], AbstractContextManager[Ledger | None]]
"""Gives the ledger for as long as it is read; None where none is at hand."""


@dataclass(frozen=True, slots=True)
class PeopleStamp:
    """Another one where the file or a sign-up was changed."""

    file: tuple[int, ...]
    sign_ups: SubscriptionStamp | None


class MailingList:
    """May be read again and again. Raises InputError where the file cannot be read as a whole."""

    def __init__(self, path: Path | None, workspace: Workspace | None = None, opening: Opening = nullcontext) -> None:
        """`path` is None where there is no file; without a workspace there is nobody but those of the file."""
        self.path = path
        self.unconfirmed = 0
        """Those without consent that were left out, once all rows were read."""
        self._workspace = workspace
        self._opening: Opening = opening

    @property
    def file(self) -> str:
        """Its name; empty where there is none."""
        return self.path.name if self.path else ""

    def stamp(self) -> PeopleStamp:
        with self._opening() as ledger:
            return PeopleStamp(stamp_of(self.path) if self.path else (), self._sign_ups(ledger))

    def rows(self, advance: Advance | None = None, *, unconfirmed_too: bool = False) -> Iterator[Subscriber | BadRow]:
        """Those of the file in its order, then sign-ups in the order of their coming.

        `unconfirmed_too`: for a list of all, not of those who are mailed.
        """
        layout = read_layout(self.path) if self.path else None
        coming = read_subscribers(self.path, layout) if self.path else iter(())
        return self._read(coming, layout.lines if layout else 0, advance, unconfirmed_too)

    def everybody(self) -> Iterator[Subscriber]:
        """The good rows."""
        return (row for row in self.rows() if isinstance(row, Subscriber))

    def find(self, email: str, key: str) -> Subscriber | None:
        """Whoever has this address, as `rows` has them; None for who is not mailed."""
        row = find_subscriber(self.path, email) if self.path else None
        with self._opening() as ledger:
            if ledger is None or not self._sign_ups(ledger):
                return row
            theirs = self._theirs(ledger, key)
        if row is not None:
            return merged_person(row, theirs, self._zone, self._of.settings.subscribe.tags)
        confirmed = (alone(one, self._zone) for one in theirs if one.state is SubscriptionState.CONFIRMED)
        return next(confirmed, None)

    def is_signed_up(self, key: str) -> bool:
        """Whether the ledger has somebody with this key, whatever they agreed to."""
        with self._opening() as ledger:
            return ledger is not None and bool(self._sign_ups(ledger)) and bool(self._theirs(ledger, key))

    def signed_up(self) -> Iterator[str]:
        """The address of each sign-up, whatever they agreed to, in the order of their coming."""
        with self._opening() as ledger:
            if ledger is not None and self._sign_ups(ledger):
                yield from ledger.addresses(self._list_id)

    def _theirs(self, ledger: Ledger, key: str) -> list[Subscription]:
        return ledger.subscriptions_among(self._list_id, self._links.all_hashes(key))

    def _read(
        self, coming: Iterator[Subscriber | BadRow], lines: int, advance: Advance | None, unconfirmed_too: bool
    ) -> Iterator[Subscriber | BadRow]:
        with self._opening() as ledger:
            sign_ups = self._sign_ups(ledger)
            rows = self._together(coming, ledger, unconfirmed_too) if ledger is not None and sign_ups else coming
            yield from _told(rows, lines, sign_ups.count if sign_ups else 0, advance) if advance else rows

    def _together(
        self, coming: Iterator[Subscriber | BadRow], ledger: Ledger, unconfirmed_too: bool
    ) -> Iterator[Subscriber | BadRow]:
        met = _Numbers()
        while batch := list(islice(coming, _AT_ONCE)):
            for row, theirs in zip(batch, self._known(batch, ledger), strict=True):
                met.update(theirs)
                yield (
                    merged_person(row, theirs, self._zone, self._of.settings.subscribe.tags)
                    if theirs and isinstance(row, Subscriber)
                    else row
                )
        self.unconfirmed = 0
        for one in ledger.subscriptions(self._list_id, _WITH_ADDRESS, without=met.__contains__):
            self.unconfirmed += one.state is SubscriptionState.UNCONFIRMED
            if one.state is SubscriptionState.CONFIRMED or unconfirmed_too:
                yield alone(one, self._zone)

    def _known(self, batch: Sequence[Subscriber | BadRow], ledger: Ledger) -> list[list[Subscription]]:
        """What the ledger has of each of these rows."""
        hashes = [self._links.all_hashes(row.key) if isinstance(row, Subscriber) else () for row in batch]
        found = ledger.subscriptions_among(self._list_id, [one for theirs in hashes for one in theirs])
        by_hash = {one.address_hash: one for one in found}
        return [[by_hash[one] for one in theirs if one in by_hash] for theirs in hashes]

    def _sign_ups(self, ledger: Ledger | None) -> SubscriptionStamp | None:
        """None where there are none."""
        stamp = ledger.subscription_stamp(self._list_id) if ledger is not None and self._workspace else None
        return stamp if stamp and stamp.count else None

    @cached_property
    def _links(self) -> Links:
        return links_of(self._of, create=True)

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._of.settings.newsletter.timezone)

    @property
    def _list_id(self) -> str:
        return self._of.settings.newsletter.list_id

    @property
    def _of(self) -> Workspace:
        if self._workspace is None:
            raise TypeError("people of a file alone have no ledger")
        return self._workspace


def people_to_mail(workspace: Workspace, ledger: Ledger | None) -> MailingList:
    """Whom an issue goes to; InputError (65) where there is no subscriber file and nobody has signed up."""
    if workspace.csv.exists():  # a folder, too: whoever reads it says that it is no file
        return MailingList(workspace.csv, workspace, lambda: nullcontext(ledger))
    if ledger is not None and _has_sign_ups(workspace, ledger):
        return MailingList(None, workspace, lambda: nullcontext(ledger))
    raise _no_file(workspace)


def sign_ups_alone(workspace: Workspace, ledger: Ledger, hashes: Sequence[bytes]) -> MailingList:
    """Those of these who are signed up; nobody of the file."""
    return _SignUps(workspace, ledger, hashes)


def people_at_hand(workspace: Workspace, *, or_example: bool = False) -> MailingList:
    """The same for who only looks: without the ledger where none is at hand, and the example's people may do."""

    @contextmanager
    def opening() -> Iterator[Ledger | None]:
        try:
            ledger = open_own_ledger(workspace, Purpose.READ)
        except NewsletterError:  # an editor's machine need not reach the operator's database; `send` says what is wrong
            yield None
            return
        with ledger:
            yield ledger

    if workspace.csv.exists():
        return MailingList(workspace.csv, workspace, opening)
    with opening() as ledger:
        if ledger is not None and _has_sign_ups(workspace, ledger):
            return MailingList(None, workspace, opening)
    if or_example and workspace.example_csv.is_file():
        return MailingList(workspace.example_csv)
    raise _no_file(workspace)


def _has_sign_ups(workspace: Workspace, ledger: Ledger) -> bool:
    confirmed = ledger.subscriptions(workspace.settings.newsletter.list_id, [SubscriptionState.CONFIRMED])
    return next(confirmed, None) is not None


def _no_file(workspace: Workspace) -> InputError:
    return InputError(
        phrase("workflow.subscribers.no_file", file=workspace.settings.audience.csv),
        hint=phrase("workflow.subscribers.how_to_begin"),
    )


def _told(
    rows: Iterator[Subscriber | BadRow], lines: int, sign_ups: int, advance: Advance
) -> Iterator[Subscriber | BadRow]:
    """The rows, while it is told how far they are: lines of the file, then sign-ups."""
    total, behind = lines + sign_ups, 0
    for number, row in enumerate(rows):
        yield row
        behind += not row.line
        if number % _STEP == 0:
            advance(min(lines + behind if behind else min(row.line, lines), total), total)
    advance(total, total)


class _SignUps(MailingList):
    """Some sign-ups, in the order of their hashes as given."""

    def __init__(self, workspace: Workspace, ledger: Ledger, hashes: Sequence[bytes]) -> None:
        super().__init__(None, workspace, lambda: nullcontext(ledger))
        self._ledger, self._hashes = ledger, hashes

    def rows(self, advance: Advance | None = None, *, unconfirmed_too: bool = False) -> Iterator[Subscriber | BadRow]:  # noqa: ARG002 - as MailingList
        for first in range(0, len(self._hashes), _AT_ONCE):
            found = self._ledger.subscriptions_among(self._list_id, self._hashes[first : first + _AT_ONCE])
            for one in found:
                if one.key and one.state is SubscriptionState.CONFIRMED:
                    yield alone(one, self._zone)


class _Numbers:
    """A set of sign-ups by their numbers, a bit for each."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def update(self, met: Sequence[Subscription]) -> None:
        for one in met:
            page = self._pages.setdefault(one.id >> _PAGE_BITS, bytearray(1 << (_PAGE_BITS - 3)))
            page[(one.id & 0xFFFF) >> 3] |= 1 << (one.id & 7)

    def __contains__(self, number: int) -> bool:
        page = self._pages.get(number >> _PAGE_BITS)
        return page is not None and bool(page[(number & 0xFFFF) >> 3] >> (number & 7) & 1)
