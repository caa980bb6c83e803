"""The picture beside a link: of the right size and kind, in the theme's colours, the same each time."""

import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, features

from newsletter.archive.cards import card_fonts, card_path, share_cards
from newsletter.archive.site import SiteIssue
from newsletter.edition.card_font import CardFont, system_font
from newsletter.errors import SettingsError
from tests.support.archives import SETTINGS, archive_workspace, built
from tests.support.hand_made_site import issue_of, page_of, png, site_of

LONG = "청년 1인 가구의 주거비 부담과 서울의 정책 과제, 그리고 신성장동력과 도시 경쟁력을 다시 생각한다 " * 3


def fonts_of(language: str) -> tuple[CardFont, ...]:
    found = system_font(language)
    assert found, "these tests need fontconfig and a font with Hangul, such as fonts-noto-cjk"
    return (found,)


def card(issue: SiteIssue, fonts: object = fonts_of) -> Image.Image:
    site = site_of(issue)
    (file,) = share_cards(site, fonts)  # type: ignore[arg-type]
    assert share_cards(site, fonts) == (file,)  # type: ignore[arg-type]
    assert file.path == card_path(issue.main, issue)
    with Image.open(io.BytesIO(file.data)) as opened:
        assert opened.size == (1200, 630)
        assert opened.format == ("JPEG" if issue.picture else "PNG")
        return opened.convert("RGB")


def inked(picture: Image.Image, box: tuple[int, int, int, int]) -> int:
    """How many pixels in the box are not paper."""
    return sum(count for count, colour in picture.crop(box).getcolors(1 << 20) or [] if colour != (255, 255, 255))


TITLE = (72, 120, 1130, 500)
NO_FONT = ()
LATIN = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


def test_the_words_stand_on_the_paper_beside_the_accent() -> None:
    found = card(issue_of())
    assert found.getpixel((5, 300)) == (0x0B, 0x66, 0x55)
    assert inked(found, TITLE) > 5_000
    assert inked(found, (1140, 0, 1200, 630)) == 0


def test_a_long_title_stays_in_its_room() -> None:
    found = card(issue_of("a", page_of("a", LONG)))
    assert inked(found, TITLE) > 20_000
    assert inked(found, (72, 500, 1200, 508)) == inked(found, (1129, 110, 1200, 630)) == 0


def test_half_is_the_picture_of_the_issue() -> None:
    found = card(issue_of(picture="pictures/a.png", pictures={"pictures/a.png": png("#336699")}))
    pixel = found.getpixel((950, 300))
    assert isinstance(pixel, tuple)
    assert max(abs(one - other) for one, other in zip(pixel, (0x33, 0x66, 0x99), strict=True)) < 4
    assert inked(found, (72, 120, 690, 500)) > 5_000


@pytest.mark.skipif(not features.check("raqm"), reason="this Pillow draws no Arabic")
def test_what_is_read_from_the_right_begins_there() -> None:
    found = card(issue_of("a", page_of("a", "السياسات الحضرية", language="ar")))
    assert found.getpixel((1195, 300)) == (0x0B, 0x66, 0x55)
    assert inked(found, (600, 120, 1130, 500)) > inked(found, (72, 120, 600, 500))


def test_without_a_font_for_its_letters_a_card_has_no_words() -> None:
    assert inked(card(issue_of(), lambda _: NO_FONT), (20, 0, 1200, 630)) == 0
    assert inked(card(issue_of(), lambda _: (CardFont(LATIN),)), TITLE) == 0


def test_a_sign_that_no_font_has_is_left_out_and_a_letter_never() -> None:
    (font,) = fonts_of("ko")
    assert font.drawable("성장 \U0010fffe동력") == "성장 동력"
    assert font.drawable("성장 \U0001e900") is None


def test_the_font_that_is_set_is_taken_and_one_that_is_none_is_named(tmp_path: Path) -> None:
    settings = f'{SETTINGS}[archive]\ncard_font = "own.ttf"\n'
    workspace = archive_workspace(tmp_path / "w", "2021-07", settings=settings)
    (workspace.root / "own.ttf").write_bytes(b"no font")
    with pytest.raises(SettingsError, match=r"archive\.card_font: .*own\.ttf"):
        built(workspace, tmp_path / "site")
    shutil.copy(LATIN, workspace.root / "own.ttf")
    (font, *_) = card_fonts(workspace)("ko")
    assert font.path == workspace.root / "own.ttf"
    assert built(workspace, tmp_path / "site").warnings == ()
    shutil.copy(LATIN.with_name("DejaVuSans-Bold.ttf"), workspace.root / "own.ttf")
    assert repr(card_fonts(workspace)("ko")[0]) != repr(font)  # by which drawn cards are kept


def test_it_is_told_where_no_font_has_the_letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    system_font.cache_clear()
    try:
        done = built(archive_workspace(tmp_path / "w", "2021-07"), tmp_path / "site")
    finally:
        system_font.cache_clear()
    (said,) = done.warnings
    assert "card_font of [archive]" in str(said)


def test_the_accent_of_an_issue_is_that_of_its_card() -> None:
    assert card(replace(issue_of(), accent="#7a1f5c")).getpixel((5, 300)) == (0x7A, 0x1F, 0x5C)


@pytest.mark.parametrize("language", ["", "ko;touch x", "-v", ":file=x"])
def test_a_strange_language_asks_the_system_nothing(language: str) -> None:
    assert system_font(language) is None or language == "-v"
