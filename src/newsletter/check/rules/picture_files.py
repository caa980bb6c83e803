"""How pictures come and how large: img-width, img-https, img-bytes. Touches: nothing."""

import re
from collections.abc import Iterator

from newsletter.catalogue import SILENCE, Said, Verbatim, phrase
from newsletter.check.material import Material, Sheet
from newsletter.check.page import StartTag
from newsletter.check.rule import Found, warning
from newsletter.excerpt import shortened

_PIXELS = re.compile(r"(\d{1,5})(?:px)?", re.IGNORECASE)
_HEAVY = 300 * 1024
"""Octets of one file. At 600 pixels shown, 1,200 wide, a photo as JPEG has some 150 KB, a drawing as PNG 50."""
_HTTP_BEHIND = re.compile(r"url\(\s*['\"]?\s*(http:[^)'\"\s]{0,200})", re.IGNORECASE)
_SHOWN = 80


@warning("img-width", "caniemail, width attribute https://www.caniemail.com/features/html-width/")
def img_width(material: Material) -> Iterator[Found]:
    """Outlook shows a picture at the size of its file, twice the letter's width, unless an attribute says otherwise."""
    widest = material.settings.theme.width
    for sheet in material.sheets:
        for image in sheet.page.named("img"):
            if says := _width_says(image, widest):
                yield Found(says, tag=image, sheet=sheet)


@warning("img-https", "W3C, Mixed Content, 4 https://www.w3.org/TR/mixed-content/#should-block-fetch")
def img_https(material: Material) -> Iterator[Found]:
    """A picture is in the message or comes over https; anything else is not shown, or warned of."""
    for sheet in material.sheets:
        inside = {picture.src for picture in sheet.edition.pictures if not picture.url}
        for tag in sheet.page.tags:
            source = tag.get("src") if tag.name == "img" else tag.get("background")
            if (tag.name == "img" or source) and not _comes(source, inside, sheet):
                yield Found(
                    phrase("check.picture_files.img-https.found", address=_address(source)),
                    tag=tag,
                    sheet=sheet,
                )
            for address in _HTTP_BEHIND.findall(tag.get("style")):
                yield Found(
                    phrase("check.picture_files.img-https.background", address=_address(address)),
                    tag=tag,
                    sheet=sheet,
                )


@warning(
    "img-bytes",
    "Our own limit; base64 makes 400 KB of it on the way, RFC 2045, 6.8 https://www.rfc-editor.org/rfc/rfc2045#section-6.8",
)
def img_bytes(material: Material) -> Iterator[Found]:
    """One picture that takes longer to load than the letter takes to be closed again."""
    for sheet in material.sheets:
        for picture in sheet.edition.pictures:
            size = len(picture.data)
            if size <= _HEAVY:
                continue
            drawn = picture.media_type == "image/png"
            yield Found(
                phrase(
                    "check.picture_files.img-bytes.found",
                    picture=picture.filename,
                    size=f"{size / 1024:.0f}",
                    good=_HEAVY // 1024,
                ),
                hint=phrase("check.picture_files.img-bytes.photo_hint") if drawn else SILENCE,
                path=material.path_of_picture(picture),
                tag=next((tag for tag in sheet.page.named("img") if tag.get("src") == picture.src), None),
                sheet=sheet,
            )


def _comes(source: str, inside: set[str], sheet: Sheet) -> bool:
    scheme = source.partition(":")[0].lower()
    filled = any(source.startswith(hole.marker) for hole in sheet.edition.holes)
    return source in inside or scheme in {"https", "data"} or filled


def _width_says(image: StartTag, widest: int) -> Said | None:
    """What is wrong with the width, or the height, that a picture is shown at."""
    written, height = image.get("width"), image.get("height")
    width = _PIXELS.fullmatch(written)
    picture = _named(image)
    if not written:
        return phrase("check.picture_files.img-width.no_width", picture=picture)
    if width is None:
        return _no_pixels("width", written, picture)
    if int(width[1]) > widest:
        return phrase("check.picture_files.img-width.too_wide", width=width[1], widest=widest, picture=picture)
    return _no_pixels("height", height, picture) if height and not _PIXELS.fullmatch(height) else None


def _no_pixels(attribute: str, written: str, picture: Said) -> Said:
    shown = shortened(written, 20)
    return phrase("check.picture_files.img-width.no_pixels", attribute=attribute, written=shown, picture=picture)


def _named(image: StartTag) -> Said:
    """By its words or, without any, by its address."""
    if alt := image.get("alt"):
        return phrase("check.picture_files.img-width.named", alt=shortened(alt, _SHOWN))
    return Verbatim(_address(image.get("src")))


def _address(written: str) -> str:
    return shortened(written, _SHOWN) or 'src=""'


RULES = (
    img_width,
    img_https,
    img_bytes,
)
