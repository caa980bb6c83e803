"""Blocks of a document as the data of an issue to go through: a title, an introduction, a story a heading.

Touches: nothing. The first heading is the title, the highest level among the others begins stories, lower ones stay
headings in a text. A heading over a table of plain words is a table; a picture stands with the story it was in.
Limits: a text longer than an issue takes goes on in a story without a heading; two pictures side by side make a
gallery, and one that has no words near it is told.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from newsletter.issue.sections.table import MOST_COLUMNS, MOST_ROWS
from newsletter.issue.texts import LONGEST
from newsletter.issue.tree import Data

from .pieces import (
    PastedBlock,
    PastedHeading,
    PastedNote,
    PastedParagraph,
    PastedPicture,
    PastedTable,
    leaves,
    words_alone,
)
from .spelled import with_literal_braces
from .writing import markdown_of, without_gaps

_LONGEST_TITLE = 100
"""Characters of a first line that can be a title where nothing is a heading."""
_MOST_IN_GALLERY = 4

KeepPicture = Callable[[PastedPicture], str]
"""What the file of a picture is called in the issue, such as `assets/2026-12-1.png`; empty where it is none."""


@dataclass(slots=True)
class DocumentIssue:
    """What an issue file is to say."""

    data: dict[str, Data]
    unplaced: list[str] = field(default_factory=list)
    """Files of pictures that were kept and stand nowhere."""

    @property
    def says_something(self) -> bool:
        """More than titles, which are no issue."""
        sections = self.data.get("sections", [])
        kinds = {one.get("type") for one in sections if isinstance(one, dict)}
        return "intro" in self.data or bool(kinds - {"divider"})


def as_issue(blocks: Sequence[PastedBlock], *, title: str, keep_picture: KeepPicture) -> DocumentIssue:
    """`title` is what the document is called where nothing in it says so."""
    return _Making(blocks, keep_picture).issue(title)


class _Making:
    def __init__(self, blocks: Sequence[PastedBlock], keep_picture: KeepPicture) -> None:
        self._notes = {block.label: block for block in blocks if isinstance(block, PastedNote)}
        self._blocks: list[PastedBlock] = [block for block in blocks if not isinstance(block, PastedNote)]
        self._keep_picture = keep_picture
        self._unplaced: list[str] = []

    def issue(self, title: str) -> DocumentIssue:
        found, rest = _title(self._blocks)
        intro, parts = _parts(rest)
        data: dict[str, Data] = {"title": with_literal_braces(found or title), "line_breaks": "keep"}
        images = [image for one in intro if isinstance(one, PastedPicture) and (image := self._image(one))]
        if images:
            data["hero"] = images[0]
        self._unplaced += [str(one["src"]) for one in images[1:]]
        first, *further = self._texts(intro) or [""]
        if first:
            data["intro"] = first
        sections: list[Data] = [{"type": "story", "body": text} for text in further]
        sections += [section for heading, inside in parts for section in self._sections(heading, inside)]
        if sections:
            data["sections"] = sections
        return DocumentIssue(data, self._unplaced)

    def _sections(self, heading: PastedHeading, blocks: Sequence[PastedBlock]) -> Iterator[dict[str, Data]]:
        named: dict[str, Data] = {"heading": with_literal_braces(words_alone(heading.words))}
        if rows := _plain_rows(blocks):
            yield {"type": "table", **named, "rows": rows}
            return
        alone: list[dict[str, Data]] = []
        for at, (picture, inside) in enumerate(_by_picture(blocks)):
            image = self._image(picture) if picture else None
            texts = self._texts(inside)
            if image and at and not texts:
                alone.append(image)
                continue
            yield from self._galleries(alone)
            alone = []
            head: dict[str, Data] = {**({} if at else named), **({"image": image} if image else {})}
            if texts:
                yield {"type": "story", **head, "body": texts[0]}
            elif head:
                yield {"type": "divider", **head}
            for text in texts[1:]:
                yield {"type": "story", "body": text}
        yield from self._galleries(alone)

    def _galleries(self, images: list[dict[str, Data]]) -> Iterator[dict[str, Data]]:
        for begin in range(0, len(images), _MOST_IN_GALLERY):
            some: list[Data] = [*images[begin : begin + _MOST_IN_GALLERY]]
            if len(some) > 1:
                yield {"type": "gallery", "images": some}
            else:
                self._unplaced.append(str(images[begin]["src"]))

    def _image(self, picture: PastedPicture) -> dict[str, Data] | None:
        src = self._keep_picture(picture)
        return {"src": src, "alt": with_literal_braces(picture.alt)} if src else None

    def _texts(self, blocks: Sequence[PastedBlock]) -> list[str]:
        """Their Markdown, in as many texts as it takes, each with the notes it points to."""
        texts: list[str] = []
        waiting: list[PastedBlock] = []
        for block in blocks:
            if waiting and len(self._text([*waiting, block])) > LONGEST:
                texts.append(self._text(waiting))
                waiting = []
            waiting.append(block)
        return [*texts, *filter(None, [self._text(waiting)])]

    def _text(self, blocks: Sequence[PastedBlock]) -> str:
        labels = dict.fromkeys(label for block in leaves(blocks) for label in _labels(block) if label in self._notes)
        return markdown_of(without_gaps([*blocks, *(self._notes[label] for label in labels)]), keep_breaks=True)


def _title(blocks: list[PastedBlock]) -> tuple[str, list[PastedBlock]]:
    """The words of the first heading, or of a first short line, and what is left without it."""
    for at, block in enumerate(blocks):
        if isinstance(block, PastedHeading):
            return words_alone(block.words), [*blocks[:at], *blocks[at + 1 :]]
    first = blocks[0] if blocks else None
    if isinstance(first, PastedParagraph) and len(blocks) > 1:
        words = words_alone(first.words)
        if len(words) <= _LONGEST_TITLE and not any("\n" in run.text or run.note for run in first.words):
            return words, blocks[1:]
    return "", blocks


def _parts(blocks: list[PastedBlock]) -> tuple[list[PastedBlock], list[tuple[PastedHeading, list[PastedBlock]]]]:
    """What stands before the first heading of the highest level, and what under each of them."""
    level = min((block.level for block in blocks if isinstance(block, PastedHeading)), default=0)
    intro: list[PastedBlock] = []
    parts: list[tuple[PastedHeading, list[PastedBlock]]] = []
    for block in blocks:
        if isinstance(block, PastedHeading) and block.level == level:
            parts.append((block, []))
        else:
            (parts[-1][1] if parts else intro).append(block)
    return intro, parts


def _by_picture(blocks: Sequence[PastedBlock]) -> list[tuple[PastedPicture | None, list[PastedBlock]]]:
    """The blocks of a story parted at its pictures; the first picture goes to its beginning, where a story has it."""
    chunks: list[tuple[PastedPicture | None, list[PastedBlock]]] = [(None, [])]
    for block in blocks:
        if not isinstance(block, PastedPicture):
            chunks[-1][1].append(block)
        elif chunks == [(None, chunks[0][1])]:
            chunks = [(block, chunks[0][1])]
        else:
            chunks.append((block, []))
    return chunks


def _plain_rows(blocks: Sequence[PastedBlock]) -> list[Data]:
    """The rows of a table that is all there is, where its words are plain and a section may hold so many."""
    if len(blocks) != 1 or not isinstance(blocks[0], PastedTable):
        return []
    rows = blocks[0].rows
    is_plain = all(not run.marks and not run.href and not run.note for row in rows for cell in row for run in cell)
    if not is_plain or not 2 <= len(rows) <= MOST_ROWS + 1 or len(rows[0]) > MOST_COLUMNS:
        return []
    return [[with_literal_braces(words_alone(cell)) for cell in row] for row in rows]


def _labels(block: PastedBlock) -> Iterator[str]:
    """Of the notes that a block points to."""
    if isinstance(block, PastedParagraph | PastedHeading):
        yield from (run.note for run in block.words if run.note)
    elif isinstance(block, PastedTable):
        yield from (run.note for row in block.rows for cell in row for run in cell if run.note)
