"""A change of an issue's data -> what is put where in its text. Touches: nothing.

A value that was quoted keeps its quotes, a text under `|` stays under `|`, with its own indentation; a key that is new
stands where the schema has it. Limits: text that was folded under `>` goes on under `|` once it is changed.
"""

from newsletter.desk.change import CopyItem, InsertItem, IssueChange, MoveItem, RemoveItem, RemoveKey, SetValue
from newsletter.issue.tree import DataPath, Node

from .open_braces import opened_braces
from .parts import (
    are_apart,
    behind_empty_lines,
    behind_sign,
    emptied,
    put,
    put_behind,
    reordered,
    stand_in_brackets,
    taken_out,
)
from .pieces import Pieces, pieces_of, sample_of
from .scalars import can_be_plain, in_quotes, reads_as_no_text, under_bar
from .source import IssueText, Style
from .splice import Splice
from .writer import Writer


def splices_of(source: IssueText, change: IssueChange, writer: Writer) -> list[Splice]:
    """For a change that `changed_data` has let through and `simplified` has made simple."""
    if isinstance(change, SetValue):
        return _set(source, change, writer)
    if isinstance(change, RemoveKey):
        *around, key = change.path
        return _remove(source, tuple(around), list(_keys(source.node(tuple(around)))).index(str(key)))
    if isinstance(change, RemoveItem):
        return _remove(source, change.path, change.index)
    if isinstance(change, InsertItem):
        return _insert(source, change, writer)
    pieces = pieces_of(source, change.path)
    if isinstance(change, MoveItem):
        order = list(range(len(pieces.all)))
        order.insert(change.to, order.pop(change.index))
        return reordered(source, pieces, order)
    return _copy(source, change, pieces)


def _keys(node: Node) -> list[str]:
    return list(node.content) if isinstance(node.content, dict) else []


def _set(source: IssueText, change: SetValue, writer: Writer) -> list[Splice]:
    *around, last = change.path
    parent = source.node(tuple(around))
    if isinstance(parent.content, dict) and last not in parent.content:
        return _add_key(source, change, writer)
    node = source.node(change.path)
    if isinstance(change.value, str) and isinstance(node.content, str) and node.content:
        return _rewrite(source, change.path, node, change.value, writer)
    return _fill(source, change, node, writer)


def _rewrite(source: IssueText, path: DataPath, node: Node, text: str, writer: Writer) -> list[Splice]:
    """A text in the place of a text, written as that was."""
    begin, style = source.begin(node), source.style(node)
    end = source.finish(node)
    if source.is_in_brackets(path):
        if found := opened_braces(source, SetValue(path, text), writer, 0):
            return _under_header(source, found[0], source.finish(source.node(path[:-1])), found[1])
        return [Splice(begin, end, _as_it_was(text, path, node, style, writer, in_brackets=True))]
    column = source.node(path[:-1]).column - 1
    if not style.is_block_text:
        written = writer.text(text, path, column)
        if "\n" not in written or (style.is_quoted and "\n" not in text):
            return [Splice(begin, end, _as_it_was(text, path, node, style, writer))]
        return _under_header(source, begin, end, written)
    block = source.block_text(node)
    indent = block.indent or column + writer.habits.text
    under = None if writer.only_quotes else under_bar(text, indent, indent - column, keeps=block.keeps)
    written = "\n".join([under[0], *under[1]]) if under else writer.on_line(text, path)
    header, _, lines = written.partition("\n")
    head = Splice(begin, begin + len(block.header), header)
    body_end = source.end(max(block.last, node.line))
    body_end = behind_empty_lines(source, body_end) if "+" in header and under else body_end
    body = Splice(source.end(node.line), body_end, "\n" + lines if under else "")
    return [head, body]


def _as_it_was(
    text: str, path: DataPath, node: Node, style: Style, writer: Writer, *, in_brackets: bool = False
) -> str:
    if style.is_quoted:
        return in_quotes(text, style, strictly=True)
    was_no_text = style is Style.PLAIN and reads_as_no_text(str(node.content))
    if was_no_text and can_be_plain(text, in_brackets=in_brackets):
        return text
    return writer.on_line(text, path, in_brackets=in_brackets)


