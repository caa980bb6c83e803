"""Links by reference, `[보고서][1]` and `[1]: https://…`: a definition that no link uses is text. Touches: nothing.

Markdown drops such a line in silence, and `[문의]: 02-120` looks like one. A second definition of a
label is text, too, and one whose address begins with a figure;
so is a note within the line of another one.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference

_LABEL = re.compile(r"\[((?:\\.|[^\[\]\\\n])+)\]:")
_FIGURES = re.compile(r"\s*\d")


def used_references(md: MarkdownIt) -> None:
    """A markdown-it plugin: `md.use(used_references)`."""
    md.block.ruler.at("reference", _reference)


def _reference(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    label = _LABEL.match(state.src, state.bMarks[start_line] + state.tShift[start_line])
    return bool(label and _is_meant(state, label)) and reference(state, start_line, end_line, silent)


def _is_meant(state: StateBlock, label: re.Match[str]) -> bool:
    if label[1].startswith("^"):
        return False
    typed, text = f"[{label[1]}]".casefold(), state.src.casefold()
    is_used = text.count(typed) > text.count(f"{typed}:")
    is_first = normalizeReference(label[1]) not in state.env.get("references", {})
    return is_used and is_first and not _FIGURES.match(state.src, label.end())
