"""What a reading of an access log came to: counts for people, as JSON for scripts. Touches: nothing."""

from dataclasses import dataclass, field

from newsletter.catalogue import Phrase, Said, lines, phrase
from newsletter.ledger.clicks import CountedClicks


@dataclass(slots=True)
class LogRead:
    """What was new in a log; it is filled while reading goes on."""

    log: str = ""
    lines: int = 0
    clicks: CountedClicks = field(default_factory=CountedClicks)
    """Of addresses; the same one once for each part that was read."""
    proofs: int = 0
    """Clicks in letters that were only tried: they change nothing."""
    forged: int = 0
    """What looks like a link and is none of ours."""
    broken: tuple[str, ...] = ()
    """Packed files that were read as far as they go."""

    def as_json(self) -> dict[str, object]:
        """Contract (docs/design.md 4.4)."""
        return {
            "log": self.log,
            "lines": self.lines,
            "left": self.clicks.left,
            "again": self.clicks.again,
            "came_back": self.clicks.came_back,
            "proofs": self.proofs,
            "forged": self.forged,
            "broken": list(self.broken),
        }

    def said(self) -> Said:
        """The same for a person."""
        clicks = self.clicks
        counted = {
            phrase("returns.access_log.left"): clicks.left,
            phrase("returns.access_log.again"): clicks.again,
            phrase("returns.access_log.came_back"): clicks.came_back,
            phrase("returns.access_log.proofs"): self.proofs,
            phrase("returns.access_log.forged"): self.forged,
        }
        told = [phrase("returns.summary.line", what=what, count=count) for what, count in counted.items() if count]
        return lines(phrase("returns.access_log.read", log=self.log, lines=self.lines), *told)

    def warnings(self) -> tuple[Phrase, ...]:
        """What could not be read to its end."""
        return tuple(phrase("returns.access_log.broken", path=path) for path in self.broken)
