"""A line that begins with tildes is text, unless tildes fence code in. Touches: nothing.

CommonMark takes `~~~안녕하세요~~~` for the beginning of code, drops these words as the name of a language, and all that
follows is code. Here tildes open code only where at most such a name stands behind them and a later line closes them.
"""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.fence import fence

_OPENING = re.compile(r"(~{3,})[ \t]*[A-Za-z0-9_+#.-]*[ \t]*")
# Blocks that a fence may follow without an empty line: CommonMark 4.5, as in markdown-it's own table.
_INTERRUPTED = ["paragraph", "reference", "blockquote", "list"]


def tilde_fences(md: MarkdownIt) -> None:
    """A markdown-it plugin: `md.use(tilde_fences)`."""
    md.block.ruler.at("fence", _fence, {"alt": _INTERRUPTED})


def _fence(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    begin, end = state.bMarks[start_line] + state.tShift[start_line], state.eMarks[start_line]
    if state.src.startswith("~", begin):
        opening = _OPENING.fullmatch(state.src, begin, end)
        if not opening or _last_closing(state.src, len(opening[1])) < end:
            return False
    return fence(state, start_line, end_line, silent)


@lru_cache(maxsize=64)
def _last_closing(text: str, length: int) -> int:
    """Where the last line begins that is nothing but so many tildes or more; -1 without one."""
    closing = re.compile(rf"^[ \t>]*~{{{length},}}[ \t]*$", re.MULTILINE)
    return max((match.start() for match in closing.finditer(text)), default=-1)
