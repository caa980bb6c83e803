"""The fields of a type of section that a workspace declares, for the template that shows any of them. Touches: nothing.

Used where the workspace has no template for the web of its own.
"""

from dataclasses import dataclass
from typing import Any

from newsletter.edition.views import FieldsView
from newsletter.issue.sections.own import OwnPart, OwnSection

_LINES = frozenset({"line", "name", "time", "number", "markdown_line"})


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field: what kind of value it has, its label, and the value as templates see it."""

    name: str
    kind: str
    """`line`, `markdown`, `image`, `link`, `flag` or `list`."""
    label: str
    value: Any
    url: str = ""
    """Of a line that a link without a label of its own stands behind."""


def own_fields(section: OwnSection | OwnPart, view: FieldsView) -> tuple[FieldView, ...]:
    """In the order of the declaration; what is left out is not among them."""
    shown: list[FieldView] = []
    for name, declared in section.declared.items():
        value, label = getattr(view, name), view.labels[name]
        if not value:
            continue
        if declared.type == "list":
            given = getattr(section, name)
            value = tuple(own_fields(one, its) for one, its in zip(given, value, strict=True))
        if declared.type == "link" and not label and shown and shown[-1].kind == "line" and not shown[-1].url:
            last = shown[-1]
            shown[-1] = FieldView(last.name, last.kind, last.label, last.value, url=value)
            continue
        shown.append(FieldView(name, "line" if declared.type in _LINES else declared.type, label, value))
    return tuple(shown)
