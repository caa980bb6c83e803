"""How a letter is framed: numbered as check numbers it, seen in another light, and what could act made harmless."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.check.page import read_page
from newsletter.web.letter_frame.colour_scheme import ColourScheme, looked_at, turned
from newsletter.web.letter_frame.frame import HELPED, SANDBOX, LetterFrame, framed, letter_response
from newsletter.web.letter_frame.numbered_tags import numbered, tag_lines
from tests.support.wild_html import wild_html

LETTER = """<!DOCTYPE html>
<html lang="ko"><head><meta name="color-scheme" content="light dark"><title>편지</title>
<style>p { color: #1c2422 } @media (prefers-color-scheme: dark) { p { color: #eeeeee } }</style></head>
<body bgcolor="#ffffff"><p style="color:#1c2422;background:white">안녕</p><img src="cid:one" alt="그림"></body></html>
"""
HELPER = "start()"


@given(wild_html())
def test_taking_the_numbers_out_gives_the_letter_back(html: str) -> None:
    assert re.sub(r" data-tag=\d+", "", numbered(html, str)) == re.sub(r" data-tag=\d+", "", html)


@given(st.text(alphabet="<>/!-=\"' abP\n\r\0[]&;#\x0c", max_size=80))
def test_whatever_stands_there_comes_back(text: str) -> None:
    assert re.sub(r" data-tag=\d+", "", numbered(text, str)) == text


@given(wild_html())
@example("<A\x0b<a>")  # a vertical tab ends no name (HTML 13.2.5.8)
def test_tags_are_numbered_as_check_numbers_them(html: str) -> None:
    tags = read_page(html).tags
    assert tag_lines(html) == [tag.line for tag in tags]
    if "data-tag" not in html:
        found = re.findall(r"<([a-zA-Z][^\t\n\f\r />\x00]*) data-tag=(\d+)", numbered(html, str))
        assert [(tags[int(number)].name, int(number)) for _, number in found] == [
            (name.lower(), int(number)) for name, number in found
        ]


def test_every_tag_of_a_letter_has_its_number() -> None:
    numbers = re.findall(r" data-tag=(\d+)", numbered(LETTER, str))
    assert [int(number) for number in numbers] == list(range(len(read_page(LETTER).tags)))


def test_the_doctype_stays_on_top_and_ours_comes_right_after() -> None:
    shown = framed(LETTER, LetterFrame(helper=HELPER), "abc")
    assert shown.startswith('<!DOCTYPE html><base target="_blank"><script nonce="abc">start()</script>\n<html')
    assert framed("<p>kein Kopf", LetterFrame()).startswith('<base target="_blank"><p')
    assert framed("<!-- a --> <!doctype html><p>", LetterFrame()).startswith("<!-- a --> <!doctype html><base")


@pytest.mark.parametrize(
    "opening", ["<script b='<head>", '<script b="<!doctype html>', "<script b=", "<!--<head>", "<style>"]
)
def test_a_letter_that_begins_with_something_open_swallows_nothing_of_ours(opening: str) -> None:
    assert framed(f"{opening} x></script>", LetterFrame(helper=HELPER), "abc").startswith(
        '<base target="_blank"><script nonce'
    )


@pytest.mark.parametrize(("look", "dark"), [("light", False), ("dark", True), ("inverted", False)])
def test_a_look_decides_the_media_queries(look: ColourScheme, dark: bool) -> None:
    css = "@media (prefers-color-scheme: dark) and (max-width:600px){a{}} @media ( PREFERS-color-scheme:light ){b{}}"
    decided = looked_at(css, look)
    assert "prefers" not in decided.lower()
    assert decided.startswith("@media (min-width:0) and" if dark else "@media (max-width:0) and")
    assert decided.endswith("@media (max-width:0){b{}}" if dark else "@media (min-width:0){b{}}")


def test_without_a_look_the_browser_decides() -> None:
    assert "prefers-color-scheme" in framed(LETTER, LetterFrame())


def test_words_about_colours_stay_words() -> None:
    html = "<p>(prefers-color-scheme: dark) #ffffff</p>"
    for look in ("dark", "inverted"):
        assert "<p data-tag=0>(prefers-color-scheme: dark) #ffffff</p>" in framed(html, LetterFrame(look=look))


def test_turned_colours_keep_their_hue_and_pictures_stay() -> None:
    shown = framed(LETTER, LetterFrame(look="inverted"))
    assert 'bgcolor="#000000"' in shown
    assert "background:#000000" in shown
    assert "filter" not in shown
    assert turned("#0b6655") == "#99f4e3"
    assert turned("#fff white RGB(0, 0, 0) rgba(255,255,255,.5)") == "#000000 #000000 rgb(255,255,255) rgba(0,0,0,.5)"
    for other in ("#id-of-something", "url(#ffff)", "off-white", "--black", "#12"):
        assert turned(other) == other


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_turning_twice_comes_back_within_rounding(colour: tuple[int, int, int]) -> None:
    once = turned(f"#{bytes(colour).hex()}")
    back = bytes.fromhex(turned(once)[1:])
    assert all(abs(one - other) <= 2 for one, other in zip(back, colour, strict=True))


@pytest.mark.parametrize(
    ("hostile", "word"),
    [
        ('<meta http-equiv="refresh" content="0;url=x">', "http-equiv"),
        ("<META\nHTTP-EQUIV = refresh>", "http-equiv"),
        ('<meta content="0"http-equiv=refresh>', "http-equiv"),
        ("<meta/http-equiv=refresh>", "http-equiv"),
        ('<a referrerpolicy="unsafe-url" href=x>', "referrerpolicy"),
    ],
)
def test_attributes_that_no_policy_stops_lose_their_name(hostile: str, word: str) -> None:
    shown = framed(hostile, LetterFrame()).lower()
    assert re.search(rf"(?<!data-){word}", shown) is None
    assert f"data-{word}" in shown


@pytest.mark.parametrize(
    "link", ["<link rel=preconnect href=x>", "<LINK/rel=stylesheet>", "<svg><style><p><link\nrel=x>"]
)
def test_no_link_is_left(link: str) -> None:
    assert "<link" not in framed(link, LetterFrame()).lower()


def test_only_the_helper_may_run_and_only_with_the_nonce_of_this_answer() -> None:
    answers = [letter_response(LETTER, LetterFrame(helper=HELPER), 8025) for _ in range(2)]
    policies = [answer.headers["content-security-policy"] for answer in answers]
    nonces = [re.findall(r"'nonce-([\w-]{24})'", policy) for policy in policies]
    assert nonces[0] != nonces[1]
    for answer, policy, [nonce] in zip(answers, policies, nonces, strict=True):
        assert f"sandbox {HELPED}; default-src 'none'; script-src 'nonce-{nonce}';" in policy
        assert "same-origin" not in policy
        assert bytes(answer.body).decode().count(nonce) == 1


def test_without_a_helper_no_script_may_run() -> None:
    policy = letter_response(LETTER, LetterFrame(), 8025).headers["content-security-policy"]
    assert f"sandbox {SANDBOX};" in policy
    assert "script" not in policy


def test_without_images_none_is_loaded() -> None:
    assert (
        "img-src 'none'" in letter_response(LETTER, LetterFrame(images=False), 8025).headers["content-security-policy"]
    )
