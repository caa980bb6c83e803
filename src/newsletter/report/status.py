"""What the ledger knows of one issue: as JSON for scripts, as a table for people. Touches: nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.ledger.records import DeliveryRecord, DispatchRecord, ReplyCount
from newsletter.ledger.states import ATTENTION, UNFINISHED, DispatchStatus, Learned, State

from .masking import masked
from .states_and_times import local, words_of

_SHOWN = 100
"""Characters of a reply in the table."""

NAMED = 50
"""So many deliveries of a state are named; in doubt always all, since somebody has to decide about each."""


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
    outlook: str = ""
    """Of an issue that was never planned: whether it is approved, and when it is due."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def to_json(self) -> str:
        """Contract (DESIGN 4.4): `{"issue", "total", "states"}`, all ten states always there."""
        states = {state.value: self.counts.get(state, 0) for state in State}
        replies = [
            {"class": one.reply_class, "rule": one.reply_rule, "count": one.count, "example": _example(one)}
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

    def to_text(self) -> str:
        if self.record is None:
            return f"{self.slug}: never planned{self.outlook}."
        lines = [f"{self.slug}: {self._standing(self.record)}, planned {local(self.record.planned_at, self.zone)}"]
        lines += [f"  {state.value:<10} {count:>9}" for state, count in self.counts.items() if count]
        lines.append(f"  {'total':<10} {self.total:>9}")
        lines += self._replied()
        for one in self.resting:
            if one.rests_until is not None:
                lines.append(
                    f"  {one.domain} asks for patience; it is tried again from {local(one.rests_until, self.zone)}"
                )
        for state in ATTENTION:
            lines += self._named(state)
        return "\n".join(lines)

    def _standing(self, record: DispatchRecord) -> str:
        if record.status is not DispatchStatus.RUNNING:
            return f"{record.status.value} ({record.reason})" if record.reason else record.status.value
        return "not finished" if any(self.counts[state] for state in UNFINISHED) else "finished"

    def _replied(self) -> list[str]:
        """A table of the relay's replies; which rule gave a reply its class tells where to put a better one."""
        if not self.replies:
            return []
        rows = [("reply", "rule", "deliveries", "for example")]
        rows += [
            (one.reply_class.replace("_", " "), one.reply_rule or "-", str(one.count), _example(one)[:_SHOWN])
            for one in self.replies
        ]
        first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
        return [f"  {row[0]:<{first}}  {row[1]:<{second}}  {row[2]:>10}  {row[3]}" for row in rows]

    def _named(self, state: State) -> list[str]:
        some = [delivery for delivery in self.attention if delivery.state is state]
        if not some:
            return []
        shown = some if state is State.IN_DOUBT else some[:NAMED]
        lines = [f"{state.value.replace('_', ' ')}:"] + [f"  {self._told(delivery)}" for delivery in shown]
        if len(shown) < self.counts[state]:
            lines.append(f"  … and {self.counts[state] - len(shown)} more")
        return lines

    def _told(self, delivery: DeliveryRecord) -> str:
        words = [delivery.address]
        if delivery.reply is not None:
            words.append(words_of(delivery.reply))
        if delivery.state is State.DEFERRED and delivery.due_at is not None:
            words.append(f"again from {local(delivery.due_at, self.zone)}")
        return "  ".join(words)


def _example(kind: ReplyCount) -> str:
    """One of the replies, without anybody's address."""
    reply = kind.example.reply
    return masked(words_of(reply), kind.example.key) if reply else ""
