"""What the ledger knows of one issue: as JSON for scripts, as a table for people. Touches: nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.ledger.records import DeliveryRecord, DispatchRecord
from newsletter.ledger.states import UNFINISHED, DispatchStatus, State

from .words import local

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
    outlook: str = ""
    """Of an issue that was never planned: whether it is approved, and when it is due."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def to_json(self) -> str:
        """Contract (DESIGN 4.4): `{"issue", "total", "states"}`, all ten states always there."""
        states = {state.value: self.counts.get(state, 0) for state in State}
        return json.dumps({"issue": self.slug, "total": self.total, "states": states}, ensure_ascii=False)

    def to_text(self) -> str:
        if self.record is None:
            return f"{self.slug}: never planned{self.outlook}."
        lines = [f"{self.slug}: {self._standing(self.record)}, planned {local(self.record.planned_at, self.zone)}"]
        lines += [f"  {state.value:<10} {count:>9}" for state, count in self.counts.items() if count]
        lines.append(f"  {'total':<10} {self.total:>9}")
        for state in (State.IN_DOUBT, State.FAILED, State.EXPIRED, State.DEFERRED):
            lines += self._named(state)
        return "\n".join(lines)

    def _standing(self, record: DispatchRecord) -> str:
        if record.status is not DispatchStatus.RUNNING:
            return f"{record.status.value} ({record.reason})" if record.reason else record.status.value
        return "not finished" if any(self.counts[state] for state in UNFINISHED) else "finished"

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
            reply = delivery.reply
            words.append(" ".join(part for part in (str(reply.code or ""), reply.enhanced, reply.text) if part))
        if delivery.state is State.DEFERRED and delivery.due_at is not None:
            words.append(f"again from {local(delivery.due_at, self.zone)}")
        return "  ".join(words)
