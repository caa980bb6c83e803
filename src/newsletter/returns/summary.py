"""What a reading of returns came to: counts for people, as JSON for scripts. Touches: nothing.

Messages add up: what was read was moved to `processed` or `unparsed`, or waits. One message may say several things.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from newsletter.catalogue import Phrase, Said, lines, phrase
from newsletter.errors import NewsletterError
from newsletter.printable import one_line

from .access_log import LogRead
from .model import Kind
from .sources.source import MessageFate

MOVED_NAMED = 50
"""Changes of address that are told one by one."""

KIND_WORDS: Mapping[Kind, Phrase] = {
    Kind.BOUNCE: phrase("returns.summary.bounce"),
    Kind.DELAY: phrase("returns.summary.delay"),
    Kind.COMPLAINT: phrase("returns.summary.complaint"),
    Kind.UNSUBSCRIBE: phrase("returns.summary.unsubscribe"),
    Kind.MOVED: phrase("returns.summary.moved"),
    Kind.AUTO_REPLY: phrase("returns.summary.auto_reply"),
    Kind.CHALLENGE: phrase("returns.summary.challenge"),
    Kind.DELIVERED: phrase("returns.summary.delivered"),
    Kind.REPORT: phrase("returns.summary.report"),
    Kind.UNKNOWN: phrase("returns.summary.unknown"),
}


@dataclass(slots=True)
class SourceCounts:
    """Of one source. `messages` is the sum of the other three."""

    source: str
    processed: int = 0
    unparsed: int = 0
    waiting: int = 0
    """Left where they are: too many bounces suppressed somebody within the hour."""
    busy: bool = False
    """Another process reads it now."""

    @property
    def messages(self) -> int:
        return self.processed + self.unparsed + self.waiting

    def add(self, fates: Iterable[MessageFate]) -> None:
        """Those of a batch that is where it belongs."""
        number = Counter(fates)
        self.processed += number[MessageFate.PROCESSED]
        self.unparsed += number[MessageFate.UNPARSED]
        self.waiting += number[MessageFate.STAYS]

    def as_json(self) -> dict[str, object]:
        return {
            "source": self.source,
            "messages": self.messages,
            "processed": self.processed,
            "unparsed": self.unparsed,
            "waiting": self.waiting,
            "busy": self.busy,
        }


@dataclass(slots=True)
class ReturnsSummary:
    """Of one run; it is filled while the run goes on."""

    sources: list[SourceCounts] = field(default_factory=list)
    logs: list[LogRead] = field(default_factory=list)
    """Of web servers that take clicks by themselves."""
    kinds: Counter[Kind] = field(default_factory=Counter)
    """What was said, each thing once in the ledger's life."""
    again: int = 0
    """Things that were read before."""
    unproven: int = 0
    """Events that nothing proves to be about a reader of ours."""
    of_proofs: int = 0
    """About letters that were only tried."""
    suppressed: Counter[str] = field(default_factory=Counter)
    """Addresses that are never mailed from now on, by reason."""
    moved: list[tuple[str, str]] = field(default_factory=list)
    """Old and new address, where a reader's system told it."""
    per_hour: int = 0
    failures: list[NewsletterError] = field(default_factory=list)
    """Of sources that could not be read, or not to their end."""

    @property
    def waiting(self) -> int:
        return sum(one.waiting for one in self.sources)

    @property
    def was_read(self) -> bool:
        """Whether there is anything to tell, beside what failed."""
        return bool(self.sources or self.logs)

    def to_json(self) -> str:
        """Contract (docs/design.md 4.4)."""
        return json.dumps(self.as_json(), ensure_ascii=False)

    def as_json(self) -> dict[str, object]:
        return {
            "messages": sum(one.messages for one in self.sources),
            "processed": sum(one.processed for one in self.sources),
            "unparsed": sum(one.unparsed for one in self.sources),
            "waiting": self.waiting,
            "kinds": {kind.value: self.kinds[kind] for kind in Kind},
            "again": self.again,
            "unproven": self.unproven,
            "of_proofs": self.of_proofs,
            "suppressed": dict(sorted(self.suppressed.items())),
            "moved": [{"address": old, "new_address": new} for old, new in self.moved],
            "per_hour": self.per_hour,
            "sources": [one.as_json() for one in self.sources],
            "failures": [str(one.message) for one in self.failures],
            "access_logs": [one.as_json() for one in self.logs],
        }

    def said(self, reason_said: Callable[[str], Said]) -> Said:
        """The same for a person; `reason_said` has words for why somebody is suppressed."""
        told: list[Said] = [self._messages(one) for one in self.sources]
        told += [
            phrase("returns.summary.line", what=words, count=self.kinds[kind])
            for kind, words in KIND_WORDS.items()
            if self.kinds[kind]
        ]
        told += [phrase("returns.summary.again", count=self.again)] if self.again else []
        told += [phrase("returns.summary.unproven", count=self.unproven)] if self.unproven else []
        told += [phrase("returns.summary.of_proofs", count=self.of_proofs)] if self.of_proofs else []
        told += [
            phrase("returns.summary.suppressed", count=count, reason=reason_said(reason))
            for reason, count in sorted(self.suppressed.items())
        ]
        told += [
            phrase("returns.summary.has_moved", address=one_line(old), new=one_line(new)) for old, new in self.moved
        ]
        return lines(*told, *(one.said() for one in self.logs))

    def held_back(self) -> Said | None:
        """What a flood left waiting; None where there was none."""
        if not self.waiting:
            return None
        return phrase("returns.summary.held_back", count=self.waiting, limit=self.per_hour)

    @staticmethod
    def _messages(one: SourceCounts) -> Said:
        if one.busy:
            return phrase("returns.summary.busy", source=one.source)
        return phrase(
            "returns.summary.messages",
            source=one.source,
            messages=one.messages,
            processed=one.processed,
            unparsed=one.unparsed,
            waiting=one.waiting,
        )
