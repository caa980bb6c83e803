"""Single line breaks: kept where the issue says `line_breaks: keep`, else joined as Markdown does. Touches: nothing."""

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

KEEP_BREAKS = "keep_breaks"
"""The key of markdown-it's environment that says whether they are kept."""


def line_breaks(md: MarkdownIt) -> None:
    """A markdown-it plugin: `md.use(line_breaks)`."""
    md.core.ruler.after("inline", "line_breaks", _line_breaks)


def _line_breaks(state: StateCore) -> None:
    if state.env.get(KEEP_BREAKS):
        for token in (child for block in state.tokens for child in block.children or ()):
            if token.type == "softbreak":
                token.type, token.tag = "hardbreak", "br"


def tidied(text: str, *, keep: bool) -> str:
    """A paragraph with single spaces, on one line unless its breaks are kept."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines()) if keep else " ".join(text.split())
