"""Pictures: img-alt, img-data-uri, img-webp, img-tall, img-name, img-still. Touches: nothing."""

import re
from collections.abc import Iterator

from newsletter.catalogue import phrase
from newsletter.check.material import Material
from newsletter.check.rule import Found, error, warning
from newsletter.edition.picture_files import picture_stem
from newsletter.excerpt import shortened

_DECORATION = frozenset({"presentation", "none"})
_WEBP = re.compile(r"[^?#]*\.webp(?:[?#].*)?", re.IGNORECASE)
_SHOWN = 80
_TALLEST = 1.6
"""Times as high as wide: at the width of a phone, more than its screen has beside the bars of a mail program."""


@error("img-alt", "WCAG 2.2, 1.1.1 https://www.w3.org/TR/WCAG22/#non-text-content")
def img_alt(material: Material) -> Iterator[Found]:
    """Half of all readers see the words first: pictures are off, or a screen reader speaks."""
    for sheet in material.sheets:
        for image in sheet.page.named("img"):
            if not image.get("alt") and image.get("role") not in _DECORATION:
                address = shortened(image.get("src"), _SHOWN) or 'src=""'
                yield Found(phrase("check.pictures.img-alt.found", address=address), tag=image, sheet=sheet)


@warning("img-data-uri", "caniemail, Base64 images https://www.caniemail.com/features/image-base64/")
def img_data_uri(material: Material) -> Iterator[Found]:
    """Gmail and Outlook do not show pictures that stand in the page itself."""
    for sheet in material.sheets:
        for image in sheet.page.named("img"):
            if image.get("src").lower().startswith("data:"):
                yield Found(phrase("check.pictures.img-data-uri.found"), tag=image, sheet=sheet)


@warning("img-webp", "caniemail, WebP https://www.caniemail.com/features/image-webp/")
def img_webp(material: Material) -> Iterator[Found]:
    """Outlook for Windows cannot show WebP."""
    for sheet in material.sheets:
        inside = {one.src: one.filename for one in sheet.edition.pictures if one.media_type == "image/webp"}
        for image in sheet.page.named("img"):
            source = image.get("src")
            if source in inside or _WEBP.fullmatch(source):
                name = shortened(inside.get(source, source), _SHOWN)
                yield Found(phrase("check.pictures.img-webp.found", picture=name), tag=image, sheet=sheet)


@warning("img-tall", "Our own limit: on a phone 390 px wide it is 624 px high")
def img_tall(material: Material) -> Iterator[Found]:
    """A picture that is higher than the screen is seen by nobody as a whole."""
    for sheet in material.sheets:
        for image in sheet.page.named("img"):
            width, height = image.get("width"), image.get("height")
            if width.isdecimal() and height.isdecimal() and int(height) > _TALLEST * int(width) > 0:
                yield Found(phrase("check.pictures.img-tall.found", width=width, height=height), tag=image, sheet=sheet)


@warning("img-name", "docs/issue-file.md")
def img_name(material: Material) -> Iterator[Found]:
    """Found all the same, but by no program that takes capitals for other letters, as Linux and git do."""
    for fact in material.picture_facts:
        if fact.called:
            yield Found(
                phrase("check.pictures.img-name.found", src=fact.src, called=fact.called),
                hint=phrase("check.pictures.img-name.found_hint", called=fact.called),
                path=fact.path,
            )


@warning("img-still", "docs/issue-file.md")
def img_still(material: Material) -> Iterator[Found]:
    """A picture that moves in its file, and not in the letter."""
    for fact in material.picture_facts:
        if fact.is_too_large_to_move:
            yield Found(phrase("check.pictures.img-still.too_large", src=fact.src), path=fact.path)
        elif fact.moves and _stands_still(material, fact.src):
            yield Found(
                phrase("check.pictures.img-still.changed", src=fact.src),
                hint=phrase("check.pictures.img-still.changed_hint"),
                path=fact.path,
            )


def _stands_still(material: Material, src: str) -> bool:
    """Whether it is shown, and nowhere as the GIF it is; pictures have the name of their file before a hash."""
    sources = [image.get("src") for sheet in material.sheets for image in sheet.page.named("img")]
    names = [one.filename for sheet in material.sheets for one in sheet.edition.pictures]
    names += [source.rpartition("/")[2] for source in sources]
    mine = [name for name in names if name.startswith(f"{picture_stem(src)}-")]
    return bool(mine) and not any(name.endswith(".gif") for name in mine)


RULES = (
    img_alt,
    img_data_uri,
    img_webp,
    img_tall,
    img_name,
    img_still,
)
