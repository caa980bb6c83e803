"""What the look of an element means for its words: bold, slanted, struck, or nothing any more. Touches: nothing.

A style says more than a tag: Google Docs puts all it copies in `<b style="font-weight:normal">`.
"""

import re

from newsletter.edition.foreign_layout import Element

from .pieces import CODE, SLANTED, STRONG, STRUCK

_TAGS = {
    "b": STRONG,
    "strong": STRONG,
    "i": SLANTED,
    "em": SLANTED,
    "cite": SLANTED,
    "dfn": SLANTED,
    "var": SLANTED,
    "s": STRUCK,
    "strike": STRUCK,
    "del": STRUCK,
    "code": CODE,
    "kbd": CODE,
    "samp": CODE,
    "tt": CODE,
}
_WEIGHT = re.compile(r"(?:^|[;\s])font-weight\s*:\s*(\w+)", re.IGNORECASE)
_STYLE = re.compile(r"(?:^|[;\s])font-style\s*:\s*(\w+)", re.IGNORECASE)
_STRIKE = re.compile(r"(?:^|[;\s])text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_COLOUR = re.compile(
    r"(?:^|[;\s])(?:color|background(?:-color)?)\s*:\s*(?!\s)"
    r"(?!black|windowtext|auto|transparent|none|white|inherit|initial|currentcolor|#000000|#000\b|#fff|rgba?\((?:0|255))",
    re.IGNORECASE,
)
_UNDERLINE = re.compile(r"text-decoration(?:-line)?\s*:[^;]*underline", re.IGNORECASE)
_BOLD = 600


def marks_of(element: Element, around: frozenset[str]) -> frozenset[str]:
    """The emphasis of the words in an element that stands in such emphasis."""
    style = element.get("style") or ""
    marks = set(around)
    if mark := _TAGS.get(element.tag):
        marks.add(mark)
    if weight := _WEIGHT.search(style):
        is_bold = int(weight[1]) >= _BOLD if weight[1].isdecimal() else weight[1].lower() in {"bold", "bolder"}
        (marks.add if is_bold else marks.discard)(STRONG)
    if slant := _STYLE.search(style):
        (marks.add if slant[1].lower() in {"italic", "oblique"} else marks.discard)(SLANTED)
    if _STRIKE.search(style):
        marks.add(STRUCK)
    return frozenset(marks)


def has_looks(element: Element) -> bool:
    """Whether its colour or a line under it may have meant something; those of a link are the link's."""
    style = element.get("style") or ""
    if element.tag in {"u", "mark"} or (element.tag == "font" and element.get("color")):
        return True
    is_link = element.tag == "a" or element.getparent().tag == "a" or element.find("a") is not None
    return not is_link and bool(_COLOUR.search(style) or _UNDERLINE.search(style))
