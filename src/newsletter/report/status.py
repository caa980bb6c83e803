"""What the ledger knows of one issue: as JSON for scripts, as a table for people. Touches: nothing.

Limits: an address in a reply that is written in a way nobody would recognise as one (in base64, say) is shown.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.catalogue import SILENCE, Said, lines, phrase
from newsletter.dispatch.reply_rules import CLASS_IN_WORDS, ReplyClass
from newsletter.ledger.records import DeliveryRecord, DispatchRecord, ReplyCount
from newsletter.ledger.states import ATTENTION, UNFINISHED, DispatchStatus, Learned, State

from .layout import left, right, table_lines, width
from .states_and_times import STATE_WORDS, STATUS_WORDS, local, resting_words

_WIDEST_STATE = 10
_DIGITS = 9
"""Columns: a count of a hundred million."""
_SHOWN = 100
"""Characters of a reply in the table."""

MAX_NAMED = 50
"""So many deliveries of a state are named; in doubt always all, since somebody has to decide about each."""


_ADDRESS = re.compile(r"[^\s<>()\[\]{},;:'\"@|]+@[^\s<>()\[\]{},;:'\"@|]+[^\s<>()\[\]{},;:'\"@|.]")
_HEAD = (
    phrase("report.status.reply"),
    phrase("report.status.rule"),
    phrase("report.status.deliveries"),
    phrase("report.status.example"),
)
_SHORTEST_NAME = 3
"""Characters; a shorter local part is in too many words."""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """Counts by state; `record` is None for an issue that was never planned."""

    slug: str
    zone: str
    """The newsletter's time zone."""
    record: DispatchRecord | None
    counts: dict[State, int]
    attention: Sequence[DeliveryRecord] = ()
    """Deliveries that are in doubt, failed, expired or deferred."""
    replies: Sequence[ReplyCount] = ()
    """What the relay said to how many."""
    resting: Sequence[Learned] = ()
    """Domains that are left alone just now, since they asked for patience."""
    outlook: Said = SILENCE
    """Of an issue that was never planned: whether it is approved, and when it is due."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def to_json(self) -> str:
        """Contract (docs/design.md 4.4): `{"issue", "total", "states"}`, all ten states always there."""
        states = {state.value: self.counts.get(state, 0) for state in State}
        replies = [
            {"class": one.reply_class, "rule": one.reply_rule, "count": one.count, "example": _example(one, "en")}
            for one in self.replies
        ]
        resting = [
            {"domain": one.domain, "until": one.rests_until.isoformat()} for one in self.resting if one.rests_until
        ]
        report = {
            "issue": self.slug,
            "total": self.total,
            "states": states,
            "replies": replies,
            "resting": resting,
        }
        return json.dumps(report, ensure_ascii=False)

    def to_text(self, language: str = "en") -> str:
        """The same for a person, with the deliveries that somebody may ask about."""
        if self.record is None:
            return lines(phrase("report.status.never_planned", slug=self.slug), self.outlook).in_language(language)
        standing, planned = self._standing(self.record), local(self.record.planned_at, self.zone)
        head = phrase("report.status.head", slug=self.slug, standing=standing, planned=planned)
        told = [head.in_language(language), *self._counted(language), *self._replied(language)]
        told += [
            f"  {resting_words(one.domain, one.rests_until, self.zone).in_language(language)}"
            for one in self.resting
            if one.rests_until is not None
        ]
        for state in ATTENTION:
            told += self._named(state, language)
        return "\n".join(told)

    def _standing(self, record: DispatchRecord) -> Said:
        if record.status is not DispatchStatus.RUNNING:
            status = STATUS_WORDS[record.status]
            return phrase("report.status.because", status=status, reason=record.reason) if record.reason else status
        if any(self.counts[state] for state in UNFINISHED):
            return phrase("report.status.not_finished")
        return phrase("report.status.finished")

    def _counted(self, language: str) -> list[str]:
        """How many are in each state, and the total; a state that nobody is in is left out."""
        counts = [(STATE_WORDS[state].in_language(language), count) for state, count in self.counts.items() if count]
        counts.append((phrase("report.status.total").in_language(language), self.total))
        widest = max(_WIDEST_STATE, *(width(word) for word, _ in counts))
        return [f"  {left(word, widest)} {right(str(count), _DIGITS)}" for word, count in counts]

    def _replied(self, language: str) -> list[str]:
        """A table of the relay's replies; which rule gave a reply its class tells where to put a better one."""
        if not self.replies:
            return []
        rows = [tuple(word.in_language(language) for word in _HEAD)]
        rows += [
            (
                _class_in_words(one.reply_class, language),
                one.reply_rule or "-",
                str(one.count),
                _example(one, language)[:_SHOWN],
            )
            for one in self.replies
        ]
        return [f"  {line}" for line in table_lines(rows, numbers=frozenset({2}))]

    def _named(self, state: State, language: str) -> list[str]:
        some = [delivery for delivery in self.attention if delivery.state is state]
        if not some:
            return []
        shown = some if state is State.IN_DOUBT else some[:MAX_NAMED]
        told = [f"{STATE_WORDS[state].in_language(language)}:"]
        told += [f"  {self._told(delivery, language)}" for delivery in shown]
        # Counts and names are read one after the other, and a run may be on between them.
        if (more := self.counts[state] - len(shown)) > 0:
            told.append(f"  {phrase('report.status.more', count=more).in_language(language)}")
        return told

    def _told(self, delivery: DeliveryRecord, language: str) -> str:
        words = [delivery.address]
        if delivery.reply is not None:
            words.append(delivery.reply.in_language(language))
        if delivery.state is State.DEFERRED and delivery.due_at is not None:
            again = phrase("report.status.again", when=local(delivery.due_at, self.zone))
            words.append(again.in_language(language))
        return "  ".join(words)


def _class_in_words(reply_class: str, language: str) -> str:
    """A class that this version does not know is one that an earlier or a later one kept."""
    if reply_class in set(ReplyClass):
        return CLASS_IN_WORDS[ReplyClass(reply_class)].in_language(language)
    return reply_class.replace("_", " ")


def _example(kind: ReplyCount, language: str) -> str:
    """One of the replies, without anybody's address."""
    reply = kind.example.reply
    return masked(reply.in_language(language), kind.example.key) if reply else ""


def masked(words: str, address: str) -> str:
    """The words with every address masked, and the local part of the one they are about, wherever it stands."""
    text = _ADDRESS.sub(lambda found: f"{found[0][0]}***@{found[0].rpartition('@')[2]}", words)
    name = address.rpartition("@")[0]
    if len(name) < _SHORTEST_NAME:
        return text
    return re.sub(rf"(?<![\w.]){re.escape(name)}(?![\w])", f"{name[0]}***", text, flags=re.IGNORECASE)