def _fill(source: IssueText, change: SetValue, node: Node, writer: Writer) -> list[Splice]:
    """A value in the place of nothing: behind a key or dash, or where `""`, `{}` or `[]` stand."""
    path, style = change.path, source.style(node)
    begin, end = source.begin(node), source.finish(node)
    is_void = begin == end
    if style.is_block_text:
        block = source.block_text(node)
        end = source.end(max(block.last, node.line)) if block.last >= block.first else begin + len(block.header)
    if is_void:
        begin = end = behind_sign(source, path)
    if source.is_in_brackets(path):
        return [Splice(begin, end, (" " if is_void else "") + writer.in_brackets(change.value, path))]
    parent = source.node(path[:-1])
    column = parent.column - 1
    if isinstance(parent.content, list):
        written = writer.item(change.value, path, column).removeprefix("-")
    else:
        written = writer.behind(change.value, path, column)
    if not is_void:
        begin = begin - 1 if written.startswith("\n") and source.text[begin - 1] == " " else begin
        written = written.removeprefix(" ")
    return _under_header(source, begin, end, written)


def _under_header(source: IssueText, begin: int, end: int, written: str) -> list[Splice]:
    """The first line in its place and the rest below that line, so that a comment behind it stays there."""
    header, sign, lines = written.partition("\n")
    line_end = source.text.find("\n", end)
    if not sign:
        return [Splice(begin, end, header)]
    below = behind_empty_lines(source, line_end) if _takes_empty_lines(written) else line_end
    if line_end == end:
        return [Splice(begin, below, written)]
    return [Splice(begin, end, header), Splice(line_end, below, "\n" + lines)]


def _takes_empty_lines(written: str) -> bool:
    """Whether it ends in a text under `|+`: in nothing else is the last line an empty one."""
    return written.endswith("\n")


def _add_key(source: IssueText, change: SetValue, writer: Writer) -> list[Splice]:
    path, key = change.path, str(change.path[-1])
    around = path[:-1]
    pieces, keys = pieces_of(source, around), _keys(source.node(around))
    before = _predecessor(keys, key, writer.order(around))
    if pieces.in_brackets:
        if found := opened_braces(source, change, writer, before + 1):
            return _under_header(source, found[0], source.finish(source.node(around)), found[1])
        return put(source, pieces, before + 1, writer.entry_in_brackets(key, change.value, path), apart=False)
    text = writer.entry(key, change.value, path, pieces.column)
    keeps = _takes_empty_lines(text)
    if (sample := sample_of(source, pieces, key)) is not None:
        return [Splice(sample, sample, f"{text}\n{pieces.indent}")]
    if before < 0:
        return put(source, pieces, 0, text, apart=False, keeps=keeps)
    apart = _is_set_apart(source, pieces, before, text)
    return put_behind(source, pieces, before, text, apart=apart, keeps=keeps)


def _predecessor(keys: list[str], key: str, order: list[str]) -> int:
    """Which of the keys that are there a new one stands behind; -1 where it stands before all."""
    if key not in order:
        return len(keys) - 1
    earlier = set(order[: order.index(key)])
    found = [index for index, one in enumerate(keys) if one in earlier]
    return found[-1] if found else -1


def _is_set_apart(source: IssueText, pieces: Pieces, before: int, text: str) -> bool:
    """Whether an empty line stands between it and what is before: as around its neighbour, if one of them is long."""
    piece = pieces.all[before]
    if "\n" not in text and "\n" not in source.text[piece.start : piece.end]:
        return False
    first = before if before + 1 < len(pieces.all) else max(before - 1, 0)
    pair = pieces.all[first : first + 2]
    return len(pair) == 2 and (pair[0].keeps or source.text.startswith("\n\n", pair[0].end))


def _remove(source: IssueText, path: DataPath, index: int) -> list[Splice]:
    pieces = pieces_of(source, path)
    if len(pieces.all) > 1:
        return taken_out(source, pieces, index)
    return emptied(source, pieces, path, "{}" if isinstance(source.node(path).content, dict) else "[]")


def _insert(source: IssueText, change: InsertItem, writer: Writer) -> list[Splice]:
    path = (*change.path, change.index)
    pieces = pieces_of(source, change.path)
    if pieces.in_brackets:
        return put(source, pieces, change.index, writer.in_brackets(change.value, path), apart=False)
    in_brackets = stand_in_brackets(source, pieces.all)
    text = writer.item(change.value, path, pieces.column, in_brackets=in_brackets)
    apart = _parts_items(source, pieces, change.path, text)
    return put(source, pieces, change.index, text, apart=apart, keeps=_takes_empty_lines(text))


def _copy(source: IssueText, change: CopyItem, pieces: Pieces) -> list[Splice]:
    piece = pieces.all[change.index]
    text = source.text[piece.start : piece.end]
    apart = _parts_items(source, pieces, change.path, text)
    return put(source, pieces, change.to, text, apart=apart, keeps=piece.keeps)


def _parts_items(source: IssueText, pieces: Pieces, path: DataPath, text: str) -> bool:
    """Whether items are set apart: as those that are there; sections, of which there is one, by an empty line."""
    found = are_apart(source, pieces)
    return found if found is not None else path[-1:] == ("sections",) and "\n" in text
