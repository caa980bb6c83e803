"""Sections of a workspace's own types in the letter: every field that is declared, in that order. Touches: nothing."""

from newsletter.edition.part_views import PartViews, with_places
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.spans import moment_said
from newsletter.edition.views import FieldsView, ImageView, SectionView
from newsletter.issue.own_declaration import FieldDeclaration, said_in
from newsletter.issue.sections.own import OwnPart, OwnSection
from newsletter.issue.sections.section import Image

from .shown import ShownSection

_Rows = list[str | list[str]]
"""Lines of a group: texts that are yet to be wrapped, and Markdown that is."""


class ShownOwn(ShownSection):
    section: OwnSection

    def __init__(self, section: OwnSection, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        shared = views.of_every_section(section, place)
        self.view = SectionView(**shared, fields=_fields(section, place, views, section.heading))

    def write(self, page: PlainPage) -> None:
        _write(page, self.section, self.view.fields, self.place, indent="")


def _fields(part: OwnSection | OwnPart, place: str, views: PartViews, heading: str) -> FieldsView:
    language = views.chrome.language
    return FieldsView(
        {name: _shown(part, name, one, place, views, heading) for name, one in part.declared.items()},
        {name: said_in(one.label, language) for name, one in part.declared.items()},
        views.untranslated(part, place),
    )


def _shown(
    part: OwnSection | OwnPart, name: str, declared: FieldDeclaration, place: str, views: PartViews, heading: str
) -> object:
    """A value as templates see it; what is left out is empty."""
    value, at = getattr(part, name), f"{place}.{name}"
    match declared.type:
        case "line" | "name":
            return views.text(value)
        case "markdown":
            return views.blocks(value, at, under=heading)
        case "markdown_line":
            return views.line(value, at)
        case "link":
            return views.address(value)
        case "image":
            return views.image(value, at, width=declared.width or 0) if value else None
        case "time":
            return moment_said(value, views.zone, views.chrome) if value else ""
        case "number":
            return str(value) if value else ""
        case "flag":
            return value
        case "list":
            return tuple(_fields(entry, here, views, heading) for here, entry in with_places(at, value))


def _write(page: PlainPage, part: OwnSection | OwnPart, view: FieldsView, place: str, *, indent: str) -> None:
    """The fields in the order of their declaration; `indent` is for what stands under the first line of an entry."""
    rows: _Rows = []
    for name, declared in part.declared.items():
        value, shown, at = getattr(part, name), getattr(view, name), f"{place}.{name}"
        label = view.labels[name]
        if not value:
            continue
        if declared.type in {"line", "name", "time", "number"}:
            rows.append(_labelled(label, shown))
        elif declared.type == "flag":
            rows.append(label or name)
        elif declared.type == "markdown_line":
            rows.append(_labelled(label, page.line(value, at)))
        elif declared.type == "link":
            _cite(page, rows, label, shown)
        elif declared.type == "markdown" and indent:
            rows += [f"{label}:"] if label else []
            rows.append(page.blocks(value, at, indent))
        else:
            _flush(page, rows, indent)
            _write_apart(page, value, shown, at, label)
    _flush(page, rows, indent)


def _write_apart(page: PlainPage, value: object, shown: object, place: str, label: str) -> None:
    """What is a group of its own: Markdown under a heading, a picture, the entries of a list."""
    if isinstance(value, str):
        page.add(*page.wrap(f"{label}:" if label else ""), *page.blocks(value, place))
    elif isinstance(value, tuple) and isinstance(shown, tuple):
        page.add(*page.wrap(label))
        for (at, entry), view in zip(with_places(place, value), shown, strict=True):
            _write(page, entry, view, at, indent="  ")
    elif isinstance(value, Image) and isinstance(shown, ImageView):
        page.picture(value, shown, place)


def _cite(page: PlainPage, rows: _Rows, label: str, address: str) -> None:
    """A link by its number: behind its label, else behind the text before it, as a title leads on."""
    last = rows[-1] if rows else None
    if not label and isinstance(last, str):
        rows[-1] = f"{last} {page.cite(address)}"
    else:
        rows.append(f"{label} {page.cite(address)}".strip())


def _labelled(label: str, text: str) -> str:
    return f"{label}: {text}" if label else text


def _flush(page: PlainPage, rows: _Rows, indent: str) -> None:
    lines: list[str] = []
    for row in rows:
        lines += page.wrap(row, indent if lines else "", indent) if isinstance(row, str) else row
    page.add(*lines)
    rows.clear()
