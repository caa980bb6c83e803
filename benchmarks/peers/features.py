"""Which of caniemail's features a letter uses, and where: in its markup, its style sheets, or for Outlook alone.

Touches: nothing. Limits: by name; a feature that caniemail has no data for does not count, and a property of a family
(padding-left) counts as the family (padding).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import lxml.html
import tinycss2
from lxml.html import HtmlElement

_ALIKE = re.compile(
    r"(?P<family>padding|margin|border|list-style|text-decoration|background|outline)-(?!radius|collapse|spacing|image|color|"
    r"position|repeat|size|clip|origin|type|line|style$|thickness|inline|block|offset|skip-ink|blend-mode)"
)
_PSEUDO = re.compile(r"(::?)([a-z-]+)")
_UNIT = re.compile(r"(?<![\w#])-?[\d.]+(px|em|rem|vh|vw|vmin|vmax|ch|ex|cm|in|mm|pc|pt|%)(?![\w])")
_FUNCTION = re.compile(
    r"\b(rgb|rgba|hsl|calc|clamp|min|max|linear-gradient|radial-gradient|conic-gradient|var|light-dark)\("
)
_ELEMENTS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "h1-h6"),
    **dict.fromkeys(("ul", "ol", "li", "dl", "dt", "dd"), "lists"),
    **dict.fromkeys(("article", "aside", "figure", "footer", "header", "main", "nav", "section", "time"), "semantics"),
    **dict.fromkeys(("table", "tr", "td", "th", "tbody", "thead"), "table"),
}
_FUNCTIONS = {"rgb": "css-rgb", "rgba": "css-rgba", "calc": "css-unit-calc", "var": "css-variables"}
_CONDITION = re.compile(r"<!--\[if ([^\]]*)\]>(.*?)<!\[endif\]-->", re.DOTALL)
_TO_ALL_OTHERS = re.compile(r"<!--\[if !mso[^\]]*\]>(<!--)?\s*-*>?|<!--\s*<!\[endif\]-->|<!\[endif\]-->")


@dataclass(frozen=True)
class Features:
    """Names of features, as caniemail's addresses have them; one can be in more than one of the sets."""

    inline: set[str] = field(default_factory=set)
    """Of the markup and its style attributes."""
    sheets: set[str] = field(default_factory=set)
    outlook: set[str] = field(default_factory=set)
    """Inside `<!--[if mso]>`: nobody else sees them."""


def features_of(html: str) -> Features:
    found = Features()
    for condition, content in _CONDITION.findall(html):
        if "!mso" not in condition:
            markup = re.sub(r"</?(?:xml|o:|v:|w:)[^>]*>", "", content)
            if markup.strip():
                fragment = lxml.html.fragments_fromstring(f"<div>{markup}</div>")[0]
                found.outlook.update(_of_tree(fragment), *map(_of_sheet, _sheets(fragment)))
    seen = _TO_ALL_OTHERS.sub("", _CONDITION.sub(lambda kept: kept[0] if "!mso" in kept[1] else "", html))
    tree = lxml.html.document_fromstring(seen)
    if re.match(r"\s*<!doctype html>", html, re.IGNORECASE):
        found.inline.add("html-doctype")
    found.inline.update(_of_tree(tree))
    found.sheets.update(*map(_of_sheet, _sheets(tree)))
    return found


def _sheets(tree: HtmlElement) -> list[str]:
    return [style.text or "" for style in tree.iter("style")]


def _of_tree(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter():
        if not isinstance(element.tag, str):
            yield "html-comments"
            continue
        yield f"html-{_ELEMENTS.get(element.tag, element.tag)}"
        for name, value in element.attrib.items():
            yield f"html-{name}"
            if name == "style":
                yield from _of_declarations(str(value))
            if name == "href" and str(value).startswith("mailto:"):
                yield "html-mailto-links"
            if name == "href" and str(value).startswith("#"):
                yield "html-anchor-links"
        if element.tag == "meta" and element.get("name") == "color-scheme":
            yield "html-meta-color-scheme"


def _of_sheet(css: str) -> Iterator[str]:
    yield "html-style"
    if "/*" in css:
        yield "css-comments"
    yield from _of_rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))


def _of_rules(rules: list[tinycss2.ast.Node]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "at-rule":
            yield f"css-at-{rule.lower_at_keyword}"
            prelude = tinycss2.serialize(rule.prelude)
            for asked in re.findall(r"prefers-color-scheme|prefers-reduced-motion|orientation|hover", prelude):
                yield f"css-at-media-{asked}"
            if rule.content and rule.lower_at_keyword in ("media", "supports"):
                yield from _of_rules(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))
        elif rule.type == "qualified-rule":
            yield from _of_selectors(tinycss2.serialize(rule.prelude))
            yield from _of_declarations(tinycss2.serialize(rule.content))


def _of_selectors(selectors: str) -> Iterator[str]:
    if "," in selectors:
        yield "css-selector-grouping"
    for colons, name in _PSEUDO.findall(selectors):
        yield f"css-pseudo-{'element' if colons == '::' or name in ('before', 'after') else 'class'}-{name}"
    bare = re.sub(r"\[[^\]]*\]", "[]", selectors)
    signs = {
        "attribute": r"\[",
        "class": r"\.[\w\\-]",
        "id": r"#[\w-]",
        "child": r">",
        "adjacent-sibling": r"\+",
        "general-sibling": r"~",
        "universal": r"\*",
        "chaining": r"\.[\w-]+\.",
        "type": r"(?:^|[\s,>+~])[a-z]",
        "descendant": r"[\w\])*]\s+[\w.#\[:*]",
    }
    yield from (f"css-selector-{name}" for name, sign in signs.items() if re.search(sign, bare.strip()))


def _of_declarations(css: str) -> Iterator[str]:
    for part in tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True):
        if part.type != "declaration":
            continue
        name, value = part.lower_name, tinycss2.serialize(part.value).strip().lower()
        alike = _ALIKE.match(name)
        yield f"css-{alike['family'] if alike else name}"
        if part.important:
            yield "css-important"
        if name == "display":
            yield f"css-display-{value}"
        if name in ("left", "right", "top", "bottom"):
            yield "css-left-right-top-bottom"
        if value == "initial":
            yield "css-unit-initial"
        yield from (f"css-unit-{unit.replace('%', 'percent')}" for unit in _UNIT.findall(value))
        yield from (_FUNCTIONS.get(called, f"css-{called}") for called in _FUNCTION.findall(value))
