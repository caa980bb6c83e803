"""Fonts and line breaking by the language of a letter. Touches: nothing.

Fonts are those that the readers' systems have: web fonts make Outlook fall back to a serif of another script. Word
takes three of them, by the script of each letter: `font-family`, `mso-fareast-font-family` and `mso-bidi-font-family`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from newsletter.writing import direction_of, script_of


@dataclass(frozen=True, slots=True)
class TypefaceView:
    """How the letter is set; the fonts are CSS and ours, so that templates may write them into a style."""

    fonts: Markup
    """The stack: `'Apple SD Gothic Neo','Malgun Gothic',…,sans-serif`."""
    word: Markup
    """The one font of Word, which knows no stack."""
    serif: Markup
    """The stack for headings, where the look has a serif."""
    word_serif: Markup
    """Its one font in Word."""
    word_east: Markup
    """Word's for Hangul, Kana and Han; empty where neither the letter nor the newsletter is written so."""
    word_bidi: Markup
    """Word's for Arabic and Hebrew; empty in a letter that is read from the left."""
    keep_all: bool
    """Lines break between words only, as Korean readers like it."""
    strict: bool
    """No line begins with a small kana or a mark of repetition, as Japanese is set."""


@dataclass(frozen=True, slots=True)
class _Fonts:
    stack: str
    word: str
    serif: str
    word_serif: str


_EAST: Mapping[str, _Fonts] = {
    "Kore": _Fonts(
        "'Apple SD Gothic Neo','Malgun Gothic','맑은 고딕','Noto Sans KR',sans-serif",
        "'Malgun Gothic'",
        "AppleMyungjo,'Nanum Myeongjo','Noto Serif KR',Batang,'바탕',serif",
        "Batang",
    ),
    "Jpan": _Fonts(
        "'Hiragino Sans','Yu Gothic Medium','Yu Gothic',Meiryo,'Noto Sans JP',sans-serif",
        "'Yu Gothic'",
        "'Hiragino Mincho ProN','Yu Mincho','Noto Serif JP',serif",
        "'Yu Mincho'",
    ),
    "Hans": _Fonts(
        "'PingFang SC','Microsoft YaHei','Noto Sans SC',sans-serif",
        "'Microsoft YaHei'",
        "'Songti SC','Noto Serif SC',SimSun,serif",
        "SimSun",
    ),
    "Hant": _Fonts(
        "'PingFang TC','Microsoft JhengHei','Noto Sans TC',sans-serif",
        "'Microsoft JhengHei'",
        "'Songti TC','Noto Serif TC',PMingLiU,serif",
        "PMingLiU",
    ),
}
_OTHERS: Mapping[str, _Fonts] = {
    "Arab": _Fonts(
        "-apple-system,'Segoe UI',Tahoma,'Noto Sans Arabic',Arial,sans-serif",
        "'Segoe UI'",
        "'Geeza Pro','Times New Roman','Noto Naskh Arabic',serif",
        "'Times New Roman'",
    ),
    "Hebr": _Fonts(
        "-apple-system,'Segoe UI',Tahoma,'Noto Sans Hebrew',Arial,sans-serif",
        "'Segoe UI'",
        "'Times New Roman','Noto Serif Hebrew',serif",
        "'Times New Roman'",
    ),
}
_SYSTEM = _Fonts(
    "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif",
    "'Segoe UI'",
    "Georgia,'Times New Roman',serif",
    "Georgia",
)


def typeface_view(language: str, newsletter_language: str) -> TypefaceView:
    """The letter's, whose words are in `language`; its chrome may be in the newsletter's."""
    script = script_of(language)
    fonts = _EAST.get(script) or _OTHERS.get(script) or _SYSTEM
    east = _EAST.get(script) or _EAST.get(script_of(newsletter_language))
    return TypefaceView(
        fonts=Markup(fonts.stack),  # noqa: S704 - ours
        word=Markup(fonts.word),  # noqa: S704 - ours
        serif=Markup(fonts.serif),  # noqa: S704 - ours
        word_serif=Markup(fonts.word_serif),  # noqa: S704 - ours
        word_east=Markup(east.word if east else ""),  # noqa: S704 - ours
        word_bidi=Markup(fonts.word if direction_of(language) == "rtl" else ""),  # noqa: S704 - ours
        keep_all=script == "Kore",
        strict=script == "Jpan",
    )
