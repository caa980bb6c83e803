"""Pictures: img-alt, img-data-uri, img-webp, and what they weigh: mail-bytes. Touches: nothing."""

from collections.abc import Iterator

from newsletter.check.material import Material
from newsletter.check.page import Tag
from newsletter.check.registry import Found, error, warning
from newsletter.edition.edition import Edition, Picture
from newsletter.edition.pictures import picture_stem
from newsletter.issue.tree import DataPath

_MB = 1024 * 1024
_HEAVY = _MB


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


@warning("mail-bytes")
def mail_bytes(material: Material) -> Iterator[Found]:
    """The same megabytes for every subscriber: slow on a phone, dear at the relay, refused by full mailboxes."""
    heaviest = max((sheet.edition for sheet in material.sheets), key=_on_the_wire, default=None)
    if heaviest is None or _on_the_wire(heaviest) <= _HEAVY:
        return
    shown = f"{_on_the_wire(heaviest) / _MB:.1f} MB"
    largest = max(heaviest.pictures, key=lambda picture: len(picture.data), default=None)
    which = f" {largest.filename}, {len(largest.data) / 1024:.0f} KB" if largest else ""
    yield Found(
        ko=f"편지 한 통이 {shown}입니다. 1 MB 를 넘지 않는 것이 좋습니다.",
        en=f"One message is {shown}; up to 1 MB is good.",
        ko_hint=f"가장 큰 그림:{which}" if which else "",
        en_hint=f"The largest picture:{which}" if which else "",
        path=_path_of(material, largest) if largest else (),
    )


def _on_the_wire(edition: Edition) -> int:
    """Octets of the message but for its headers: base64 makes four of three, and lines of 76 with two for the end."""
    parts = [edition.html.encode(), edition.text.encode(), *(picture.data for picture in edition.pictures)]
    return sum((len(part) + 2) // 3 * 4 * 78 // 76 for part in parts)


def _path_of(material: Material, picture: Picture) -> DataPath:
    """Where the issue names a picture; its file name in the letter begins with that of the source."""
    named = [(path, text) for path, text in material.texts() if path[-1] == "src"]
    return next((path for path, text in named if picture.filename.startswith(f"{picture_stem(text)}-")), ())


def _images(material: Material) -> list[Tag]:
    return [image for sheet in material.sheets for image in sheet.page.named("img")]
