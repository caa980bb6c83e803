"""Charts as inline SVG, drawn by pygal, and coloured by the page's own style sheet. Touches: nothing.

Each is drawn twice, wide and for a phone: an SVG that is scaled down to 320 pixels has letters that nobody can read.
What pygal puts around a drawing (a script for tooltips, a style sheet, its address in comments) is taken out, so what
is left is shapes with classes, and text that is text.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import pygal
from lxml import etree
from markupsafe import Markup
from pygal.style import Style
from wcwidth import wcswidth

from newsletter.printable import one_line

# It puts a finder for its maps, of a kind that Python gave up, into the way of every import of this program.
sys.meta_path[:] = [one for one in sys.meta_path if type(one).__module__ != pygal.__name__]

_WIDE, _NARROW = 760, 340
"""Pixels."""
_LETTERS = 13
_ROW = 26
"""Pixels for one bar that lies."""
_AROUND = 56
_WITHOUT = tuple("{*}" + tag for tag in ("script", "style", "title", "desc", "defs"))


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart."""

    name: str
    colour: str
    """A class of the page's style sheet, such as `sent`."""
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart in both widths; its series, for a legend."""

    wide: Markup
    narrow: Markup
    series: Sequence[Series]


def standing_bars(labels: Sequence[str], series: Sequence[Series]) -> Drawing:
    """Bars beside each other, one for each label, the series on top of each other."""
    return _drawn(pygal.StackedBar, labels, series, heights=(280, 240))


def lying_bars(labels: Sequence[str], series: Sequence[Series]) -> Drawing:
    """Bars under each other, the first on top."""
    turned = [Series(one.name, one.colour, one.values[::-1]) for one in series]
    height = _ROW * len(labels) + _AROUND
    return _drawn(pygal.HorizontalStackedBar, labels[::-1], turned, heights=(height, height))


def line_chart(labels: Sequence[str], series: Sequence[Series]) -> Drawing:
    """A line for each series, from label to label; None leaves a gap."""
    return _drawn(pygal.Line, labels, series, heights=(260, 240))


def _drawn(
    kind: type[pygal.Line], labels: Sequence[str], series: Sequence[Series], heights: tuple[int, int]
) -> Drawing:
    wide, narrow = (
        _svg(kind, labels, series, width, height) for width, height in zip((_WIDE, _NARROW), heights, strict=True)
    )
    return Drawing(wide, narrow, series)


def _svg(kind: type[pygal.Line], labels: Sequence[str], series: Sequence[Series], width: int, height: int) -> Markup:
    lies = kind is pygal.HorizontalStackedBar
    chart = kind(
        width=width,
        height=height,
        style=Style(font_family="sans-serif", label_font_size=_LETTERS, major_label_font_size=_LETTERS),
        value_formatter=_number,
        show_legend=False,
        margin=4,
        margin_left=4 + (_missing(labels) if lies else 0),
        margin_right=30,
        spacing=8,
        dots_size=3,
        min_scale=2,
        max_scale=5,
        order_min=-1 if kind is pygal.Line else 0,  # bars count letters, and there is no half of one
        allow_interruptions=True,
        range=_from_nought(kind, series),
        x_labels_major_every=None if lies else _every(labels, width),
        show_minor_x_labels=lies,
        truncate_label=-1,
        no_prefix=True,
        no_data_text="",
    )
    chart.x_labels = [_storable(label) for label in labels]
    for one in series:
        chart.add(one.name, list(one.values))
    return _bare(chart.render_tree(), [one.colour for one in series])


def _storable(label: str) -> str:
    """XML has no words for some characters."""
    return one_line(label).translate(dict.fromkeys((0xFFFE, 0xFFFF)))


def _missing(labels: Sequence[str]) -> int:
    """Pixels that pygal leaves too few for letters that are two columns wide."""
    return max((wcswidth(label) - len(label) for label in labels), default=0) * _LETTERS * 6 // 10


def _every(labels: Sequence[str], width: int) -> int:
    """Each so-manieth label is written, so that none touches the next."""
    longest = max((len(label) for label in labels), default=1)
    fit = max(1, (width - 80) // ((longest + 2) * _LETTERS * 6 // 10))
    return -(-len(labels) // fit) or 1


def _from_nought(kind: type[pygal.Line], series: Sequence[Series]) -> tuple[float, float] | None:
    """Lines begin at nought as bars do; where nothing happened there is still an axis."""
    most = max((value for one in series for value in one.values if value is not None), default=0)
    if kind is pygal.Line:
        return 0, most or 1
    return None if most else (0, 1)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}".rstrip("0").rstrip(".")


def _bare(root: etree._Element, colours: Sequence[str]) -> Markup:
    """Shapes and text alone; `color-0` becomes the class of the first series."""
    for group in _groups(root, "tooltip") + _groups(root, "text-overlay"):
        group.clear()
    etree.strip_elements(root, *_WITHOUT, with_tail=False)
    etree.strip_tags(root, etree.Comment)
    for number, colour in enumerate(colours):
        for node in _groups(root, f"color-{number}"):
            node.set("class", node.get("class", "").replace(f"color-{number}", colour))
    del root.attrib["id"]
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    etree.cleanup_namespaces(root)
    return Markup(etree.tostring(root, encoding="unicode"))  # noqa: S704 - lxml has escaped all text in it


def _groups(root: etree._Element, name: str) -> list[etree._Element]:
    """The elements of a class."""
    return [node for node in root.iter("{*}*") if name in node.get("class", "").split()]
