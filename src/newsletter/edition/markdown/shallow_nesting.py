"""Let two spaces nest a list in a number list, as they do in one with bullets. Touches: the state of a parser.

CommonMark wants as many spaces as the number, its dot and the space behind it take, three at least, and takes
`1. …` with `  - …` under it for two lists beside each other.
"""

import re

from markdown_it.rules_block import StateBlock

_LEAST = 2
_MARK = re.compile(r"(?:[-+*]|(\d{1,9})([.)]))[ \t]+")


def make_room(state: StateBlock, start_line: int, end_line: int) -> None:
    """Count the lines that belong to the items of the number list at `start_line` as far enough inside."""
    column, inside, more = state.sCount[start_line], 0, 0
    delimiter = ""
    for line in range(start_line, end_line):
        if state.isEmpty(line):
            continue
        begin = state.bMarks[line] + state.tShift[line]
        mark = _MARK.match(state.src, begin, state.eMarks[line])
        if state.sCount[line] < column + _LEAST:
            delimiter = delimiter or (mark[2] if mark and mark[2] else "")
            if not mark or mark[2] != delimiter or state.sCount[line] < column:
                return
            inside, more = state.sCount[line] + mark.end() - begin, 0
        elif not more and mark and state.sCount[line] < inside:
            more = inside - state.sCount[line]
        if state.sCount[line] >= column + _LEAST:
            state.sCount[line] += more
