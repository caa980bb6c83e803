"""A mapping in braces that gets a text of several lines is written on lines of its own. Touches: nothing.

In braces such a text could only stand in quotes, as `"one\\n\\ntwo"`, which nobody writes. The other entries are taken
over as they are written. Limits: braces within brackets, over several lines or with a comment inside stay braces.
"""

from newsletter.desk.change import SetValue
from newsletter.issue.tree import DataPath

from .parts import behind_sign
from .pieces import pieces_of
from .source import IssueText, Style
from .writer import Writer


def opened_braces(source: IssueText, change: SetValue, writer: Writer, place: int) -> tuple[int, str] | None:
    """What is written instead of the braces, and from which offset on; None where they stay.

    `place` is where among its entries a new key stands.
    """
    path, around = change.path, change.path[:-1]
    node = source.node(around)
    if not isinstance(change.value, str) or "\n" not in change.value or writer.only_quotes:
        return None
    if not around or not isinstance(node.content, dict) or source.style(node) is not Style.FLOW:
        return None
    begin, end = source.begin(node), source.finish(node)
    if source.is_in_brackets(around) or "\n" in source.text[begin:end]:
        return None
    is_item = isinstance(around[-1], int)
    column = node.column - 1 if is_item else source.node(around[:-1]).column - 1 + writer.habits.mapping
    entry = writer.entry(str(path[-1]), change.value, path, column)
    if "\n" not in entry:
        return None
    lines = _lines(source, around)
    keys = list(node.content)
    if path[-1] in keys:
        lines[keys.index(str(path[-1]))] = entry
    else:
        lines.insert(place, entry)
    indent = "\n" + " " * column
    return (begin, indent.join(lines)) if is_item else (behind_sign(source, around), indent + indent.join(lines))


def _lines(source: IssueText, path: DataPath) -> list[str]:
    return [source.text[piece.start : piece.end] for piece in pieces_of(source, path).all]
