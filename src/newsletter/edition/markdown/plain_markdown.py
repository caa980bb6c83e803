"""Markdown as readable plain text: no stars, no brackets, links by number. Touches: nothing.

Limits: emphasis is dropped, since `*so*` reads as debris to somebody who never saw Markdown. Struck words keep their
tildes: without them, what no longer holds would read as if it did.
"""

from collections.abc import Callable, Iterator

from markdown_it.tree import SyntaxTreeNode

from newsletter.edition.tables_in_text import table_in_text
from newsletter.edition.wrap import Measure, columns, wrap
from newsletter.issue.texts import SCHEMES

from .bare_links import says_itself
from .footnotes import NOTE
from .gfm_tables import align_of
from .typed_marks import TYPED_MARK

Cite = Callable[[str], int]
"""Takes the address of a link and gives its number in the list of links."""

_LISTS = ("bullet_list", "ordered_list")
_RULE = "·  ·  ·"


InLink = Callable[[str], str]
"""Takes an address that stands in the text itself and gives it with its merge fields as those of a link."""


def plain_blocks(
    tree: SyntaxTreeNode, cite: Cite, measure: Measure = columns, *, in_link: InLink = str, indent: str = ""
) -> list[str]:
    """The lines of a Markdown text, each after `indent`, its blocks parted by empty lines."""
    return _Writer(cite, measure, in_link).blocks(tree.children, indent, indent)


def plain_line(tree: SyntaxTreeNode, cite: Cite, *, in_link: InLink = str) -> str:
    """A Markdown text within a line, not wrapped."""
    return _Writer(cite, columns, in_link).inline(tree)


def _stands_close(node: SyntaxTreeNode) -> bool:
    """Whether no empty line parts a block from the one before it."""
    before = node.previous_sibling
    if before is None:
        return False
    notes = all(block.type == "paragraph" and block.attrs.get("class") == NOTE for block in (before, node))
    return notes or bool(node.type in _LISTS and before.hidden)


class _Writer:
    def __init__(self, cite: Cite, measure: Measure, in_link: InLink) -> None:
        self._cite = cite
        self._measure = measure
        self._in_link = in_link

    def blocks(self, nodes: list[SyntaxTreeNode], first: str, rest: str) -> list[str]:
        """Lines of `nodes`; the first line of all begins with `first`, the others with `rest`."""
        lines: list[str] = []
        for node in nodes:
            if lines and not _stands_close(node):
                lines.append("")
            lines.extend(self._block(node, first if not lines else rest, rest))
        return lines or [first.rstrip()]

    def _block(self, node: SyntaxTreeNode, first: str, rest: str) -> list[str]:
        match node.type:
            case "bullet_list" | "ordered_list":
                return list(self._list(node, first, rest))
            case "blockquote":
                return self.blocks(node.children, first + "    ", rest + "    ")
            case "fence" | "code_block":
                code = node.content.rstrip("\n").split("\n")
                return [((rest if number else first) + "    " + line).rstrip() for number, line in enumerate(code)]
            case "hr":
                return [first + _RULE]
            case "table":
                return self._table(node, first, rest)
            case _:
                return wrap(self.inline(node), first=first, rest=rest, measure=self._measure)

    def _list(self, node: SyntaxTreeNode, first: str, rest: str) -> Iterator[str]:
        loose = any(child.type == "paragraph" and not child.hidden for item in node.children for child in item.children)
        for position, item in enumerate(node.children):
            if position and loose:
                yield ""
            lead = first if position == 0 else rest
            typed = str(item.meta.get(TYPED_MARK, ""))
            mark = typed or (f"{item.info}{item.markup} " if item.info else "- ")
            yield from self.blocks(item.children, lead + ("" if typed else mark), rest + " " * columns(mark))

    def _table(self, node: SyntaxTreeNode, first: str, rest: str) -> list[str]:
        cells = [list(row.children) for row in node.walk() if row.type == "tr"]
        rows = [[self.inline(cell) for cell in row] for row in cells]
        caption = "".join(self.inline(part) for part in node.children if part.type == "caption")
        typed = [align_of(cell.attrs) for cell in cells[0]]
        lines = table_in_text(rows, caption=caption, typed=typed, indent=rest, measure=self._measure)
        return [first + lines[0].removeprefix(rest), *lines[1:]]

    def inline(self, node: SyntaxTreeNode) -> str:
        """The words of a paragraph, a heading or a part of one."""
        match node.type:
            case "text" | "code_inline" | "text_special":
                return node.content
            case "footnote_number":
                return f"[*{node.content}]"
            case "softbreak":
                return " "
            case "hardbreak":
                return "\n"
        words = "".join(self.inline(child) for child in node.children)
        if node.type == "s":
            return f"~~{words}~~"
        return self._link(words, str(node.attrs.get("href", ""))) if node.type == "link" else words

    def _link(self, words: str, href: str) -> str:
        """The words of a link and its number, which an address that stands there as it is does not need.

        A link that the HTML part has not keeps only its words here, too.
        """
        scheme, colon, _ = href.partition(":")
        if colon and scheme.lower() not in SCHEMES:
            return words
        if says_itself(words, href):
            return self._in_link(words)
        number = self._cite(href)
        return f"{words} [{number}]" if number else words
