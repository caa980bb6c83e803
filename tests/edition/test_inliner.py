"""premailer with its sheets kept does what premailer does."""

import cssutils
import premailer
import pytest

from newsletter.edition import inliner
from newsletter.edition.inliner import inlined_by_premailer

SHEETS = ["p{color:#112233;margin:0}.a{color:#aabbcc !important}a:first-child{color:#445566}", "p{color:#000000}"]


def page(sheet: str) -> str:
    return (
        f"<!DOCTYPE html>\n<html><head><title>제목</title><style>{sheet}</style></head>"
        '<body><p class="a">글 <a href="https://e.example.org/">여</a></p><p>글</p></body></html>'
    )


def alone(html: str) -> str:
    return str(premailer.Premailer(html, cache_css_parsing=False, **inliner._OPTIONS).transform(pretty_print=False))


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_first_page_and_the_next_are_those_of_premailer_alone(sheet: str) -> None:
    inlined = [inlined_by_premailer(page(sheet)) for _ in range(3)]
    assert set(inlined) == {alone(page(sheet))}


def test_a_sheet_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    inlined_by_premailer(page(".once{color:#123456}"))
    monkeypatch.setattr(cssutils, "parseString", None)
    assert inlined_by_premailer(page(".once{color:#123456}")).startswith("<!DOCTYPE html>")
    with pytest.raises(TypeError):
        inlined_by_premailer(page(".other{color:#123456}"))


def test_many_sheets_do_not_get_mixed_up() -> None:
    for number in range(1, 2 * inliner._SHEETS):
        assert f"margin:{number}px" in inlined_by_premailer(page(f"p{{margin:{number}px}}"))
