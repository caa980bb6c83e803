"""Pasted HTML as a tree of what is to be read: no scripts, comments, hidden words. Touches: nothing.

Limits: 20 MB as pasted, 2 MB without pictures that stand in it, 20,000 elements, 150 levels; more is refused before it
takes long.
"""

import re

from newsletter.catalogue import phrase
from newsletter.edition.foreign_layout import Element, foreign_document, is_unseen
from newsletter.errors import InputError

from .left_out import LeftOut, LeftOutCount

LARGEST_PASTE = 20_000_000
"""Characters; pictures of a document stand in its HTML."""
MOST_WORDS = 200_000
"""Characters of a text: ten times what one text of an issue may hold."""
_LARGEST_MARKUP = 2_000_000
"""Characters; Word writes thirty for each of its words."""
_MOST_ELEMENTS = 20_000
_DEEPEST = 150
_SIGNS = re.compile(r"[\s/=]")
_MOST_SIGNS = 5_000
"""Of those that part attributes, in one tag; Word has some hundred in a style."""
_PICTURE_BYTES = re.compile(r"data:image/[a-z+.-]{1,20};base64,[A-Za-z0-9+/=\s%]{200,}", re.IGNORECASE)
_THAT_DO = (
    "script noscript template button select textarea input iframe frame frameset noframes object embed applet audio"
    " video canvas"
)
_ACTIVE = frozenset(_THAT_DO.split())
_NOTHING = frozenset(["head", "style", "title", "meta", "link", "xml", "map", "area", "base", "colgroup", "col"])
_NOTES = re.compile(r"mso-element\s*:\s*(?:foot|end)note-list", re.IGNORECASE)
_REVIEW = re.compile(r"mso-element\s*:\s*comment|mso-special-character\s*:\s*comment", re.IGNORECASE)


def pasted_tree(source: str, left_out: LeftOutCount, *, keeps_pictures: bool = False) -> Element:
    """The body. Pictures inside the HTML itself keep their bytes only with `keeps_pictures`. Raises InputError."""
    if len(source) > LARGEST_PASTE:
        raise _too_large()
    without = _PICTURE_BYTES.sub("data:", source)
    if len(without) > _LARGEST_MARKUP:
        raise _too_large()
    if any(_has_many_attributes(tag) for tag in without.split("<")):
        raise InputError(phrase("edition.pasted.is_too_deep"))
    root = foreign_document(source if keeps_pictures else without)
    _refuse_what_takes_long(root)
    body = root.find("body")
    _drop_what_goes(root, body, left_out)
    if body is None:
        return root
    if sum(len(text) for text in body.itertext()) > MOST_WORDS:
        raise _too_large()
    return body


def _drop_what_goes(root: Element, body: Element, left_out: LeftOutCount) -> None:
    gone: set[Element] = set()
    for element in list(root.iter()):
        if element is root or element is body:
            continue
        if element.getparent() in gone:
            gone.add(element)
        elif kind := _goes_with_all(element):
            if kind is not True and _says_something(element, kind):
                left_out.add(kind)
            gone.add(element)
    for element in gone:
        if element.getparent() not in gone:
            element.drop_tree()


def _has_many_attributes(tag: str) -> bool:
    """What stands behind a `<`; twice as many attributes take the parser four times as long."""
    return (
        len(tag) > _MOST_SIGNS and not tag.startswith("!") and len(_SIGNS.findall(tag.partition(">")[0])) > _MOST_SIGNS
    )


def _goes_with_all(element: Element) -> LeftOut | bool:
    """Whether it goes with all that is in it: False, True, or as what it is counted."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _NOTHING:
        return True
    if tag == "hr" and _NOTES.search(element.getparent().get("style") or ""):
        return True
    if tag in _ACTIVE:
        return LeftOut.ACTIVE
    if tag == "math" or tag == "m:omath":
        return LeftOut.FORMULAS
    style, kind = element.get("style") or "", element.get("class") or ""
    if _REVIEW.search(style) or kind in {"MsoCommentReference", "msocomanchor"}:
        return LeftOut.COMMENTS if "msocomanchor" in kind or "comment-list" not in style else True
    if tag == "del" and (element.get("cite") or element.get("datetime")):
        return LeftOut.REVISIONS
    return LeftOut.HIDDEN if is_unseen(element) else False


def _says_something(element: Element, kind: LeftOut) -> bool:
    """What is hidden and empty was never missed."""
    return kind is not LeftOut.HIDDEN or bool("".join(element.itertext()).strip())


def _refuse_what_takes_long(root: Element) -> None:
    levels: dict[Element, int] = {}
    for element in root.iter():
        levels[element] = levels.get(element.getparent(), 0) + 1
        if levels[element] > _DEEPEST or len(levels) > _MOST_ELEMENTS:
            raise InputError(phrase("edition.pasted.is_too_deep"))


def _too_large() -> InputError:
    return InputError(phrase("edition.pasted.is_too_large", most=f"{MOST_WORDS:,}"))
