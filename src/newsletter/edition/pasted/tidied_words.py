"""Words of HTML as they are read: single blanks, none at the ends, plain signs for those of a program's font.

Touches: nothing. Blanks between words have the emphasis that both words have, so that no mark of Markdown stands beside
one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from newsletter.issue.invisible import hidden_in
from newsletter.issue.strange_signs import lost_in, shows

from .left_out import LeftOut, LeftOutCount
from .pieces import PastedRun, PastedRuns

_ATOM = re.compile(r"\n|[^\S\n]+|\S+")
_SPACES = re.compile(r"[^\S\n]+")
_BLANKS = frozenset(" \n")


def plain_signs(text: str, left_out: LeftOutCount) -> str:
    """Without characters that only one program's font shows, or nobody sees."""
    signs = [(found.span(), shows(found[0], text, found.start())) for found in lost_in(text)]
    for _, sign in signs:
        left_out.add(LeftOut.KNOWN_SIGNS if sign else LeftOut.LOST_SIGNS)
    text = _with(text, signs)
    hidden = [(found.span(), "") for found in hidden_in(text)]
    if hidden:
        left_out.add(LeftOut.INVISIBLE, len(hidden))
    return _with(text, hidden)


def _with(text: str, instead: Sequence[tuple[tuple[int, int], str]]) -> str:
    """The text with other words in some of its places, which are in order."""
    pieces, position = [], 0
    for (start, end), words in instead:
        pieces += [text[position:start], words]
        position = end
    return "".join([*pieces, text[position:]])


def tidied_words(runs: Iterable[PastedRun]) -> PastedRuns:
    """Of one paragraph; line breaks stay, but for those at its ends."""
    atoms = [
        PastedRun(" " if _SPACES.fullmatch(part) else part, one.marks, one.href, one.note)
        for one in runs
        for part in ([one.text] if one.note else _ATOM.findall(one.text))
    ]
    return tuple(_joined(_with_light_blanks(_without_needless(atoms))))


def paragraphs_in(runs: Sequence[PastedRun]) -> Iterator[PastedRuns]:
    """The paragraphs of words that two line breaks part, each tidied; none that says nothing."""
    waiting: list[PastedRun] = []
    for one in tidied_words(runs):
        parts = re.split(r"\n{2,}", one.text) if not one.note else [one.text]
        for at, part in enumerate(parts):
            if at:
                yield from filter(None, [tidied_words(waiting)])
                waiting = []
            waiting.append(PastedRun(part, one.marks, one.href, one.note))
    yield from filter(None, [tidied_words(waiting)])


def _without_needless(atoms: Sequence[PastedRun]) -> list[PastedRun]:
    """One blank where several stand, and none beside a line break or an end."""
    kept: list[PastedRun] = []
    for atom in atoms:
        if atom.text == " " and (not kept or kept[-1].text in _BLANKS):
            continue
        if atom.text == "\n":
            while kept and kept[-1].text == " ":
                kept.pop()
            if not kept:
                continue
        kept.append(atom)
    while kept and kept[-1].text in _BLANKS:
        kept.pop()
    return kept


def _with_light_blanks(atoms: Sequence[PastedRun]) -> list[PastedRun]:
    behind, done = PastedRun(""), list(atoms)
    for at in reversed(range(len(done))):
        if done[at].text not in _BLANKS:
            behind = done[at]
        else:
            done[at] = behind
    before = PastedRun("")
    for at, atom in enumerate(atoms):
        if atom.text not in _BLANKS:
            before = atom
        else:
            behind = done[at]
            href = before.href if before.href == behind.href else ""
            done[at] = PastedRun(atom.text, before.marks & behind.marks, href)
    return done


def _joined(atoms: Iterable[PastedRun]) -> Iterator[PastedRun]:
    for (marks, href, note), group in groupby(atoms, key=lambda one: (one.marks, one.href, one.note)):
        yield PastedRun("".join(one.text for one in group), marks, href, note)
