"""Does a CSS selector reach an element? `selectors_of(".paper a")` and `matches(selector, tag)`. Touches: nothing.

Limits: types, classes, ids, attributes, descendants and children, which is all that mail programs know alike. What has
anything else in it, such as `:hover` or `u + .body`, reaches nothing.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from newsletter.check.page import StartTag

_NAME = r"[A-Za-z_-][\w-]*"
_PIECE = re.compile(
    rf"""(?P<type>{_NAME}|\*)|\.(?P<class>{_NAME})|\#(?P<id>{_NAME})"""
    rf"""|\[\s*(?P<attribute>{_NAME})\s*(?:(?P<test>[~|^$*]?=)\s*(?P<value>"[^"]*"|'[^']*'|[\w-]+)\s*)?\]"""
)
_STEP = re.compile(r"\s*>\s*|\s+")
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Compound:
    """What stands without a space in a selector: `td.paper[lang]`."""

    type: str = ""
    classes: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    attributes: tuple[tuple[str, str, str], ...] = ()
    """Name, test (`=`, `~=`, …, or nothing) and value."""
    child: bool = False
    """It must stand right in the element of the compound before it."""

    @property
    def end(self) -> str:
        """One thing that an element must have to fit: `#id`, `.class` or its type; empty where that is unknown."""
        signs = [f"#{name}" for name in self.ids] + [f".{name}" for name in self.classes]
        return min(signs, default=self.type)


@dataclass(frozen=True, slots=True)
class Selector:
    compounds: tuple[Compound, ...]

    @property
    def weight(self) -> tuple[int, int, int]:
        """Its specificity (CSS Selectors 4, 17)."""
        return (
            sum(len(one.ids) for one in self.compounds),
            sum(len(one.classes) + len(one.attributes) for one in self.compounds),
            sum(bool(one.type) for one in self.compounds),
        )


@lru_cache(maxsize=2048)
def selectors_of(text: str) -> tuple[Selector, ...]:
    """The selectors of a list; those that cannot be read are left out."""
    if len(text) > _LONGEST:
        return ()
    return tuple(selector for part in text.split(",") if (selector := _selector(part.strip())))


def matches(selector: Selector, tag: StartTag) -> bool:
    *before, last = selector.compounds
    return _fits(last, tag) and _reached(before, last, tag)


def _reached(before: list[Compound], after: Compound, tag: StartTag) -> bool:
    """Whether the compounds before `after`, which fits `tag`, fit elements around it, taking the nearest each time."""
    # Taking the nearest is not the whole of CSS where a child stands before a descendant; no letter needs more.
    if not before:
        return True
    *rest, wanted = before
    around = tag.around()
    candidates = [tag.parent] if after.child else around
    found = next((outer for outer in candidates if outer is not None and _fits(wanted, outer)), None)
    return found is not None and _reached(rest, wanted, found)


def _fits(compound: Compound, tag: StartTag) -> bool:
    return (
        compound.type in ("", tag.name)
        and (not compound.classes or compound.classes <= set(tag.get("class").split()))
        and (not compound.ids or compound.ids == {tag.get("id")})
        and all(_has(tag, *wanted) for wanted in compound.attributes)
    )


def _has(tag: StartTag, name: str, test: str, value: str) -> bool:
    if name not in tag.attributes:
        return False
    given = tag.attributes[name] or ""
    return {
        "": True,
        "=": given == value,
        "~=": value in given.split(),
        "|=": given == value or given.startswith(f"{value}-"),
        "^=": bool(value) and given.startswith(value),
        "$=": bool(value) and given.endswith(value),
        "*=": bool(value) and value in given,
    }[test]


def _selector(text: str) -> Selector | None:
    compounds = []
    position, child = 0, False
    while position < len(text):
        compound, position = _compound(text, position, child=child)
        if compound is None:
            return None
        compounds.append(compound)
        step = _STEP.match(text, position)
        if step is None and position < len(text):
            return None
        if step:
            child, position = ">" in step[0], step.end()
    return Selector(tuple(compounds)) if compounds else None


def _compound(text: str, position: int, *, child: bool) -> tuple[Compound | None, int]:
    kind, classes, ids, attributes = "", set(), set(), []
    start = position
    while match := _PIECE.match(text, position):
        if match["type"] is not None and position > start:
            return None, position
        kind = (match["type"] or kind).lower()
        classes |= {match["class"]} - {None}
        ids |= {match["id"]} - {None}
        if match["attribute"]:
            attributes.append((match["attribute"].lower(), match["test"] or "", (match["value"] or "").strip("\"'")))
        position = match.end()
    if position == start:
        return None, position
    name = "" if kind == "*" else kind
    return Compound(name, frozenset(classes), frozenset(ids), tuple(attributes), child), position
