"""What each element of a letter looks like: colour, ground, size of its text, in light and in the dark.

Touches: nothing. A small cascade over style attributes, presentational attributes and the style sheet that stays in the
letter. Limits: the properties that make text readable; what cannot be known, such as text on a picture, is None.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice

from newsletter.check.page import Page, StartTag
from newsletter.edition.css_colour import CURRENT, colour_of
from newsletter.edition.stylesheet import Declaration, StyleRule, declarations_of, style_rules
from newsletter.settings.colours import mixed

from .selectors import Selector, matches, selectors_of
from .sizes import heading_scale, pixels


class DisplayMode(Enum):
    """How a mail program shows a letter."""

    LIGHT = "light"
    DARK = "dark"
    """By the media query."""
    OUTLOOK_DARK = "outlook"
    """By `[data-ogsc]` and `[data-ogsb]`, as Outlook's own dark mode."""


@dataclass(frozen=True, slots=True)
class ComputedStyle:
    """Of one element's text; a colour is `#rrggbb`, None where it cannot be known."""

    colour: str | None
    ground: str | None
    size: float = 16.0
    """CSS pixels."""
    bold: bool = False
    hidden: bool = False


_LINKS = {DisplayMode.LIGHT: "#0000ee", DisplayMode.DARK: "#9e9eff", DisplayMode.OUTLOOK_DARK: "#0000ee"}
# Canvas and text of Chromium's and WebKit's dark scheme, for a page that says it knows the dark.
_DARK_CANVAS = ComputedStyle(colour="#ffffff", ground="#121212")
_CANVAS = ComputedStyle(colour="#000000", ground="#ffffff")
_BOLD = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_DARK_QUERY = re.compile(r"prefers-color-scheme\s*:\s*dark", re.IGNORECASE)
_LIGHT_QUERY = re.compile(r"prefers-color-scheme\s*:\s*light", re.IGNORECASE)
_EVERYWHERE = frozenset({"", "all", "screen", "only screen"})
_OUTLOOK = re.compile(r"^\[data-ogs[bc]\]\s+", re.IGNORECASE)
_WORDS = re.compile(r"[^\s(]+(?:\([^()]*\))?")
_PAINTED = re.compile(r"(?:url|gradient|image|image-set)\(", re.IGNORECASE)
_KEYWORDS = frozenset({"inherit", "initial", "unset", "revert"})
_BOLD_FROM = 700
_LOOKED_AT = frozenset(
    {"background", "background-color", "background-image", "color", "font", "font-size", "font-weight"}
    | {"display", "max-height", "opacity", "overflow", "visibility"}
)
_MOST_RULES = 500
"""Gmail reads 16 KB of style sheets, some 400 rules; what is behind is not looked at."""
_Rule = tuple[Selector, tuple[Declaration, ...]]


def computed_styles(page: Page, mode: DisplayMode) -> list[ComputedStyle]:
    """The style of every tag of the page, by its index."""
    canvas = _DARK_CANVAS if mode is DisplayMode.DARK and _knows_the_dark(page) else _CANVAS
    rules = _Rules(_applied((rule for sheet in page.styles for rule in style_rules(sheet)), mode))
    found: list[ComputedStyle] = []
    for tag in page.tags:
        around = found[tag.parent.index] if tag.parent else canvas
        found.append(_style_of(tag, around, _cascaded(tag, rules), mode))
    return found


def _knows_the_dark(page: Page) -> bool:
    return any(meta.get("name") == "color-scheme" and "dark" in meta.get("content") for meta in page.named("meta"))


class _Rules:
    """Style rules by what their selectors end in, so that an element is held against few of them."""

    def __init__(self, rules: Iterable[_Rule]) -> None:
        self._by_end: dict[str, list[tuple[int, _Rule]]] = {}
        for order, rule in enumerate(islice(rules, _MOST_RULES)):
            self._by_end.setdefault(rule[0].compounds[-1].end, []).append((order, rule))

    def reaching(self, tag: StartTag) -> Iterator[tuple[Declaration, ...]]:
        """The declarations that hold for an element, the strongest last (CSS Cascade 4: weight, then order)."""
        ends = {"", tag.name, f"#{tag.get('id')}", *(f".{name}" for name in tag.get("class").split())}
        found = [
            (selector.weight, order, declarations)
            for end in ends
            for order, (selector, declarations) in self._by_end.get(end, ())
            if matches(selector, tag)
        ]
        return (declarations for _, _, declarations in sorted(found, key=lambda one: one[:2]))


def _applied(rules: Iterable[StyleRule], mode: DisplayMode) -> Iterator[_Rule]:
    """The style rules that hold in a mode, in order, one selector each."""
    for rule in rules:
        if rule.keyword == "media":
            if _holds(rule.prelude, mode):
                yield from _applied(rule.rules, mode)
        elif not rule.keyword:
            text = rule.selector
            if mode is DisplayMode.OUTLOOK_DARK:
                text = ",".join(_OUTLOOK.sub("", part.strip()) for part in text.split(","))
            declarations = tuple(one for one in rule.declarations if one.name in _LOOKED_AT)
            if declarations:
                yield from ((selector, declarations) for selector in selectors_of(text))


