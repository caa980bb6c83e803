"""The lists of Word, which are paragraphs with a style, as lists; the tree is changed in place. Touches: nothing.

`mso-list: l0 level2 lfo1` says how deep an item stands, and what Word drew before it (`·`, `1.`, `가.`) is in a span
with `mso-list: Ignore`. A number makes a number list; a letter or a circled figure, which no Markdown has, stays as
text before its item. Word on the web writes a list for each item, and how deep it stands as `data-aria-level`. Limits:
what somebody typed before a paragraph is text.
"""

import re

from lxml import html

from newsletter.edition.foreign_layout import Element

_LEVEL = re.compile(r"mso-list\s*:[^;]*?\blevel(\d)", re.IGNORECASE)
_IGNORED = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_NUMBER = re.compile(r"\(?(\d{1,4})[.)]?")
_FONT_OF_SIGNS = re.compile(r"wingdings|webdings|symbol|courier", re.IGNORECASE)


def make_word_lists(body: Element) -> None:
    for item in list(body.iter("li")):
        _make_paragraph(item)
    for parent in {item.getparent() for item in body.iter("p", "div", "h1", "h2", "h3") if _level(item)}:
        open_lists: list[Element] = []
        for child in list(parent):
            level = _level(child)
            if not level:
                open_lists.clear()
            else:
                _append(open_lists, child, level)
            if (child.tail or "").strip():
                open_lists.clear()


def _make_paragraph(item: Element) -> None:
    """Of a list that is one item of Word on the web, the paragraph that Word itself would have written."""
    level, listed = item.get("data-aria-level") or "", item.getparent()
    around = listed.getparent()
    if (
        not re.fullmatch("[1-9]", level)
        or around is None
        or len(listed) != 1
        or "ListContainerWrapper" not in (around.get("class") or "")
    ):
        return
    mark = html.Element("span", style="mso-list:Ignore")
    mark.text = f"{item.get('data-aria-posinset') or listed.get('start') or 1}." if listed.tag == "ol" else "•"
    item.tag = "div"
    item.set("style", f"mso-list:l0 level{level} lfo1")
    item.insert(0, mark)
    mark.tail, item.text = item.text, None
    item.tail, around_tail = None, around.tail
    around.addprevious(item)
    item.tail = around_tail
    around.drop_tree()


def _append(open_lists: list[Element], paragraph: Element, level: int) -> None:
    """Move a paragraph into the list of its level; `open_lists` are those it may stand in, outermost first."""
    mark = _take_mark(paragraph)
    number = _NUMBER.fullmatch(mark)
    tag = "ol" if number else "ul"
    del open_lists[level:]
    tail, paragraph.tail = paragraph.tail, None
    if len(open_lists) == level and open_lists[-1].tag != tag:
        open_lists.pop()
    while len(open_lists) < level:
        made = html.Element(tag)
        if number:
            made.set("start", number[1])
        if not open_lists:
            paragraph.addprevious(made)
        else:
            if not len(open_lists[-1]):
                open_lists[-1].append(html.Element("li"))
            open_lists[-1][-1].append(made)
        open_lists.append(made)
    item = html.Element("li")
    open_lists[-1].append(item)
    item.append(paragraph)
    if open_lists[0].getnext() is None or tail:
        open_lists[0].tail = tail
    if mark and not number and mark[0].isalnum():
        paragraph.text = f"{mark} {paragraph.text or ''}"


def _level(element: Element) -> int:
    """From 1; 0 for what is no item."""
    style = element.get("style") or "" if isinstance(element.tag, str) else ""
    found = _LEVEL.search(style)
    return int(found[1]) if found else 0


def _take_mark(paragraph: Element) -> str:
    """What Word drew before an item, which is taken out; empty where it is a sign of a font of signs."""
    for span in paragraph.iter("span"):
        if _IGNORED.search(span.get("style") or ""):
            mark = "".join(span.itertext()).strip("\xa0 \t\n\r")
            styles = [one.get("style") or "" for one in (span, span.getparent())]
            span.drop_tree()
            return "" if len(mark) == 1 and any(map(_FONT_OF_SIGNS.search, styles)) else mark
    return ""
