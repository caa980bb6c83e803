"""Two letters -> what differs in their words: `letter_difference(before, after)`. Touches: nothing.

A section that stands elsewhere is told as moved, with what changed in it besides; so is a sentence that went elsewhere
as it was. Limits: of what differs in the look alone (colours, crops, styles) it is only told that something does.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from newsletter.edition.edition import Edition

from .letter_words import ItemKind, PartKind, SaidPart, WordItem, letter_parts, with_fields_named
from .matching import items_paired, matched_parts, moved_ones
from .sentences import MarkedWords, marked_words

_CID_DOMAIN = re.compile(r"(cid:[0-9a-f]{8,})@[^\"'()\s]+")
_STYLES = re.compile(r"""\s(?:style|bgcolor)=(?:"[^"]*"|'[^']*')|<style[^>]*>.*?</style>""", re.DOTALL)
ChangeKind = Literal["changed", "added", "removed", "moved"]

_TRAVEL = frozenset({"sentence", "link", "picture", "alt"})
_MOVES = 10
"""Letters; that a shorter text is found elsewhere says nothing."""


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One thing that the letter says otherwise, no more, or newly; moved: as it was, and elsewhere."""

    kind: ItemKind
    change: ChangeKind
    before: WordItem | None = None
    after: WordItem | None = None
    elsewhere: str = ""
    """The heading of the part that a moved sentence stood in before; empty: this one."""

    @property
    def words(self) -> tuple[MarkedWords, ...]:
        """Both texts as one."""
        return marked_words(self.before.text if self.before else "", self.after.text if self.after else "")


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part of which something differs."""

    kind: PartKind
    heading: str
    """After the change; of a part that is gone, before."""
    change: ChangeKind
    items: tuple[ItemChange, ...]
    before: int | None = None
    """The place among the sections, from 1; None of what is no section, or was none."""
    after: int | None = None


@dataclass(frozen=True, slots=True)
class LetterDifference:
    """How two letters differ; it is true where they do."""

    parts: tuple[PartChange, ...] = ()
    look: bool = False
    """Something differs in the HTML that no word says: colours, styles, a crop."""
    plain_text: bool = False
    """The text part differs, and the words of the HTML do not."""

    def __bool__(self) -> bool:
        return bool(self.parts) or self.look or self.plain_text

    def counted(self) -> Counter[ChangeKind]:
        """How many things were changed, added, removed and moved; a whole part is one."""
        counts: Counter[ChangeKind] = Counter(part.change for part in self.parts if part.change != "changed")
        for part in self.parts:
            if part.change in {"changed", "moved"}:
                counts.update(item.change for item in part.items)
        return counts


def letter_difference(before: Edition, after: Edition) -> LetterDifference:
    """Of two editions of one variant, whoever made them and when."""
    old, new = with_fields_named(before), with_fields_named(after)
    parts = parts_changed(letter_parts(old), letter_parts(new))
    if not parts:
        look = _as_seen(old.html) != _as_seen(new.html)
        return LetterDifference(look=look, plain_text=old.text != new.text and not look)
    return LetterDifference(parts, look=_is_dressed_anew(old.html, new.html, parts))


def _as_seen(html: str) -> str:
    """Pictures are the same whatever newsletter they are in, and a line break in a paragraph is a blank."""
    named = _CID_DOMAIN.sub(r"\1", html)
    return named if "<pre" in named else " ".join(named.split())


def _is_dressed_anew(before: str, after: str, parts: Sequence[PartChange]) -> bool:
    """Whether colours or styles differ, too; where something came, went or moved, its own went with it."""
    changes = {part.change for part in parts} | {item.change for part in parts for item in part.items}
    if changes != {"changed"}:
        return False
    return set(_STYLES.findall(before)) != set(_STYLES.findall(after))


