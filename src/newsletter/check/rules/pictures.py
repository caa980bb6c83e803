"""Pictures: img-alt, img-data-uri, img-webp. Touches: nothing."""

from collections.abc import Iterator

from newsletter.check.material import Material
from newsletter.check.page import Tag
from newsletter.check.registry import Found, error, warning


@error("img-alt")
def img_alt(material: Material) -> Iterator[Found]:
    """Half of all readers see the words first: pictures are off, or a screen reader speaks."""
    for image in _images(material):
        if not image.get("alt") and image.get("role") != "presentation":
            yield Found(
                ko=f"그림에 대체 글(alt)이 없습니다: {image.get('src')[:80]}",
                en=f"A picture has no alternative text (alt): {image.get('src')[:80]}",
                ko_hint="그림이 보이지 않을 때 대신 읽힐 한 줄을 alt 에 적으세요.",
                en_hint="Write one line in `alt` that says what the picture says.",
            )


@warning("img-data-uri")
def img_data_uri(material: Material) -> Iterator[Found]:
    """Gmail and Outlook do not show pictures that stand in the page itself."""
    if any(image.get("src").startswith("data:") for image in _images(material)):
        yield Found(
            ko="data: 로 넣은 그림은 Gmail 과 Outlook 에서 보이지 않습니다.",
            en="Pictures as data: URIs are not shown by Gmail and Outlook.",
        )


@warning("img-webp")
def img_webp(material: Material) -> Iterator[Found]:
    """Outlook for Windows cannot show WebP."""
    for sheet in material.sheets:
        for picture in sheet.edition.pictures:
            if picture.media_type == "image/webp":
                yield Found(
                    ko=f"WebP 그림은 Outlook 에서 보이지 않습니다: {picture.filename}",
                    en=f"Outlook does not show WebP pictures: {picture.filename}",
                )


def _images(material: Material) -> list[Tag]:
    return [image for sheet in material.sheets for image in sheet.page.named("img")]
