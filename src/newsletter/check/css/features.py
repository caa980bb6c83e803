"""Which of caniemail's features a page uses, each with the tag and the words that use it. Touches: nothing.

Limits: by name, as caniemail's addresses have them; a property of a family (padding-left) counts as the family
(padding). What stands in Outlook's conditional comments is not looked at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from newsletter.check.page import Page, StartTag
from newsletter.edition.stylesheet import Declaration, StyleRule, declarations_of, style_rules

_FAMILY = re.compile(
    r"(?P<family>padding|margin|border|list-style|text-decoration|background|outline|animation|transition|scroll-snap)-"
    r"(?!radius|collapse|spacing|image|color|position|repeat|size|clip|origin|type|line|style$|thickness|inline|block|"
    r"offset|skip-ink|blend-mode)"
)
_SAME = {
    **dict.fromkeys(("column-gap", "row-gap", "grid-gap", "grid-column-gap", "grid-row-gap"), "gap"),
    **dict.fromkeys(
        ("columns", "column-width", "column-rule", "column-span", "column-fill"), "column-layout-properties"
    ),
    **dict.fromkeys(("grid-template-columns", "grid-template-rows", "grid-template-areas"), "grid-template"),
    **dict.fromkeys(("left", "right", "top", "bottom"), "left-right-top-bottom"),
    **dict.fromkeys(("margin-block", "margin-inline"), "margin-inline-block"),
    **dict.fromkeys(("margin-block-start", "margin-block-end"), "margin-block-start-end"),
    **dict.fromkeys(("margin-inline-start", "margin-inline-end"), "margin-inline-start-end"),
    **dict.fromkeys(("padding-block", "padding-inline"), "padding-inline-block"),
    **dict.fromkeys(("padding-block-start", "padding-block-end"), "padding-block-start-end"),
    **dict.fromkeys(("padding-inline-start", "padding-inline-end"), "padding-inline-start-end"),
    **dict.fromkeys(("border-inline", "border-block"), "border-inline-block"),
    **dict.fromkeys(("block-size", "inline-size"), "block-inline-size"),
}
"""Properties that caniemail tests together."""
_DISPLAYS = {"inline-flex": "flex", "inline-grid": "grid"}
_PSEUDO = re.compile(r"(::?)([a-z-]+)")
_OLD_ELEMENTS = frozenset({"before", "after", "first-letter", "first-line"})
"""Pseudo-elements that CSS 2 wrote with one colon."""
_UNIT = re.compile(r"(?<![\w#])-?[\d.]+(px|em|rem|vh|vw|vmin|vmax|ch|ex|cm|in|mm|pc|pt|%)(?![\w])")
_FUNCTION = re.compile(
    r"\b(rgb|rgba|calc|clamp|min|max|linear-gradient|radial-gradient|conic-gradient|var|light-dark|lch|oklch|lab|oklab)\("
)
_FUNCTIONS = {
    "rgb": "css-rgb",
    "rgba": "css-rgba",
    "calc": "css-unit-calc",
    "var": "css-variables",
    **{name: f"css-function-{name}" for name in ("clamp", "min", "max", "light-dark")},
    **dict.fromkeys(("lch", "oklch", "lab", "oklab"), "css-modern-color"),
}
_INTRINSIC = re.compile(r"\b(?:fit-content|min-content|max-content)\b")
_ELEMENTS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "h1-h6"),
    **dict.fromkeys(("ul", "ol", "li", "dl", "dt", "dd"), "lists"),
    **dict.fromkeys(("article", "aside", "figure", "footer", "header", "main", "nav", "section", "time"), "semantics"),
    **dict.fromkeys(("table", "tr", "td", "th", "tbody", "thead"), "table"),
}
_ATTRIBUTES = {
    **{name: name for name in ("align", "background", "cellpadding", "cellspacing", "dir", "height", "hidden", "lang")},
    **{name: name for name in ("popover", "required", "role", "srcset", "target", "valign", "width")},
    **{f"aria-{name}": f"aria-{name}" for name in ("describedby", "hidden", "label", "labelledby", "live")},
    "sizes": "srcset",
    "loading": "loading-attribute",
    "usemap": "image-maps",
}
"""Those that caniemail has tested; one may be called like an element (`style`), which is another thing."""
_PICTURE = re.compile(r"\.(svg|avif|apng|bmp|heif|heic|hdr|ico|mp4|tiff?)(?:[?#]|$)", re.IGNORECASE)
_PICTURES = {"heic": "heif", "tif": "tiff"}
_SHOWN = 40
_ASKED = re.compile(r"prefers-color-scheme|prefers-reduced-motion|orientation|hover|device-pixel-ratio")
_SIGNS = {
    "attribute": re.compile(r"\["),
    "class": re.compile(r"\.[\w\\-]"),
    "id": re.compile(r"#[\w-]"),
    "child": re.compile(r">"),
    "adjacent-sibling": re.compile(r"\+"),
    "general-sibling": re.compile(r"~"),
    "universal": re.compile(r"\*"),
    "chaining": re.compile(r"\.[\w-]+\."),
    "type": re.compile(r"(?:^|[\s,>+~])[a-z]"),
    "descendant": re.compile(r"[\w\])*]\s+[\w.#\[:*]"),
}


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a feature: `css-display-flex` by `display:flex` in the style of a tag, or in a style sheet."""

    feature: str
    words: str
    """What uses it, as written: a declaration, a selector, `<video>`."""
    tag: StartTag
    in_sheet: bool = False


