"""Read CSS into plain values: rules with their selector and declarations, at-rules with what is in them.

Touches: nothing. Only this stage knows tinycss2. Reading is lenient, as mail programs are: what cannot be read is left
out. Both functions remember what they have read, since a letter says the same style hundreds of times.
Limits: what is nested deeper than 64 is not read at all.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tinycss2.ast import Node

_GROUPS = frozenset({"media", "supports", "layer", "container"})
"""At-rules that hold rules; the others hold declarations, or nothing."""
_BRACKET = re.compile(r"[({\[]|[)}\]]")
_DEEPEST = 64


@dataclass(frozen=True, slots=True)
class Declaration:
    """`padding:0 4px`; the name in lower case, the value as written but for spaces around it."""

    name: str
    value: str
    important: bool = False

    def __str__(self) -> str:
        return f"{self.name}:{self.value}"


@dataclass(frozen=True, slots=True)
class StyleRule:
    """A selector with its declarations, or an at-rule; `rules` are those inside, also inside a style rule (nesting)."""

    selector: str = ""
    keyword: str = ""
    """`media` of `@media`, in lower case; empty for a style rule."""
    prelude: str = ""
    """What follows the keyword: `(max-width:600px)`."""
    declarations: tuple[Declaration, ...] = ()
    rules: tuple["StyleRule", ...] = ()


@lru_cache(maxsize=4096)
def declarations_of(style: str) -> tuple[Declaration, ...]:
    """The declarations of a style attribute."""
    return () if _too_deep(style) else _parts(style)[0]


@lru_cache(maxsize=64)
def style_rules(sheet: str) -> tuple[StyleRule, ...]:
    """The rules of a style sheet, in order."""
    import tinycss2

    if _too_deep(sheet):
        return ()
    return tuple(_rules(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)))


def _too_deep(css: str) -> bool:
    """tinycss2 calls itself for each bracket that opens, closed or not."""
    depth = 0
    for bracket in _BRACKET.finditer(css):
        depth = depth + 1 if bracket[0] in "({[" else max(depth - 1, 0)
        if depth > _DEEPEST:
            return True
    return False


def _rules(nodes: Iterable["Node"]) -> Iterator[StyleRule]:
    import tinycss2

    for node in nodes:
        if node.type == "qualified-rule":
            declarations, inner = _parts(node.content)
            yield StyleRule(_text(node.prelude), declarations=declarations, rules=inner)
        elif node.type == "at-rule":
            keyword, content = node.lower_at_keyword, node.content or []
            if keyword in _GROUPS:
                inner_nodes = tinycss2.parse_rule_list(content, skip_comments=True, skip_whitespace=True)
                yield StyleRule(keyword=keyword, prelude=_text(node.prelude), rules=tuple(_rules(inner_nodes)))
            else:
                declarations, inner = _parts(content)
                yield StyleRule("", keyword, _text(node.prelude), declarations, inner)


def _parts(content: "str | list[Node]") -> tuple[tuple[Declaration, ...], tuple[StyleRule, ...]]:
    import tinycss2

    nodes = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    declarations = tuple(
        Declaration(node.lower_name, _text(node.value), node.important) for node in nodes if node.type == "declaration"
    )
    return declarations, tuple(_rules(node for node in nodes if node.type != "declaration"))


def _text(nodes: "list[Node]") -> str:
    import tinycss2

    return str(tinycss2.serialize(nodes)).strip()