def parts_changed(before: Sequence[SaidPart], after: Sequence[SaidPart]) -> tuple[PartChange, ...]:
    """What differs, in the order of the letter as it is now; what is gone stands where it stood."""
    pairs = matched_parts(before, after)
    old_of = {new: old for old, new in pairs.items()}
    moved = moved_ones([old_of[new] for new in sorted(old_of)])
    places_old, places_new = _places(before), _places(after)
    found = [
        _part_change(
            before[old] if old is not None else None,
            after[new] if new is not None else None,
            places_old.get(old),
            places_new.get(new),
            is_moved=old in moved,
        )
        for old, new in _in_order(pairs, len(before), len(after))
    ]
    return tuple(part for part in _with_moves(found) if part.items or part.change != "changed")


def _places(parts: Sequence[SaidPart]) -> dict[int | None, int]:
    sections = (index for index, part in enumerate(parts) if part.kind == "section")
    return {index: place for place, index in enumerate(sections, 1)}


def _in_order(pairs: dict[int, int], old: int, new: int) -> Iterator[tuple[int | None, int | None]]:
    """Every part once: those of now in their order, behind each those gone that stood behind it."""
    old_of = {after: before for before, after in pairs.items()}
    gone = [index for index in range(old) if index not in pairs]
    yield from ((index, None) for index in _run(gone, -1))
    for index in range(new):
        yield old_of.get(index), index
        if index in old_of:
            yield from ((other, None) for other in _run(gone, old_of[index]))


def _run(gone: Sequence[int], behind: int) -> Iterator[int]:
    """Those that stood right behind a place, one after the other."""
    at = behind + 1
    while at in gone:
        yield at
        at += 1


def _part_change(
    before: SaidPart | None, after: SaidPart | None, old: int | None, new: int | None, *, is_moved: bool
) -> PartChange:
    if after is None or before is None:
        part = before or after
        assert part is not None  # noqa: S101 - one of the two is there
        change: ChangeKind = "added" if before is None else "removed"
        items = tuple(_alone(item, change) for item in part.items)
        return PartChange(part.kind, part.heading, change, items, old, new)
    changes = (_item_change(one, other) for one, other in items_paired(before.items, after.items))
    items = tuple(change for change in changes if change)
    return PartChange(after.kind, after.heading, "moved" if is_moved else "changed", items, old, new)


def _alone(item: WordItem, change: ChangeKind) -> ItemChange:
    return ItemChange(item.kind, change, *((None, item) if change == "added" else (item, None)))


def _item_change(before: WordItem | None, after: WordItem | None) -> ItemChange | None:
    if before and after:
        return None if before == after else ItemChange(after.kind, "changed", before, after)
    return _alone(after, "added") if after else _alone(before, "removed") if before else None


def _with_moves(parts: Sequence[PartChange]) -> Iterator[PartChange]:
    """A sentence that is gone here and new there has moved: it is told there, once."""
    inside = [part for part in parts if part.change in {"changed", "moved"}]
    gone = _once(inside, "removed")
    new = _once(inside, "added")
    travellers = {item: part.heading for item, part in gone.items() if item in new}
    for part in parts:
        if part.change in {"changed", "moved"}:
            yield replace(part, items=tuple(_travelled(part, travellers)))
        else:
            yield part


def _once(parts: Iterable[PartChange], change: ChangeKind) -> dict[WordItem, PartChange]:
    """The sentences with that change, of which there is one alone, and where they stand."""
    told = [(item.before or item.after, part) for part in parts for item in part.items if item.change == change]
    counts = Counter(item for item, _ in told)
    return {
        item: part
        for item, part in told
        if item
        and counts[item] == 1
        and item.kind in {"sentence", "link", "picture", "alt"}
        and len(item.text) >= _MOVES
    }


def _travelled(part: PartChange, travellers: dict[WordItem, str]) -> Iterator[ItemChange]:
    for item in part.items:
        if item.change == "added" and item.after in travellers:
            came_from = travellers[item.after]
            elsewhere = came_from if came_from != part.heading else ""
            yield ItemChange(item.kind, "moved", item.after, item.after, elsewhere)
        elif not (item.change == "removed" and item.before in travellers):
            yield item