def uses_of(page: Page) -> Iterator[Use]:
    """Every use, in the order of the page; then what the style sheets use, whose tag is the first `<style>`."""
    for tag in page.tags:
        for feature in _of_element(tag):
            yield Use(feature, f"<{tag.name}>", tag)
        for name, value in tag.attributes.items():
            for feature, words in _of_attribute(name, (value or "").strip()):
                yield Use(feature, words, tag)
    style = next(iter(page.named("style")), None)
    if style:
        for sheet in page.styles:
            for feature, words in _of_sheet(sheet):
                yield Use(feature, words, style, in_sheet=True)


def _of_element(tag: StartTag) -> Iterator[str]:
    if tag.name != "style":  # what a style sheet costs is told by what is in it, and counted there
        yield f"html-{_ELEMENTS.get(tag.name, tag.name)}"
    if tag.name == "meta" and tag.get("name") == "color-scheme":
        yield "html-meta-color-scheme"
    picture = _PICTURE.search(tag.get("src")) if tag.name == "img" else None
    if picture:
        kind = picture[1].lower()
        yield f"image-{_PICTURES.get(kind, kind)}"


def _of_attribute(name: str, value: str) -> Iterator[tuple[str, str]]:
    if name in _ATTRIBUTES:
        yield f"html-{_ATTRIBUTES[name]}", f"{name}={value[:_SHOWN]}"
    elif name == "style":
        yield from _of_style(value)
    elif name == "href" and value.startswith("mailto:"):
        yield "html-mailto-links", "mailto:"
    elif name == "href" and value.startswith("#"):
        yield "html-anchor-links", value[:_SHOWN]


@lru_cache(maxsize=4096)
def _of_style(style: str) -> tuple[tuple[str, str], ...]:
    return tuple((feature, str(one)) for one in declarations_of(style) for feature in _of_declaration(one))


@lru_cache(maxsize=64)
def _of_sheet(css: str) -> tuple[tuple[str, str], ...]:
    comment = [("css-comments", "/*…*/")] if "/*" in css else []
    return (("html-style", "<style>"), *comment, *_of_rules(style_rules(css)))


def _of_rules(rules: tuple[StyleRule, ...]) -> Iterator[tuple[str, str]]:
    for rule in rules:
        if rule.keyword:
            words = f"@{rule.keyword} {rule.prelude}".strip()
            yield f"css-at-{rule.keyword}", words
            yield from ((f"css-at-media-{asked}", words) for asked in _ASKED.findall(rule.prelude))
        elif rule.selector:
            yield from ((feature, rule.selector) for feature in _of_selector(rule.selector))
            if rule.rules:
                yield "css-nesting", rule.selector
        for one in rule.declarations if rule.keyword != "font-face" else ():
            yield from ((feature, str(one)) for feature in _of_declaration(one))
        if rule.keyword != "keyframes":
            yield from _of_rules(rule.rules)


def _of_selector(selectors: str) -> Iterator[str]:
    if "," in selectors:
        yield "css-selector-grouping"
    for colons, name in _PSEUDO.findall(selectors):
        element = colons == "::" or name in _OLD_ELEMENTS
        yield f"css-pseudo-{'element' if element else 'class'}-{name}"
    bare = re.sub(r"\[[^\]]*\]", "[]", selectors).strip()
    yield from (f"css-selector-{name}" for name, sign in _SIGNS.items() if sign.search(bare))


def _of_declaration(one: Declaration) -> Iterator[str]:
    name, value = one.name, one.value.lower()
    family = _FAMILY.match(name)
    yield f"css-{family['family'] if family else _SAME.get(name, name)}"
    if one.important:
        yield "css-important"
    if name == "display":
        yield f"css-display-{_DISPLAYS.get(value, value)}"
    if name == "background" and "url(" in value:
        yield "css-background-image"
    if name.startswith("--"):
        yield "css-variables"
    if value == "initial":
        yield "css-unit-initial"
    if _INTRINSIC.search(value):
        yield "css-intrinsic-size"
    if name == "font-family" and "system-ui" in value:
        yield "css-sytem-ui"
    yield from (f"css-unit-{unit.replace('%', 'percent')}" for unit in _UNIT.findall(value))
    yield from (_FUNCTIONS.get(called, f"css-{called}") for called in _FUNCTION.findall(value))
