"""The tree of an issue from its parts, each of which is parsed once: after a change only one of them is another text.

Touches: nothing. A part is a key of the issue with all that is under it, or one of its sections. They are what stands
between two lines that begin a key, or a dash, as far left as these do. Parsed alone, a part that was cut within quotes
or brackets is none. Limits: what is not written so, is broken, or has a flaw, is left to the parser of the whole.
"""

import re
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from .tree import MOST_NODES, Entry, Node, ParsedText, TreeError, parse_text_of_tree

_KEY_LINE = re.compile(r"[A-Za-z_]\w*:(?=[ \n]|\Z)", re.ASCII)
_OUTERMOST = re.compile(r"^[^ \n#]", re.MULTILINE)
_SECTIONS = re.compile(r"(?:#[^\n]*\n|\n)*sections:[ ]*(?:#[^\n]*)?\n(?:[ ]*(?:#[^\n]*)?\n)*([ ]*)-[ \n]")
_KEPT = 1024
"""Parts, of some dozen issues."""


def read_by_parts(text: str) -> Node | None:
    """What the parser makes of the whole text, place by place; None where that has to be asked."""
    starts = _starts(text)
    if not starts:
        return None
    first: Node | None = None
    entries: dict[str, Entry] = {}
    count, line = 1, 0
    try:
        for start, end in pairwise([0, *starts[1:], len(text)]):
            part = text[start:end]
            root, values = _entry(part)
            root = _lower(root, line)
            key, entry = _only_one(root)
            if key in entries:
                return None
            first = first or root
            entries[key] = entry
            count += values
            line += part.count("\n")
    except (TreeError, _NotByPartsError):
        return None
    return replace(first, content=entries) if first and count <= MOST_NODES else None


class _NotByPartsError(Exception):
    pass


def _starts(text: str) -> list[int]:
    """Where each key of the issue begins; none where anything else begins a line."""
    starts = []
    for found in _OUTERMOST.finditer(text):
        if _KEY_LINE.match(text, found.start()):
            starts.append(found.start())
        elif not starts or not text.startswith(("- ", "-\n"), found.start()):
            return []
    return starts


def _only_one(root: Node) -> tuple[str, Entry]:
    if not isinstance(root.content, dict) or len(root.content) != 1:
        raise _NotByPartsError
    ((key, entry),) = root.content.items()
    return key, entry


def _entry(part: str) -> tuple[Node, int]:
    """A mapping with one key, and how many values are under it."""
    parts = _sections(part)
    if len(parts) < 2:
        parsed = _parsed(part, 1)
        return parsed.root, parsed.count - 1
    first = _parsed(parts[0], 1)
    key, entry = _only_one(first.root)
    items = [*_items(entry.value)]
    count, line = first.count - 1, parts[0].count("\n")
    for one in parts[1:]:
        parsed = _parsed(one, 2)
        items += _items(_lower(parsed.root, line))
        count += parsed.count - 1
        line += one.count("\n")
    return replace(first.root, content={key: Entry(entry.key, replace(entry.value, content=items))}), count


def _items(value: Node) -> list[Node]:
    if not isinstance(value.content, list) or len(value.content) != 1:
        raise _NotByPartsError
    return value.content


def _sections(part: str) -> list[str]:
    """The text of each section, the first with all that is before it; none where they are not written on lines."""
    found = _SECTIONS.match(part)
    if found is None:
        return []
    indent = found[1]
    starts = [dash.start() for dash in re.finditer(rf"^{indent}-(?=[ \n])", part, re.MULTILINE)]
    # A line less deep than the dashes, or as deep and none of them, belongs to no section.
    is_other = re.compile(rf"^[ ]{{0,{len(indent)}}}(?=[^ \n#])(?!(?<=^{indent})-[ \n])", re.MULTILINE)
    if is_other.search(part, found.end()):
        return []
    return [part[start:end] for start, end in pairwise([0, *starts[1:], len(part)])]


@lru_cache(maxsize=_KEPT)
def _parsed(part: str, depth: int) -> ParsedText:
    parsed = parse_text_of_tree(part, depth)
    if parsed.flaws:
        raise _NotByPartsError
    return parsed


def _lower(node: Node, lines: int) -> Node:
    """The same so many lines further down."""
    if not lines:
        return node
    content = node.content
    if isinstance(content, dict):
        content = {key: Entry(_lower(one.key, lines), _lower(one.value, lines)) for key, one in content.items()}
    elif isinstance(content, list):
        content = [_lower(item, lines) for item in content]
    return Node(node.line + lines, node.column, node.end_line + lines, node.end_column, content, node.plain)
