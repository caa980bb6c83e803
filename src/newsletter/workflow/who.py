"""Who of an issue's readers is in which state, streamed. Touches: the ledger, for reading only."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from newsletter.audience.address import AddressError, parse_address
from newsletter.catalogue import Said, phrase
from newsletter.dispatch.reply_class import ReplyClass
from newsletter.errors import UsageError
from newsletter.issue.find import find_issue
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DeliveryRecord, LedgerMissingError, Purpose
from newsletter.ledger.states import State
from newsletter.report.states_and_times import STATE_WORDS
from newsletter.settings.workspace import Workspace

from .steps.letter import known_slug
from .steps.newsletter import open_own_ledger

_ALL = "all"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Which deliveries are asked for."""

    states: tuple[State, ...]
    domain: str = ""
    """As A-labels; with what is under it."""
    kind: str = ""
    """A class of replies, or the id of a rule."""
    limit: int | None = None

    @classmethod
    def of(cls, states: str, domain: str | None, kind: str | None, limit: int | None) -> "Inquiry":
        """From the words of the command line; UsageError (64) for a state nobody knows, or what is no domain."""
        return cls(_states(states), _domain(domain) if domain else "", kind or "", limit)


@dataclass(frozen=True, slots=True)
class Listing:
    """Those who were asked for."""

    slug: str
    counts: Mapping[State, int]
    """Of the states that were asked for, without the other conditions."""
    total: int
    rows: Iterator[DeliveryRecord]

    def summary(self) -> Said:
        """`2026-11: 3 failed, 0 in doubt, of 40000`."""
        counts = tuple(
            phrase("report.state.count", count=count, state=STATE_WORDS[state]) for state, count in self.counts.items()
        )
        return phrase("workflow.who.counts", slug=self.slug, counts=counts, total=self.total)


@contextmanager
def who(workspace: Workspace, given: str | None, wanted: Inquiry) -> Iterator[Listing]:
    """Nobody of an issue that was never planned; UsageError (64) for one nobody knows, or a class that no reply has.

    RefusedError (77) where the ledger does not know this newsletter.
    """
    slug = known_slug(workspace, given)
    try:
        ledger = open_own_ledger(workspace, Purpose.READ, readers=False)
    except LedgerMissingError:
        yield _nobody(workspace, given, wanted)
        return
    with ledger:
        record = ledger.find(workspace.settings.newsletter.list_id, slug)
        if record is None:
            yield _nobody(workspace, given, wanted)
            return
        _require_known(ledger, record.id, wanted.kind)
        counts = ledger.counts(record.id)
        rows = ledger.deliveries(record.id, wanted.states, domain=wanted.domain, kind=wanted.kind)
        asked = {state: counts[state] for state in wanted.states}
        yield Listing(slug, asked, sum(counts.values()), islice(rows, wanted.limit))


def _nobody(workspace: Workspace, given: str | None, wanted: Inquiry) -> Listing:
    path = find_issue(workspace, given, may_begin=False)  # one that is not there is refused as such
    return Listing(path.stem, dict.fromkeys(wanted.states, 0), 0, iter(()))


def _states(words: str) -> tuple[State, ...]:
    """`failed,in-doubt`, in any way to write them; each once, in the order of the ten."""
    names = {word.strip().casefold().replace("-", "_").replace(" ", "_") for word in words.split(",")}
    known = {state.value for state in State}
    if _ALL in names:
        names |= known
    if unknown := sorted(names - known - {_ALL}):
        named = tuple(state.value.replace("_", "-") for state in State)
        raise UsageError(
            phrase("workflow.who.unknown_state", word=unknown[0]),
            hint=phrase("workflow.who.known_states", states=named),
        )
    return tuple(state for state in State if state.value in names)


def _domain(word: str) -> str:
    """Its A-labels; `@naver.com` is meant in the same way."""
    try:
        _, key = parse_address(f"a@{word.strip().removeprefix('@')}")
    except AddressError as error:
        raise UsageError(phrase("workflow.who.no_domain", word=word, why=error.reason)) from error
    return key.rpartition("@")[2]


def _require_known(ledger: Ledger, dispatch: int, kind: str) -> None:
    """A misspelt class would find nobody, and that would read as good news."""
    if not kind or kind.replace("-", "_") in set(ReplyClass):
        return
    seen = ledger.replies(dispatch)
    if all(kind not in (one.reply_class, one.reply_rule) for one in seen):
        known = sorted({*ReplyClass, *(one.reply_rule for one in seen if one.reply_rule)})
        raise UsageError(
            phrase("workflow.who.unknown_class", word=kind),
            hint=phrase("workflow.who.known_classes", classes=tuple(known)),
        )
