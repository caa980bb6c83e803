"""The panel of sizes: each size of the edition that is shown, beside its limit. Touches: nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from newsletter.catalogue import Said, phrase
from newsletter.check.audience import AudienceSummary
from newsletter.check.page import read_page
from newsletter.edition.wrap import columns
from newsletter.errors import NewsletterError
from newsletter.web.studio.inbox_rows import preheader_of
from newsletter.web.studio.model import Asked, View
from newsletter.web.studio.workspace_letters import Snapshot

_KB = 1024
_LEAST_PREHEADER = 40
"""Columns; below it is near its limit from the other side."""


@dataclass(frozen=True, slots=True)
class Size:
    """One size against its limit, in `unit`s."""

    name: str
    """A key of the page's words, `panels.size.<name>`: html, style, message, pictures, text, subject or preheader."""
    value: int
    limit: int
    """0: there is none."""
    unit: Literal["bytes", "columns"]
    state: Literal["good", "near", "over"]
    note: Said
    """What it is, and what happens beyond the limit."""

    @property
    def share(self) -> int:
        """Per cent of the limit, at most 100; 0 without a limit."""
        return min(100, round(100 * self.value / self.limit)) if self.limit else 0


def sizes_panel(now: Snapshot, asked: Asked) -> tuple[Size, ...]:
    """HTML and message at the longest values of whoever gets it; nothing where the issue cannot be looked at."""
    view = now.load(asked)
    if view.problems:
        return ()
    try:
        audience = now.checked(now.path(asked)).audience
    except NewsletterError:
        return ()
    return tuple(_measured(view, audience))


def _measured(view: View, audience: AudienceSummary) -> Iterator[Size]:
    """From where a size is near its limit, and over it: as the rules of `check` have them."""
    extent = audience.extents.get(view.variant)
    page = read_page(view.html)
    html = max(len(view.html.encode()), extent.html.octets if extent else 0)
    yield _octets("html", html, 90 * _KB, 102 * _KB, phrase("web.panels.size_note.html"))
    style = sum(len(style.encode()) for style in page.styles)
    yield _octets("style", style, 14_000, 16_384, phrase("web.panels.size_note.style"))
    message = max(view.size, extent.mail.octets if extent else 0)
    yield _octets("message", message, 768 * _KB, 1024 * _KB, phrase("web.panels.size_note.message"))
    pictures = sum(len(data) for _, data in view.pictures.values())
    yield _octets("pictures", pictures, 600 * _KB, 800 * _KB, phrase("web.panels.size_note.pictures"))
    yield _octets("text", len(view.text.encode()), 0, 0, phrase("web.panels.size_note.text"))
    subject, preheader = columns(view.subject), columns(preheader_of(view.html))
    state = state_of(subject, near=60, limit=70)
    yield Size("subject", subject, 70, "columns", state, phrase("web.panels.size_note.subject"))
    state = state_of(preheader, near=100, limit=110, least=_LEAST_PREHEADER)
    yield Size("preheader", preheader, 110, "columns", state, phrase("web.panels.size_note.preheader"))


def _octets(name: str, value: int, near: int, limit: int, note: Said) -> Size:
    return Size(name, value, limit, "bytes", state_of(value, near=near, limit=limit), note)


def state_of(value: int, *, near: int, limit: int, least: int = 0) -> Literal["good", "near", "over"]:
    """How a value stands to its limit; without a limit all is good."""
    if limit and value > limit:
        return "over"
    return "near" if limit and not least <= value < near else "good"
