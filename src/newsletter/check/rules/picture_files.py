"""How pictures come and how large: img-width, img-https, img-bytes. Touches: nothing."""

import re
from collections.abc import Iterator

from newsletter.check.material import Material, Sheet
from newsletter.check.page import Tag
from newsletter.check.picture_places import place_of_picture
from newsletter.check.rule import Found, warning

_PIXELS = re.compile(r"(\d{1,5})(?:px)?", re.IGNORECASE)
_HEAVY = 300 * 1024
"""Octets of one file. At 600 pixels shown, 1,200 wide, a photo as JPEG has some 150 KB, a drawing as PNG 50."""
_HTTP_BEHIND = re.compile(r"url\(\s*['\"]?\s*(http:[^)'\"\s]{0,200})", re.IGNORECASE)
_SHOWN = 80


@warning("img-width")
def img_width(material: Material) -> Iterator[Found]:
    """Outlook shows a picture at the size of its file, twice the letter's width, unless an attribute says otherwise."""
    widest = material.settings.theme.width
    for sheet in material.sheets:
        for image in sheet.page.named("img"):
            written = image.get("width")
            width = _PIXELS.fullmatch(written)
            height = image.get("height")
            if width is None:
                ko = f'그림의 width="{written[:20]}"가 픽셀이 아닙니다' if written else "그림에 width 속성이 없습니다"
                en = f'width="{written[:20]}" is not in pixels' if written else "A picture has no width attribute"
            elif int(width[1]) > widest:
                ko = f"그림의 너비 {width[1]}px이 편지의 너비 {widest}px보다 큽니다"
                en = f"A picture is {width[1]} px wide, and the letter {widest}"
            elif height and not _PIXELS.fullmatch(height):
                ko = f'그림의 height="{height[:20]}"가 픽셀이 아닙니다'
                en = f'height="{height[:20]}" is not in pixels'
            else:
                continue
            shown = _shown(image)
            yield Found(f"{ko}: {shown}", f"{en}: {shown}", tag=image, sheet=sheet)


@warning("img-https")
def img_https(material: Material) -> Iterator[Found]:
    """A picture is in the message or comes over https; anything else is not shown, or warned of."""
    for sheet in material.sheets:
        inside = {f"cid:{picture.cid}" for picture in sheet.edition.pictures}
        for tag in sheet.page.tags:
            source = tag.get("src") if tag.name == "img" else tag.get("background")
            if (tag.name == "img" or source) and not _comes(source, inside, sheet):
                yield Found(
                    ko=f"그림이 편지 안에도, https 주소에도 없습니다: {_shortened(source)}",
                    en=f"A picture is neither in the message nor at an https address: {_shortened(source)}",
                    tag=tag,
                    sheet=sheet,
                )
            for address in _HTTP_BEHIND.findall(tag.get("style")):
                yield Found(
                    ko=f"바탕 그림이 https 주소에 없습니다: {_shortened(address)}",
                    en=f"The picture in the background is not at an https address: {_shortened(address)}",
                    tag=tag,
                    sheet=sheet,
                )


@warning("img-bytes")
def img_bytes(material: Material) -> Iterator[Found]:
    """One picture that takes longer to load than the letter takes to be closed again."""
    for sheet in material.sheets:
        for picture in sheet.edition.pictures:
            size = len(picture.data)
            if size <= _HEAVY:
                continue
            shown = f"{picture.filename}, {size / 1024:.0f} KB"
            drawn = picture.media_type == "image/png"
            yield Found(
                ko=f"그림이 무겁습니다: {shown}. {_HEAVY // 1024} KB 안쪽이 좋습니다.",
                en=f"A heavy picture: {shown}; up to {_HEAVY // 1024} KB is good.",
                ko_hint="사진이면 PNG 대신 JPEG로 저장하세요. 몇 분의 일로 줄어듭니다." if drawn else "",
                en_hint="If it is a photo, save it as JPEG instead of PNG: a fraction of the size." if drawn else "",
                path=place_of_picture(material, picture),
                tag=next((tag for tag in sheet.page.named("img") if tag.get("src") == f"cid:{picture.cid}"), None),
                sheet=sheet,
            )


def _comes(source: str, inside: set[str], sheet: Sheet) -> bool:
    scheme = source.partition(":")[0].lower()
    filled = any(source.startswith(hole.marker) for hole in sheet.edition.holes)
    return source in inside or scheme in {"https", "data"} or filled


def _shown(image: Tag) -> str:
    return f"‘{image.get('alt')[:_SHOWN]}’" if image.get("alt") else _shortened(image.get("src"))


def _shortened(address: str) -> str:
    return (address if len(address) <= _SHOWN else address[: _SHOWN - 1] + "…") or 'src=""'
