"""A Markdown text with its code blanked out, at the same length, so that places in it stay. Touches: nothing."""

import re

from markdown_it import MarkdownIt

from .syntax import letter_syntax

# CommonMark 6.1: as many backticks as opened it, within one paragraph; a backslash keeps a backtick from opening.
_SPAN = re.compile(r"(?<![\\`])(`+)(?!`)(?:(?!\n[ \t]*\n)[\s\S])+?(?<!`)\1(?!`)")
_MAY_BE_A_BLOCK = re.compile(r"^[ >\-*+0-9.)]*(?:```|~~~| {4}|\t)", re.MULTILINE)
_NO_BREAK = re.compile(r"[^\n]")


def without_code(text: str) -> str:
    """The text with blanks for fenced and indented blocks, and for what stands between backticks."""
    if _MAY_BE_A_BLOCK.search(text):
        text = _without_blocks(text)
    return _SPAN.sub(_blank, text) if "`" in text else text


def _without_blocks(text: str) -> str:
    lines = text.split("\n")
    for token in MarkdownIt("commonmark").use(letter_syntax).parse(text):
        if token.type in {"fence", "code_block"} and token.map:
            for number in range(*token.map):
                lines[number] = " " * len(lines[number])
    return "\n".join(lines)


def _blank(match: re.Match[str]) -> str:
    return _NO_BREAK.sub(" ", match[0])
