"""A difference in words -> lines for a terminal, a pipe or a page: `told_difference(…)`. Touches: nothing.

Without colours a changed sentence is one line, as `git diff --word-diff` writes it: what is gone in `[-…-]`, what is
new in `{+…+}`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from newsletter.catalogue import SILENCE, Said, Verbatim, phrase

from .compare import ItemChange, LetterDifference, PartChange
from .letter_words import ItemKind, PartKind
from .sentences import WordMark

Tone = Literal["plain", "head", "moved", "gone", "new", "-", "+"]
"""`-` and `+` are words within a text, `gone` and `new` a whole one, which has its sign in front."""

_KINDS: Mapping[ItemKind, Said] = {
    "subject": phrase("difference.told.subject"),
    "preheader": phrase("difference.told.preheader"),
    "date": phrase("difference.told.date"),
    "only_for": phrase("difference.told.only_for"),
    "heading": phrase("difference.told.heading"),
    "sentence": SILENCE,
    "contents": phrase("difference.told.contents"),
    "link": phrase("difference.told.link"),
    "alt": phrase("difference.told.alt"),
    "picture": phrase("difference.told.picture"),
}
_PARTS: Mapping[PartKind, Said] = {
    "inbox": phrase("difference.told.inbox"),
    "top": phrase("difference.told.top"),
    "opening": phrase("difference.told.opening"),
    "section": SILENCE,
    "foot": phrase("difference.told.foot"),
}


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One line: how far it is set in, and what it says in which tone."""

    depth: int
    pieces: tuple[tuple[Tone, Said], ...]

    def as_text(self, language: str) -> str:
        """With signs for what colours would say."""
        return "  " * self.depth + "".join(_signed(tone, said.in_language(language)) for tone, said in self.pieces)


_BLANK: tuple[Tone, Said] = ("plain", Verbatim(" "))


def _signed(tone: Tone, text: str) -> str:
    return f"[-{text}-]" if tone == "-" else f"{{+{text}+}}" if tone == "+" else text


def part_name(part: PartChange) -> Said:
    """What a part is called: its kind, or its heading."""
    return Verbatim(part.heading) if part.kind == "section" else _PARTS[part.kind]


def language_name(language: str, change: str) -> Said:
    """The letter of a language, and whether there is one since, or no more."""
    if change == "added":
        return phrase("difference.told.language_added", language=language)
    if change == "removed":
        return phrase("difference.told.language_removed", language=language)
    return phrase("difference.told.language", language=language)


def part_remark(part: PartChange) -> Said:
    """What became of the whole part; nothing where only something in it changed."""
    match part.change:
        case "moved":
            return phrase("difference.told.part_moved", before=part.before or 0, after=part.after or 0)
        case "added":
            return phrase("difference.told.part_added")
        case "removed":
            return phrase("difference.told.part_removed")
    return SILENCE


def item_name(change: ItemChange) -> Said:
    """What kind of thing it is; nothing for a sentence."""
    return _KINDS[change.kind]


def item_remark(change: ItemChange) -> Said:
    """What a reader needs to know beside its text: the words of a link, where a sentence came from."""
    if change.change == "moved":
        elsewhere = change.elsewhere
        return phrase("difference.told.from_part", part=elsewhere) if elsewhere else phrase("difference.told.from_here")
    item = change.after or change.before
    if change.kind == "link" and item and item.of:
        return phrase("difference.told.of_link", words=item.of)
    return SILENCE


def item_pieces(change: ItemChange) -> tuple[tuple[WordMark, str], ...]:
    """Its text with what changed in it; of a picture, the names of the files."""
    if change.change == "moved":
        return (("=", change.after.text if change.after else ""),)
    if change.kind == "picture":
        old, new = change.before, change.after
        return (*((("-", old.of),) if old else ()), *((("+", new.of),) if new else ()))
    return tuple((one.mark, one.text) for one in change.words)


_TONES: Mapping[str, Tone] = {"added": "new", "removed": "gone", "moved": "moved"}
_SIGNS: Mapping[str, str] = {"changed": "~ ", "added": "+ ", "removed": "- ", "moved": "> "}


def told_difference(difference: LetterDifference) -> Iterator[ToldLine]:
    for part in difference.parts:
        remark = part_remark(part)
        behind = () if remark is SILENCE else (_BLANK, (_TONES[part.change], remark))
        yield ToldLine(1, (("head", part_name(part)), *behind))
        yield from told_items(part.items)
    if difference.look:
        yield ToldLine(1, (("head", phrase("difference.told.look")),))
    if difference.plain_text:
        yield ToldLine(1, (("head", phrase("difference.told.plain_text")),))


def told_items(items: Sequence[ItemChange]) -> Iterator[ToldLine]:
    for change in items:
        whole = _TONES.get(change.change)
        name, remark = item_name(change), item_remark(change)
        pieces: list[tuple[Tone, Said]] = [(whole or "plain", Verbatim(_SIGNS[change.change]))]
        if name is not SILENCE:
            pieces.append(("plain", phrase("difference.told.named", what=name)))
        for mark, text in item_pieces(change):
            pieces.append((whole or ("plain" if mark == "=" else mark), Verbatim(text)))
        if remark is not SILENCE:
            pieces += [_BLANK, (whole or "plain", remark)]
        yield ToldLine(2, tuple(pieces))