def _holds(query: str, mode: DisplayMode) -> bool:
    wanted = _DARK_QUERY if mode is DisplayMode.DARK else _LIGHT_QUERY
    return query.strip().lower() in _EVERYWHERE or bool(wanted.search(query))


def _cascaded(tag: StartTag, rules: _Rules) -> Mapping[str, str]:
    """The value of each property that something sets (CSS Cascade 4: importance, style attribute, weight, order)."""
    inline = declarations_of(tag.get("style"))
    layers = [declaration for declarations in rules.reaching(tag) for declaration in declarations]
    values: dict[str, str] = {}
    for important in (False, True):
        for declaration in (*layers, *inline):
            if declaration.important is important and declaration.value:
                _set(values, declaration)
    return values


def _set(values: dict[str, str], declaration: Declaration) -> None:
    if declaration.name == "background":
        values["background-color"] = _colour_in(declaration.value)
        values["background-image"] = declaration.value if _PAINTED.search(declaration.value) else ""
    elif declaration.name == "font":
        values["font-size"] = _size_in(declaration.value)
        values["font-weight"] = "bold" if re.search(r"\bbold|\b[789]00\b", declaration.value.lower()) else "normal"
    elif not declaration.name.endswith("color") or _could_be_colour(declaration.value):
        values[declaration.name] = declaration.value


def _could_be_colour(value: str) -> bool:
    """A declaration that is none is not there at all, and the one before it holds."""
    return bool(colour_of(value)) or "(" in value or value.lower() in _KEYWORDS


def _colour_in(shorthand: str) -> str:
    return next((word for word in _WORDS.findall(shorthand) if colour_of(word)), "transparent")


def _size_in(shorthand: str) -> str:
    return next((word.partition("/")[0] for word in _WORDS.findall(shorthand) if re.match(r"[\d.]+[a-z%]", word)), "")


def _style_of(tag: StartTag, around: ComputedStyle, values: Mapping[str, str], mode: DisplayMode) -> ComputedStyle:
    plain = tag.name == "a" and "href" in tag.attributes
    colour = _ink(values.get("color") or _legacy(tag, "color", "text"), around.colour, _LINKS[mode] if plain else None)
    size = pixels(values.get("font-size", ""), around.size, heading_scale(tag.name))
    style = ComputedStyle(
        colour=colour,
        ground=_ground(tag, values, replace(around, colour=colour)),
        size=size,
        bold=_bold(tag, values.get("font-weight", "").lower(), inherited=around.bold),
        hidden=around.hidden or _hidden(tag, values),
    )
    return style if style.colour is None or style.ground is None else _seen(style, values)


def _seen(style: ComputedStyle, values: Mapping[str, str]) -> ComputedStyle:
    """Ink that is partly transparent takes on the ground's colour."""
    found = colour_of(values.get("color", ""))
    if found is None or found[0] == CURRENT or found[1] == 1 or style.ground is None:
        return style
    return replace(style, colour=mixed(style.ground, found[0], found[1]), hidden=style.hidden or found[1] == 0)


def _ink(value: str, inherited: str | None, default: str | None) -> str | None:
    found = colour_of(value) if value else None
    if found and found[0] != CURRENT:
        return found[0]
    if value and "(" in value:
        return None  # var(), oklch(): a colour, but which one
    return inherited if value or default is None else default


def _ground(tag: StartTag, values: Mapping[str, str], style: ComputedStyle) -> str | None:
    value = values.get("background-color") or _legacy(tag, "bgcolor")
    found = colour_of(value) if value else None
    image = values.get("background-image", "")
    if found and found[0] == CURRENT:
        found = (style.colour, found[1]) if style.colour else None
    if found and found[1] == 1:
        return found[0]
    if _PAINTED.search(image) or tag.get("background") or (value and found is None and "(" in value):
        return None  # a picture, a gradient, a variable
    return mixed(style.ground, found[0], found[1]) if found and style.ground else style.ground


def _legacy(tag: StartTag, *names: str) -> str:
    """The colour of a presentational attribute, whose hash may be left out (HTML 2.4.6)."""
    if "color" in names and tag.name not in {"font", "body"}:
        return ""
    value = next((tag.get(name) for name in names if tag.get(name)), "")
    return f"#{value}" if re.fullmatch(r"[0-9A-Fa-f]{6}", value) else value


def _bold(tag: StartTag, weight: str, *, inherited: bool) -> bool:
    if weight.isdigit():
        return int(weight[:5]) >= _BOLD_FROM
    if weight in {"bold", "bolder", "normal", "lighter"}:
        return weight.startswith("bold")
    return inherited or tag.name in _BOLD


def _hidden(tag: StartTag, values: Mapping[str, str]) -> bool:
    """Whether nobody sees it, as a preheader; what is a pixel high is not meant to be read."""
    clipped = pixels(values.get("max-height", ""), 0, None) == 0 and "max-height" in values
    return (
        "hidden" in tag.attributes
        or values.get("display", "").lower() == "none"
        or values.get("visibility", "").lower() == "hidden"
        or values.get("opacity", "").strip() in {"0", "0.0", "0%"}
        or (clipped and values.get("overflow", "").lower() == "hidden")
    )
