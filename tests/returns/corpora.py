"""The corpora of returned messages with their labels, and how a reader is scored. Touches: tests/returns/corpus.

A reader is a function from a message to what it found; `benchmarks/returns/compare.py` scores others beside ours.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_FLUFL = Path(__file__).parent / "corpus" / "flufl.bounce"
FAILED = frozenset({"bounce", "delay"})
_ALIVE = frozenset({"mailbox_full", "policy", "unauthenticated", "content"})


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and what it is."""

    name: str
    octets: bytes
    kind: str
    to: frozenset[str]
    """In lower case; empty where nobody can tell."""
    reply_class: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader made of a message."""

    kind: str
    """`bounce`, `delay`, or anything else."""
    to: frozenset[str] = frozenset()
    reply_class: str = ""
    """Empty where the reader has no classes, or knows none."""


Reader = Callable[[bytes], Found]


@dataclass(slots=True)
class Score:
    """Counts over a corpus. Shares are of the messages that could have been right."""

    messages: int = 0
    named: int = 0
    """Bounces and delays whose recipients can be told."""
    found: int = 0
    classed: int = 0
    class_right: int = 0
    alive: int = 0
    """Full, filtered, unauthenticated or too large: not the address."""
    taken_for_dead: int = 0
    automatic: int = 0
    """Automatic replies, challenges, letters of people and reports of success."""
    taken_for_bounce: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, label: Labelled, got: Found) -> None:
        self.messages += 1
        if label.kind not in FAILED:
            self.automatic += 1
            if got.kind in FAILED:
                self.taken_for_bounce += 1
                self.wrong.append(f"{label.name}: no bounce, but taken for {got.kind}")
            return
        if label.to:
            self.named += 1
            self._count_found(label, got)
        self.classed += 1
        right = got.kind == label.kind and got.reply_class == label.reply_class
        self.class_right += right
        if not right:
            self.wrong.append(
                f"{label.name}: is {label.kind} {label.reply_class}, taken for {got.kind} {got.reply_class}"
            )
        if label.reply_class in _ALIVE:
            self.alive += 1
            self.taken_for_dead += got.reply_class == "bad_address"

    def _count_found(self, label: Labelled, got: Found) -> None:
        right = label.to <= got.to and got.kind in FAILED
        self.found += right
        if not right:
            self.wrong.append(f"{label.name}: about {sorted(label.to)}, found {sorted(got.to)}")


def scored(reader: Reader, labelled: Iterable[Labelled]) -> Score:
    """The reader over all messages."""
    score = Score()
    for label in labelled:
        score.add(label, reader(label.octets))
    return score


def flufl_messages() -> Iterator[Labelled]:
    """flufl.bounce's own test messages (Apache-2.0)."""
    for one in tomllib.loads((_FLUFL / "labels.toml").read_text(encoding="utf-8"))["message"]:
        octets = (_FLUFL / one["file"]).read_bytes()
        yield Labelled(f"flufl.bounce/{one['file']}", octets, one["kind"], frozenset(one["to"]), one.get("class", ""))
