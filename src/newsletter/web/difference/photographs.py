"""Two editions -> how they look in a browser, compared: narrow and wide, light, dark, inverted, without pictures.

Touches: a browser of this machine. The letters are filled with the defaults; nothing in them runs or is fetched. What
is the same HTML in a way of looking at it is not photographed, since it is the same picture.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal, Protocol

from newsletter.catalogue import Said, phrase
from newsletter.edition.compared_pixels import PixelDifference, compared_pixels
from newsletter.edition.edition import Context, Edition
from newsletter.probes.chromium import BrowserFailedError, browser_program, chromium
from newsletter.progress import Advance
from newsletter.web.letter_frame.colour_scheme import ColourScheme
from newsletter.web.letter_frame.frame import PICTURE_TYPES, LetterFrame, framed
from newsletter.workflow.diff import LetterDiff

WIDTHS = (320, 600)
"""CSS pixels: a narrow phone, and a mail program at a desk."""
Setting = Literal["light", "dark", "inverted", "no_images"]
SETTINGS: tuple[Setting, ...] = ("light", "dark", "inverted", "no_images")
_NO_PICTURE = "data:,"
_HEAD = (
    '<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src {images}; '
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">"
)
_LINKS = frozenset({Context.URL, Context.WHOLE_URL})


class Photographer(Protocol):
    """What photographs a page: the whole of it, as pictures one under the other."""

    def photograph(self, html: str, width: int, *, dark: bool = False) -> list[bytes]: ...


@dataclass(frozen=True, slots=True)
class WayOfLooking:
    """A window and how the letter is shown in it."""

    width: int
    setting: Setting

    @property
    def scheme(self) -> ColourScheme:
        return "light" if self.setting == "no_images" else self.setting


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What differs in one way of looking at the two."""

    way: WayOfLooking
    difference: PixelDifference


@dataclass(frozen=True, slots=True)
class Photographs:
    """Of each language what was looked at; or why nothing was."""

    by_language: Mapping[str, Sequence[LookedAt]] = field(default_factory=dict)
    why_none: Said | None = None


def ways_of_looking() -> tuple[WayOfLooking, ...]:
    return tuple(WayOfLooking(width, setting) for setting in SETTINGS for width in WIDTHS)


def take_photographs(found: LetterDiff, environ: Mapping[str, str], advance: Advance) -> "Photographs":
    """Of every language that is on both sides and differs; where no browser does it, why."""
    program = browser_program(environ)
    if program is None:
        return Photographs(why_none=phrase("web.difference.no_browser"))
    pairs = {
        one.language: (found.before.editions[one.language], found.after.editions[one.language])
        for one in found.letters
        if one.change == "changed"
    }
    total, done = len(pairs) * len(ways_of_looking()), 0
    taken: dict[str, list[LookedAt]] = {language: [] for language in pairs}
    try:
        with chromium(program) as window:
            for language, pair in pairs.items():
                for look in photographed(*pair, window):
                    taken[language].append(look)
                    done += 1
                    advance(done, total)
    except BrowserFailedError as error:
        return Photographs(why_none=phrase("web.difference.browser_failed", why=error.message))
    return Photographs(taken)


def photographed(
    before: Edition,
    after: Edition,
    window: Photographer,
    ways: Sequence[WayOfLooking] = (),
    *,
    even_if_equal: bool = False,
) -> Iterator[LookedAt]:
    """In every way, or in `ways`; `even_if_equal` also photographs what is the same HTML."""
    for way in ways or ways_of_looking():
        old, new = letter_page(before, way), letter_page(after, way)
        if old == new and not even_if_equal:
            yield LookedAt(way, PixelDifference(0, ()))
        else:
            dark = way.scheme == "dark"
            pictures = [window.photograph(html, way.width, dark=dark) for html in (old, new)]
            yield LookedAt(way, compared_pixels(*pictures))


def letter_page(edition: Edition, way: WayOfLooking) -> str:
    """The letter as a page of its own that needs nothing else."""
    with_images = way.setting != "no_images"
    shown = edition.with_pictures_inside()
    pictures = {
        one.cid: data_address(one.media_type, one.data) if with_images else _NO_PICTURE
        for one in shown.pictures
        if one.media_type in PICTURE_TYPES
    }
    head = _HEAD.format(images="data:" if with_images else "'none'")
    return framed(_filled(shown), LetterFrame(pictures, look=way.scheme, images=with_images, head=head))


def data_address(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def _filled(edition: Edition) -> str:
    """With the defaults; a field without one shows its name, and one subscriber's links lead nowhere."""
    html = edition.html
    for hole in sorted(edition.holes, key=lambda one: -len(one.marker)):
        named = "#" if hole.context in _LINKS else f"({hole.key.removeprefix('fields.')})"
        html = html.replace(hole.marker, escape(named if hole.default is None else hole.default))
    return html
