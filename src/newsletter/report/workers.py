"""Who is at it, on all machines: as a table for a person, as JSON for scripts. Touches: nothing."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from newsletter.catalogue import phrase
from newsletter.ledger.workers import WorkerState

from .layout import table_lines
from .lengths import length_words
from .replies import masked
from .states_and_times import local

_HEAD = (
    phrase("report.workers.machine"),
    phrase("report.workers.since"),
    phrase("report.workers.heard"),
    phrase("report.workers.doing"),
)


@dataclass(frozen=True, slots=True)
class WorkersReport:
    """One look at them."""

    workers: Sequence[WorkerState]
    zone: str
    """Of the times."""

    def to_json(self) -> str:
        """A list; `lives` is false for one that was silent for longer than a lease lasts."""
        return json.dumps([_as_json(one) for one in self.workers], ensure_ascii=False)

    def to_text(self, language: str) -> str:
        if not self.workers:
            return phrase("report.workers.nobody").in_language(language)
        rows = [tuple(word.in_language(language) for word in _HEAD)]
        rows += [self._row(one, language) for one in self.workers]
        return "\n".join([*table_lines(rows), *self._troubles(language)])

    def _row(self, one: WorkerState, language: str) -> tuple[str, ...]:
        ago = length_words(one.silent_for.total_seconds())
        heard = phrase("report.workers.ago" if one.lives else "report.workers.silent", length=ago)
        doing = [
            phrase("report.workers.sends", issue=each.issue, newsletter=each.newsletter, rate=f"{each.per_second:g}")
            for each in one.doing
        ] or [phrase("report.workers.idle")]
        told = ", ".join(each.in_language(language) for each in doing)
        return _name(one), local(one.since, self.zone), heard.in_language(language), told if one.lives else "-"

    def _troubles(self, language: str) -> Iterator[str]:
        for one in self.workers:
            for trouble in one.troubles:
                told = phrase("report.workers.trouble", machine=_name(one), trouble=trouble)
                yield masked(told.in_language(language), "")


def _name(one: WorkerState) -> str:
    """A machine may have several."""
    return f"{one.machine} ({one.pid})"


def _as_json(one: WorkerState) -> dict[str, object]:
    return {
        "id": one.id,
        "machine": one.machine,
        "pid": one.pid,
        "version": one.version,
        "since": one.since.isoformat(timespec="seconds"),
        "heard_at": one.heard_at.isoformat(timespec="seconds"),
        "silent_seconds": round(one.silent_for.total_seconds(), 1),
        "lives": one.lives,
        "doing": [asdict(each) for each in one.doing],
        "troubles": [masked(str(trouble), "") for trouble in one.troubles],
    }
