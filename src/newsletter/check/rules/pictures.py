"""Pictures: img-alt, img-data-uri, img-webp. Touches: nothing."""

import re
from collections.abc import Iterator

from newsletter.catalogue import phrase
from newsletter.check.material import Material
from newsletter.check.rule import Found, error, warning
from newsletter.excerpt import shortened

_DECORATION = frozenset({"presentation", "none"})
_WEBP = re.compile(r"[^?#]*\.webp(?:[?#].*)?", re.IGNORECASE)
_SHOWN = 80


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
        inside = {f"cid:{one.cid}": one.filename for one in sheet.edition.pictures if one.media_type == "image/webp"}
        for image in sheet.page.named("img"):
            source = image.get("src")
            if source in inside or _WEBP.fullmatch(source):
                name = shortened(inside.get(source, source), _SHOWN)
                yield Found(phrase("check.pictures.img-webp.found", picture=name), tag=image, sheet=sheet)


RULES = (
    img_alt,
    img_data_uri,
    img_webp,
)
