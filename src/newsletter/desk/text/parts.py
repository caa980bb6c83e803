"""Where an item or entry is put, taken out, moved or copied, as splices of a text. Touches: nothing.

Lists and mappings on lines of their own and in brackets, by the pieces that they are made of. Empty lines between
pieces stay where they are; a piece that is taken out takes one gap along. Limits: in brackets, a comment between two
pieces is in the way of taking one out.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from newsletter.desk.change import written_too_oddly
from newsletter.issue.tree import DataPath

from .pieces import Piece, Pieces
from .source import COLON, IssueText
from .splice import Splice

_BLANK_LINES = re.compile(r"(?:\n[ ]*(?=\n|\Z))+")
_LEADING_BLANK_LINES = re.compile(r"\A(?:\n[ ]*(?=\n))+")
_NEXT_SIGN = re.compile(r"\s*")
_COMMENT = re.compile(r"(?:^|\s)#")


def put(source: IssueText, pieces: Pieces, index: int, text: str, *, apart: bool, keeps: bool = False) -> list[Splice]:
    """`text` as the piece `index`, with an empty line around it where the others have one."""
    around = pieces.all
    if pieces.in_brackets:
        between = _between_in_brackets(source, around)
        if index < len(around):
            return [Splice(around[index].start, around[index].start, text + between)]
        return [Splice(around[-1].end, around[-1].end, between + text)]
    if index == 0:
        blank = "\n" if apart and not keeps else ""
        return [Splice(around[0].start, around[0].start, f"{text}\n{blank}{pieces.indent}")]
    return put_behind(source, pieces, index - 1, text, apart=apart, keeps=keeps)


def put_behind(source: IssueText, pieces: Pieces, index: int, text: str, *, apart: bool, keeps: bool) -> list[Splice]:
    before = pieces.all[index]
    blank = "\n" if apart and not before.keeps else ""
    end = behind_empty_lines(source, before.end) if keeps else before.end
    return [Splice(before.end, end, f"\n{blank}{pieces.indent}{text}")]


def taken_out(source: IssueText, pieces: Pieces, index: int) -> list[Splice]:
    """Without one of several pieces."""
    piece, others = pieces.all[index], pieces.all
    is_last = index == len(others) - 1
    if pieces.in_brackets:
        start = others[index - 1].end if is_last else piece.start
        end = piece.end if is_last else others[index + 1].start
        _refuse_comment(source, start, piece, end)
        return [Splice(start, end, "")]
    if is_last:
        before = others[index - 1]
        start = before.end + len(source.text[before.end : piece.start].rstrip())
        return [Splice(start, behind_empty_lines(source, piece.end) if before.keeps else piece.end, "")]
    found = _NEXT_SIGN.match(source.text, piece.end)
    following = found.end() if found else piece.end
    if not source.begins_line(piece.start):
        return [Splice(piece.start, following, "")]
    start = _line_start(source, piece.start)
    is_after_gap = _is_gap(source, start, is_first=index == 0) or (index > 0 and others[index - 1].keeps)
    return [Splice(start, _line_start(source, following) if is_after_gap else piece.end + 1, "")]


def emptied(source: IssueText, pieces: Pieces, path: DataPath, sign: str) -> list[Splice]:
    """Without the only piece: `sign` in its place, behind the key where it stood on a line of its own."""
    (piece,) = pieces.all
    if pieces.in_brackets:
        node = source.node(path)
        start, end = source.begin(node), source.finish(node)
        _refuse_comment(source, start, piece, end)
        return [Splice(start, end, sign)]
    if not path or not source.begins_line(piece.start):
        return [Splice(piece.start, piece.end, sign)]
    behind = behind_sign(source, path)
    return [Splice(behind, behind, f" {sign}"), Splice(_line_start(source, piece.start) - 1, piece.end, "")]


def reordered(source: IssueText, pieces: Pieces, order: Sequence[int]) -> list[Splice]:
    """All pieces in another order, with what stands between them where it is; `order` holds their indices."""
    changed = [place for place, index in enumerate(order) if place != index]
    if not changed:
        return []
    low, high = changed[0], changed[-1]
    text = ""
    for place in range(low, high + 1):
        piece = pieces.all[order[place]]
        text += source.text[piece.start : piece.end]
        if place < high:
            between = source.text[pieces.all[place].end : pieces.all[place + 1].start]
            text += _LEADING_BLANK_LINES.sub("", between) if piece.keeps else between
    end = pieces.all[high].end
    return [
        Splice(pieces.all[low].start, behind_empty_lines(source, end) if pieces.all[order[high]].keeps else end, text)
    ]


def are_apart(source: IssueText, pieces: Pieces) -> bool | None:
    """Whether empty lines part the pieces; None where there is one only."""
    if len(pieces.all) < 2:
        return None
    return any(one.keeps or "\n\n" in source.text[one.end : two.start] for one, two in pairwise(pieces.all))


def behind_sign(source: IssueText, path: DataPath) -> int:
    """The offset behind the colon of a key, or behind the dash of an item."""
    parent = source.node(path[:-1])
    if isinstance(parent.content, dict):
        key = parent.content[str(path[-1])].key
        found = COLON.match(source.text, source.offset(key.end_line, key.end_column))
        if found is None:
            raise written_too_oddly(path)
        return found.end()
    return source.offset(source.dash_line(parent, int(path[-1])), parent.column) + 1


def stand_in_brackets(source: IssueText, pieces: Sequence[Piece]) -> bool:
    """Whether each item of a list is a mapping that is written as one line in braces."""
    return all(re.match(r"-[ ]+\{[^\n]*$", source.text[piece.start : piece.end]) for piece in pieces)


def behind_empty_lines(source: IssueText, end: int) -> int:
    """Behind the empty lines that follow, which a text before them would take as its own."""
    found = _BLANK_LINES.match(source.text, end)
    return min(found.end(), len(source.text) - 1) if found else end


def _between_in_brackets(source: IssueText, pieces: Sequence[Piece]) -> str:
    """What parts two pieces: a comma and a blank, or a line end where the others have one."""
    gaps = {source.text[one.end : two.start] for one, two in pairwise(pieces)}
    gap = gaps.pop() if len(gaps) == 1 else ", "
    return gap if re.fullmatch(r",\s+", gap) else ", "


def _refuse_comment(source: IssueText, start: int, piece: Piece, end: int) -> None:
    """Around a piece, not inside of it, where a `#` may be quoted and a comment is the piece's own."""
    if _COMMENT.search(source.text[start : piece.start]) or _COMMENT.search(source.text[piece.end : end]):
        raise written_too_oddly(())


def _is_gap(source: IssueText, start: int, *, is_first: bool) -> bool:
    """Whether the line before is empty, or the key of what the first piece is in: no empty line has to follow."""
    above = source.text[:start].rpartition("\n")[0].rpartition("\n")[2] if start else ""
    return not above.strip() or (is_first and not above.lstrip().startswith("#"))


def _line_start(source: IssueText, offset: int) -> int:
    return source.text.rfind("\n", 0, offset) + 1
