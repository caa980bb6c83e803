"""The layout of somebody else's letter undone: boxes become paragraphs, headings follow each other. Touches: nothing.

Letters are laid out by tables in tables, which a page of our own does not need, and a phone cannot show. A table whose
rows and columns mean something stays one. The trees are lxml's, and are changed in place.
"""

import re
from typing import Any

from lxml import etree, html

INLINE = frozenset({"a", "b", "br", "code", "del", "em", "i", "img", "s", "strong", "sub", "sup", "u"})
TABLE = frozenset({"caption", "table", "tbody", "td", "th", "thead", "tr"})
_LEVELS = frozenset({"h2", "h3", "h4", "h5", "h6"})
BLOCKS = _LEVELS | {"blockquote", "figcaption", "figure", "hr", "li", "ol", "p", "pre", "ul"}
_GROUPS = "tfoot center div section article main header footer address aside nav dl dd dt"
_BOXES = TABLE - {"caption"} | frozenset(_GROUPS.split())
_KNOWN = INLINE | TABLE | BLOCKS | _BOXES | {"html", "body", "h1"}
_LONGEST_CELL = 120
"""Characters in a cell of data."""
_NOTHING = "\xa0 \t\n\r\u200b\u200c\ufeff\u034f\xad|·•/"
"""What says nothing alone: blanks, and what parted links that were taken out."""
_ENDS_BLOCK = re.compile(r"(</(?:p|h[2-6]|ul|ol|li|table|tr|blockquote|figure|pre)>|<hr>)\s*")
_LINE_ENDS = re.compile("[\x0b\x0c\x85\u2028\u2029]")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(?![.\d])", re.IGNORECASE
)
_NO_LETTERS = re.compile(r"font-size\s*:\s*0(?![.\d])", re.IGNORECASE)
_LETTERS = re.compile(r"font(?:-size)?\s*:[^;]*?(?:[1-9]|0?\.\d|medium|large|small)", re.IGNORECASE)
_DEEP = html.HTMLParser(huge_tree=True, encoding="utf-8")
"""Whatever encoding the text says it has; what is nested over 256 deep would be cut off without a word."""
Element = Any
"""lxml's; its stubs know half of it."""


def foreign_document(source: str) -> Element:
    """The tree of whatever is in a file, also of nothing; without characters that can be read and not written."""
    try:
        root: Element = html.document_fromstring(source.encode(errors="replace"), parser=_DEEP)
    except etree.ParserError:
        return html.document_fromstring("<p></p>")
    for element in root.iter():
        element.text, element.tail = _fit(element.text or ""), _fit(element.tail or "")
        for name, value in element.attrib.items():
            if (fit := _fit(value)) != value:
                element.set(name, fit)
    return root


def is_unseen(element: Element) -> bool:
    """Whether nobody saw its words. A box without a size of letters (MJML, to close up what is in it) may hold some."""
    style = element.get("style") or ""
    if element.get("hidden") is not None or _HIDDEN.search(style):
        return True
    return bool(_NO_LETTERS.search(style)) and not any(
        _LETTERS.search(one.get("style") or "") for one in element.iter()
    )


def undo_layout(root: Element) -> None:
    """Cells and boxes become paragraphs where words stand in them alone; those around others are taken away.

    So is what is neither: `font`, `span`, `o:p`.
    """
    for element in list(root.iter()):
        if element.tag not in _KNOWN and element.getparent() is not None:
            element.drop_tag()
    data = {inside for table in root.iter("table") if _is_data(table) for inside in table.iter()}
    around = _around_blocks(root)
    for element in list(root.iter(*_BOXES)):
        if element not in data:
            _undo(element, is_around=element in around)
    for body in root.iter("body"):
        _paragraphs_in(body)


def order_headings(root: Element, title: str) -> None:
    """The page's title is its only h1, so the highest level here becomes the second, and no level is left out.

    A heading above all others that only says the title again, or part of it, is left out.
    """
    headings = [one for one in root.iter("h1", *_LEVELS) if element_words(one) or one.find(".//img") is not None]
    if headings and _says_title(headings, title):
        headings.pop(0).drop_tree()
    levels = sorted({heading.tag for heading in headings})
    number = 0
    for heading in headings:
        level = min(2 + levels.index(heading.tag), 6)
        heading.tag = f"h{level}"
        heading.attrib.pop("id", None)
        if level == 2 and element_words(heading):
            number += 1
            heading.set("id", f"story-{number:02d}")


def _says_title(headings: list[Element], title: str) -> bool:
    words, levels = element_words(headings[0]), [one.tag for one in headings]
    return words == title or (
        bool(words) and words in title and levels.count(min(levels)) == 1 and levels[0] == min(levels)
    )


def leave_out_the_empty(root: Element) -> None:
    """From the innermost out; a picture, a line and a cell say something without words."""
    for element in reversed(list(root.iter("p", "em", "strong", "b", "i", "u", "li", "ul", "ol", "a", "h1", *_LEVELS))):
        if not element.text_content().strip(_NOTHING) and element.find(".//img") is None:
            element.drop_tree()


def element_words(element: Element) -> str:
    return " ".join(element.text_content().split())


def a_block_a_line(body: str) -> str:
    """HTML so that git shows which block changed."""
    return _ENDS_BLOCK.sub(r"\1\n", body).strip() + "\n"


def _fit(text: str) -> str:
    return _UNFIT.sub("", _LINE_ENDS.sub(" ", text))


def _around_blocks(root: Element) -> set[Element]:
    """The elements with a block anywhere inside."""
    around: set[Element] = set()
    for element in reversed(list(root.iter())):
        if element.tag in BLOCKS | _BOXES or element.tag == "h1" or element in around:
            around.add(element.getparent())
    return around


def _undo(element: Element, *, is_around: bool) -> None:
    if is_around:
        _paragraphs_in(element)
        element.drop_tag()
    else:
        element.tag = "p"


def _paragraphs_in(element: Element) -> None:
    """Words that stand beside blocks, not in one, get a paragraph of their own."""
    paragraph: Element | None = None
    text, element.text = element.text or "", None
    if text.strip():
        paragraph = _paragraph(text)
    children = list(element)
    if paragraph is not None:
        element.insert(0, paragraph)
    for child in children:
        if child.tag in INLINE:
            if paragraph is None:
                paragraph = _paragraph("")
                child.addprevious(paragraph)
            paragraph.append(child)
            continue
        paragraph = None
        tail, child.tail = child.tail or "", None
        if tail.strip():
            paragraph = _paragraph(tail)
            child.addnext(paragraph)


def _paragraph(text: str) -> Element:
    made = html.Element("p")
    made.text = text
    return made


def _is_data(table: Element) -> bool:
    """Whether rows and columns mean something: it has headings of columns, or short words in each cell of each row."""
    if table.find(".//table") is not None:
        return False
    if table.find(".//th") is not None:
        return True
    rows = [row.findall("td") for row in table.iter("tr")]
    same = {len(row) for row in rows}
    if len(rows) < 2 or len(same) != 1 or min(same) < 2:
        return False
    return all(
        0 < len(element_words(cell)) < _LONGEST_CELL and cell.find(".//img") is None for row in rows for cell in row
    )
