"""Whether the text can be read: contrast, font-min. Touches: nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.check.css.cascade import Look, Scene, looks
from newsletter.check.material import Material, Sheet
from newsletter.check.page import Tag, collapsed
from newsletter.check.rule import Found, warning
from newsletter.settings.colours import READABLE, contrast, inverted

_READABLE_LARGE = 3.0
_LARGE, _LARGE_BOLD = 24.0, 18.66  # CSS pixels: 18 and 14 points (WCAG 2.2, “large scale”)
_SMALLEST = 13.0  # CSS pixels, as the notes of our own templates
_SHOWN = 30
_ROUNDED = 0.005
_SCENES = {
    Scene.LIGHT: ("밝은 화면", "in light"),
    Scene.DARK: ("어두운 화면", "in the dark"),
    Scene.OUTLOOK_DARK: ("Outlook의 어두운 화면", "in Outlook's dark mode"),
}
_INVERTED = ("Gmail이 색을 뒤집은 화면", "once Gmail has inverted it")


@dataclass(frozen=True, slots=True)
class _Faint:
    """Two colours that are too near each other, where, and how near."""

    colour: str
    ground: str
    ratio: float
    wanted: float
    where: tuple[str, str]

    @property
    def pair(self) -> tuple[str, str, float]:
        return self.colour, self.ground, self.wanted


@warning("contrast")
def contrast_rule(material: Material) -> Iterator[Found]:
    """Text that hardly differs from its ground: in light, in the dark, or once Gmail has inverted the letter."""
    told: dict[tuple[str, str, float], Found] = {}
    for sheet in material.sheets:
        of_sheet = set()
        for tag, words, faint in _faint(sheet):
            if faint.pair not in of_sheet:
                of_sheet.add(faint.pair)
                found = told.setdefault(faint.pair, _told(words, faint))
                yield Found(found.ko, found.en, tag=tag, sheet=sheet)


@warning("font-min")
def font_min(material: Material) -> Iterator[Found]:
    """Text under 13 pixels is hard to read on a phone."""
    told: dict[float, Found] = {}
    for sheet in material.sheets:
        of_sheet = set()
        for tag, words, look in _read(sheet, Scene.LIGHT):
            size = round(look.size, 1)
            small = 1 < size < _SMALLEST and tag.name not in {"sub", "sup"}
            if small and size not in of_sheet:
                of_sheet.add(size)
                found = told.setdefault(
                    size,
                    Found(
                        ko=f"글자가 {size:g}px로 너무 작습니다: ‘{words}’",
                        en=f"The text is too small, {size:g} px: “{words}”",
                    ),
                )
                yield Found(found.ko, found.en, tag=tag, sheet=sheet)


def _read(sheet: Sheet, scene: Scene) -> Iterator[tuple[Tag, str, Look]]:
    """The texts that somebody is meant to read, with how they look."""
    look = looks(sheet.page, scene)
    for tag, text in sheet.page.texts:
        words = collapsed(text)
        if any(char.isalnum() for char in words) and not look[tag.index].hidden:
            yield tag, words[:_SHOWN], look[tag.index]


def _faint(sheet: Sheet) -> Iterator[tuple[Tag, str, _Faint]]:
    for scene, where in _SCENES.items():
        for tag, words, look in _read(sheet, scene):
            if look.colour is None or look.ground is None or look.size <= 1:
                continue
            large = look.size >= _LARGE or (look.bold and look.size >= _LARGE_BOLD)
            wanted = _READABLE_LARGE if large else READABLE
            ratio = contrast(look.colour, look.ground)
            if ratio < wanted - _ROUNDED:
                yield tag, words, _Faint(look.colour, look.ground, ratio, wanted, where)
            elif scene is Scene.LIGHT:
                ratio = contrast(inverted(look.colour), inverted(look.ground))
                if ratio < wanted - _ROUNDED:
                    yield tag, words, _Faint(look.colour, look.ground, ratio, wanted, _INVERTED)


def _told(words: str, faint: _Faint) -> Found:
    ko, en = faint.where
    pair = f"{faint.colour} / {faint.ground}"
    return Found(
        ko=f"{ko}에서 글자가 바탕과 잘 구별되지 않습니다: ‘{words}’, {pair}, "
        f"{faint.ratio:.2f}:1 ({faint.wanted:g}:1 이상이어야 읽힙니다).",
        en=f"The text is too faint {en}: “{words}”, {pair}, "
        f"{faint.ratio:.2f}:1 (it takes {faint.wanted:g}:1 to be readable).",
    )
