"""A recorded run: what a ledger knew before it, and what then happened; as JSON. Touches: files in recorded/."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from newsletter.dispatch.policy import Policy
from newsletter.dispatch.rehearsal.audience import PlayedAudience
from newsletter.dispatch.rehearsal.play_ahead import Rehearsal, play_ahead
from newsletter.dispatch.throttle import Limit
from newsletter.ledger.budgets import Usage
from newsletter.ledger.past_dispatch import Fate, PastDispatch, Stretch
from newsletter.ledger.run_terms import DomainTerms, RunTerms
from newsletter.ledger.states import Learned, State
from newsletter.settings.rates import Window
from newsletter.smtp.server import Security, SMTPServer

FOLDER = Path(__file__).parent / "recorded"
MILESTONES = ("half", "most", "tried", "all")


@dataclass(frozen=True)
class Record:
    """One run that was really made, by record_runs.py."""

    name: str
    began: datetime
    settings: dict[str, Any]
    """Of the policy; times in seconds."""
    known: tuple[PastDispatch, ...]
    """What the ledger told of earlier issues."""
    lessons: tuple[Learned, ...]
    used: tuple[tuple[tuple[float, int], ...], ...]
    """Of each window, how much was free again after so many seconds."""
    domains: tuple[str, ...]
    order: str
    """Of the readers' domains: a digit each."""
    really: dict[str, float]
    """By MILESTONES: seconds from the beginning until half, nine in ten, all were tried, and all had it."""

    @property
    def policy(self) -> Policy:
        return policy_of(self.settings)

    def rehearsed(self) -> Rehearsal:
        """From what the ledger knew."""
        windows = [
            Usage(window, tuple((timedelta(seconds=after), count) for after, count in used))
            for window, used in zip(self.policy.windows, self.used, strict=True)
        ]
        audience = PlayedAudience.of((self.domains[int(digit)], None) for digit in self.order)
        return play_ahead(
            audience,
            self.policy,
            self.known,
            now=self.began,
            begins=self.began,
            windows=windows,
            lessons=self.lessons,
        )

    def write(self) -> None:
        """Into its file."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, default=_plain)
        (FOLDER / f"{self.name}.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def policy_of(settings: dict[str, Any], port: int = 25) -> Policy:
    """Of a recorded run."""
    return Policy(
        SMTPServer("127.0.0.1", port, Security.PLAINTEXT),
        connections=settings["connections"],
        rate=settings.get("rate"),
        windows=tuple(Window(most, timedelta(seconds=length)) for most, length in settings.get("windows", ())),
        account="relay.example.com",
        retry=timedelta(minutes=5),
        per_domain={name: Limit(*limit) for name, limit in settings.get("per_domain", {}).items()},
    )


def records() -> Iterator[Record]:
    """All there are, by name."""
    for path in sorted(FOLDER.glob("*.json")):
        found = json.loads(path.read_text(encoding="utf-8"))
        yield Record(
            found["name"],
            datetime.fromisoformat(found["began"]),
            found["settings"],
            tuple(map(_past, found["known"])),
            tuple(Learned(**{**one, "rests_until": _moment(one["rests_until"])}) for one in found["lessons"]),
            tuple(tuple((after, count) for after, count in used) for used in found["used"]),
            tuple(found["domains"]),
            found["order"],
            found["really"],
        )


def _past(found: dict[str, Any]) -> PastDispatch:
    fates = {
        name: tuple(Fate(**{**one, "state": State(one["state"])}) for one in its)
        for name, its in found["fates"].items()
    }
    stretches = tuple(
        Stretch(
            **{
                **one,
                "began": _moment(one["began"]),
                "ended": _moment(one["ended"]),
                "terms": _terms(one["terms"]),
            }
        )
        for one in found["stretches"]
    )
    return PastDispatch(found["slug"], datetime.fromisoformat(found["began"]), stretches, fates)


def _terms(found: dict[str, Any]) -> RunTerms:
    return RunTerms(**{**found, "domains": {name: DomainTerms(**one) for name, one in found["domains"].items()}})


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value))
