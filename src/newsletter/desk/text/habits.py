"""How a file is indented, quoted and spaced, so that what is new looks as the rest of it. Touches: nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.issue.tree import DataPath, Node

from .source import IssueText, Style


@dataclass(frozen=True, slots=True)
class Habits:
    """Columns that a part stands deeper than what it is in: a mapping, the dash of a list, the lines of a text."""

    mapping: int = 2
    dash: int = 2
    """0: the dash stands under the key."""
    behind_dash: int = 2
    """From a dash to what is behind it."""
    text: int = 2
    quote: str = '"'
    is_spaced: bool = True
    """`{ a: b }`, not `{a: b}`."""
    in_braces: frozenset[str] = frozenset()
    """Keys whose mappings, or lists of them, are written so wherever they are."""


def habits_of(source: IssueText) -> Habits:
    """What most of a file does; where it does nothing of the kind, what the starter does."""
    seen: dict[str, Counter[int]] = {name: Counter() for name in ("mapping", "dash", "behind_dash", "text")}
    styles: Counter[str] = Counter()
    names: dict[Style, set[str]] = {Style.FLOW: set(), Style.BLOCK: set()}
    for path, node in source.root.values():
        style = source.style(node)
        styles[style] += 1
        if style is Style.FLOW and node.content:
            inside = source.text[source.begin(node) + 1]
            styles["spaced" if inside in " \n" else "tight"] += isinstance(node.content, dict)
        if isinstance(node.content, dict) and node.content:
            names[style].add(next((part for part in reversed(path) if isinstance(part, str)), ""))
        for name, columns in _depth(source, path, node, style):
            seen[name][columns] += 1
    most = {name: counter.most_common(1)[0][0] for name, counter in seen.items() if counter}
    return Habits(
        **most,
        quote=Style.SINGLE if styles[Style.SINGLE] > styles[Style.DOUBLE] else Style.DOUBLE,
        is_spaced=styles["spaced"] >= styles["tight"],
        in_braces=frozenset(names[Style.FLOW] - names[Style.BLOCK]),
    )


def _depth(source: IssueText, path: DataPath, node: Node, style: Style) -> Iterator[tuple[str, int]]:
    if not path or style not in {Style.BLOCK, Style.LITERAL, Style.FOLDED}:
        return
    parent = source.node(path[:-1])
    if style.is_block_text:
        if indent := source.block_text(node).indent:
            yield "text", indent - (parent.column - 1)
    elif isinstance(parent.content, list):
        if source.dash_line(parent, int(path[-1])) == node.line:
            yield "behind_dash", node.column - parent.column
    elif isinstance(node.content, list):
        yield "dash", node.column - parent.column
    else:
        yield "mapping", node.column - parent.column
