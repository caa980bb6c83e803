"""Pictures that are links: img-linked-alt. Touches: nothing."""

import re
from collections.abc import Iterator

from newsletter.catalogue import Said, phrase
from newsletter.check.link_faults import says_nothing
from newsletter.check.material import Material
from newsletter.check.page import Page, StartTag, collapsed
from newsletter.check.rule import Found, warning
from newsletter.excerpt import shortened

_SHOWN = 80
_FILE_NAME = re.compile(r"[\w .()-]*\.(?:png|jpe?g|gif|webp|svg)", re.IGNORECASE)
_WHAT_IT_IS = frozenset(
    {"그림", "이미지", "사진", "배너", "로고", "버튼", "단추", "썸네일", "아이콘"}
    | {"image", "picture", "photo", "banner", "logo", "button", "thumbnail", "icon"}
)


@warning("img-linked-alt", "WCAG 2.2, 2.4.4 https://www.w3.org/TR/WCAG22/#link-purpose-in-context")
def img_linked_alt(material: Material) -> Iterator[Found]:
    """The words of a picture are all that a link around it has: they say where it goes."""
    for sheet in material.sheets:
        for link, pictures in links_of_pictures(sheet.page):
            words = collapsed(" ".join(picture.get("alt") for picture in pictures))
            told = all(picture.get("alt") or picture.get("role") == "presentation" for picture in pictures)
            if not told or not _empty(words):
                continue  # a picture without words is img-alt's
            yield Found(_told(words, shortened(link.get("href"), _SHOWN)), tag=pictures[0], sheet=sheet)


def _told(words: str, address: str) -> Said:
    if not words:
        return phrase("check.linked_pictures.img-linked-alt.no_words", address=address)
    return phrase("check.linked_pictures.img-linked-alt.found", words=words, address=address)


def links_of_pictures(page: Page) -> Iterator[tuple[StartTag, list[StartTag]]]:
    """The links that have no words but those of pictures."""
    inside: dict[StartTag, list[StartTag]] = {}
    for picture in page.named("img"):
        link = next((outer for outer in picture.around() if outer.name == "a"), None)
        if link is not None and link.get("href"):
            inside.setdefault(link, []).append(picture)
    for link, pictures in inside.items():
        if link.words == collapsed(" ".join(picture.get("alt") for picture in pictures)):
            yield link, pictures


def _empty(words: str) -> bool:
    return not words or says_nothing(words) or words.casefold() in _WHAT_IT_IS or bool(_FILE_NAME.fullmatch(words))


RULES = (img_linked_alt,)
