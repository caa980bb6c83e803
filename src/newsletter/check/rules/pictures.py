"""Pictures: img-alt, img-data-uri, img-webp. Touches: nothing."""

import re
from collections.abc import Iterator

from newsletter.check.material import Material
from newsletter.check.rule import Found, error, warning

_DECORATION = frozenset({"presentation", "none"})
_WEBP = re.compile(r"[^?#]*\.webp(?:[?#].*)?", re.IGNORECASE)
_SHOWN = 80


@error("img-alt")
def img_alt(material: Material) -> Iterator[Found]:
    """Half of all readers see the words first: pictures are off, or a screen reader speaks."""
    for sheet in material.sheets:
        for image in sheet.page.named("img"):
            if not image.get("alt") and image.get("role") not in _DECORATION:
                yield Found(
                    ko=f"그림에 대체 글(alt)이 없습니다: {image.get('src')[:_SHOWN]}",
                    en=f"A picture has no alternative text (alt): {image.get('src')[:_SHOWN]}",
                    tag=image,
                    sheet=sheet,
                )


@warning("img-data-uri")
def img_data_uri(material: Material) -> Iterator[Found]:
    """Gmail and Outlook do not show pictures that stand in the page itself."""
    for sheet in material.sheets:
        for image in sheet.page.named("img"):
            if image.get("src").lower().startswith("data:"):
                yield Found(
                    ko="data: 로 넣은 그림은 Gmail과 Outlook에서 보이지 않습니다.",
                    en="Pictures as data: URIs are not shown by Gmail and Outlook.",
                    tag=image,
                    sheet=sheet,
                )


@warning("img-webp")
def img_webp(material: Material) -> Iterator[Found]:
    """Outlook for Windows cannot show WebP."""
    for sheet in material.sheets:
        inside = {f"cid:{one.cid}": one.filename for one in sheet.edition.pictures if one.media_type == "image/webp"}
        for image in sheet.page.named("img"):
            source = image.get("src")
            if source in inside or _WEBP.fullmatch(source):
                name = inside.get(source, source)[:_SHOWN]
                yield Found(
                    ko=f"WebP 그림은 Outlook에서 보이지 않습니다: {name}",
                    en=f"Outlook does not show WebP pictures: {name}",
                    tag=image,
                    sheet=sheet,
                )
