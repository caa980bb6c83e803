"""A line of `---` or `===` makes a heading of the one line above it, and never of several. Touches: nothing.

Under a paragraph people part it from what follows: there `---` is a rule, as it is under an empty line, and `===` text.
So are one or two signs, such as the `--` before a signature.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.lheading import lheading

_SHORTEST = 3
"""Signs of a line that makes a heading."""


def underlined_headings(md: MarkdownIt) -> None:
    """A markdown-it plugin: `md.use(underlined_headings)`."""
    md.block.ruler.at("lheading", _lheading)


def _lheading(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    first = len(state.tokens)
    if not lheading(state, start_line, end_line, silent):
        return False
    underline = state.src[state.bMarks[state.line - 1] : state.eMarks[state.line - 1]].strip(" \t>")
    if state.line - start_line > 2 or len(underline) < _SHORTEST:
        del state.tokens[first:]
        state.line = start_line
        return False
    return True
