"""A text under `|` whose first line stands deeper than the next, so that YAML ends it there. Touches: nothing.

So it comes from word processors, which indent the first line of a paragraph. What follows is an error, or lost in
silence where it begins with `#`, as a heading does.
"""

import re
from collections.abc import Iterator, Sequence

from newsletter.catalogue import phrase

from .traps import Trap
from .tree import Node

_HEADER = re.compile(r"(?P<before> *(?:- +)*)[^\s#][^#]*:[ ]+[|>][+-]?[ ]*(?:#.*)?")


def deep_first_line(lines: Sequence[str], at: int) -> tuple[int, Trap] | None:
    """The first line, from 1, of the text that ends at or before line `at`, and the same as deep as the next."""
    headers = ((number, _HEADER.fullmatch(lines[number - 1].rstrip())) for number in range(at - 1, 0, -1))
    header, found = next(((number, found) for number, found in headers if found), (0, None))
    written = [number for number in range(header + 1, at + 1) if lines[number - 1].strip()]
    if not found or not written:
        return None
    # Behind a dash the text is inside of its key, not of the line that both stand in.
    first, outside = lines[written[0] - 1], len(found["before"])
    shallow = next((lines[number - 1] for number in written if _indent(lines[number - 1]) < _indent(first)), "")
    is_over = any(_indent(lines[number - 1]) <= outside for number in written if number < at)
    if not shallow or _indent(shallow) <= outside or is_over:
        return None
    mended = " " * _indent(shallow) + first.lstrip(" ")
    message = phrase("issue.yaml.first_line_is_deeper", surplus=_indent(first) - _indent(shallow))
    return written[0], Trap(_indent(first) + 1, message, mended)


def deep_first_lines(lines: Sequence[str], root: Node) -> Iterator[tuple[int, Trap]]:
    """The same of every text that goes on with a line that YAML takes for a comment."""
    for _, node in root.values():
        if isinstance(node.content, str) and lines[node.line - 1][node.column - 1 : node.column] in {"|", ">"}:
            following = range(node.line + 1, len(lines) + 1)
            written = [number for number in following if lines[number - 1].strip()]
            first = _indent(lines[written[0] - 1]) if written else 0
            end = next((number for number in written if _indent(lines[number - 1]) < first), None)
            if end and lines[end - 1].lstrip().startswith("#") and (found := deep_first_line(lines, end)):
                yield found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
