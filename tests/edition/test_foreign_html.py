"""A letter of another tool as a quiet page: nothing that runs, counts or knows a reader, and nothing lost besides."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from newsletter.edition.foreign_facts import facts_of_head
from newsletter.edition.foreign_html import (
    KeptPicture,
    NoLetterError,
    first_picture,
    headings_of,
    page_text,
    quiet_page,
    trusted_page,
)
from newsletter.edition.personal_links import is_way_out, shared_address
from tests.support.wild_html import wild_html


def take(source: str) -> KeptPicture | None:
    return KeptPicture("pictures/a.png", 300, 200) if source == "a.png" else None


def quiet(source: str, title: str = "") -> str:
    return quiet_page(source, title, take).body.strip()


KEPT = {
    "words in boxes": ("<div>하나<div>둘</div>셋</div>", "<p>하나</p>\n<p>둘</p>\n<p>셋</p>"),
    "words beside a block": ("<td>하나 <b>둘</b><p>셋</p></td>", "<p>하나 <b>둘</b></p>\n<p>셋</p>"),
    "tables that lay out": (
        "<table><tr><td><table><tr><td>하나</td></tr></table></td><td><p>둘</p></td></tr></table>",
        "<p>하나</p>\n<p>둘</p>",
    ),
    "a picture": (
        '<img src="a.png" alt=" 강  가 " style="x" onload="y()">',
        '<p><img src="pictures/a.png" alt="강 가" width="300" height="200"></p>',
    ),
    "what a picture elsewhere shows": ('<p><img src="https://a.example.com/a.png" alt="강"></p>', "<p><em>강</em></p>"),
    "a list": ("<ul><li>하나</li><li>둘</li></ul>", "<ul><li>하나</li>\n<li>둘</li>\n</ul>"),
    "an address": (
        '<p><a href="https://example.org/a?b=1&amp;c=2" target=_blank>x</a></p>',
        '<p><a href="https://example.org/a?b=1&amp;c=2">x</a></p>',
    ),
    "headings, one below the other": (
        "<h1>제목</h1><h2>하나</h2><h4>둘</h4><h2>셋</h2>",
        '<h2 id="story-01">하나</h2>\n<h3>둘</h3>\n<h2 id="story-02">셋</h2>',
    ),
    "headings under a part of the title": ("<h1>목</h1><h3>하나</h3>", '<h2 id="story-01">하나</h2>'),
    "a heading beside others": ("<h3>목</h3><h3>하나</h3>", '<h2 id="story-01">목</h2>\n<h2 id="story-02">하나</h2>'),
    "what says its encoding": ('<?xml version="1.0" encoding="euc-kr"?><meta charset=euc-kr>봄', "<p>봄</p>"),
    "nothing": ("", ""),
    "the end of something": ("</a>&#7;", ""),
}
GONE = {
    "hidden words": '<div style="display: none">숨은 글</div><p hidden>숨은 글</p><i style="mso-hide:all">숨은 글</i>',
    "a script": "<script>x()</script><noscript><img src=a.png></noscript>",
    "a style": "<style>p{color:red}</style>",
    "a frame": "<iframe src='https://example.org/'>글</iframe><object data=x>글</object>",
    "a form": "<form action='https://example.org/'><input value=글>글<button>글</button></form>",
    "a drawing": "<svg><script>x()</script><p>글</p></svg><math><mtext>글</mtext></math>",
    "a pixel that counts": '<img src="https://t.example.com/o.gif" width=1 height=1><img src="a.png" height="0px">',
    "a comment": "<!-- 글 --><!--[if mso]><p>글</p><![endif]-->",
    "a link out, with its words": '<a href="https://x.example.com/1">수신거부</a> | <a href="*|UNSUB|*">여기</a>',
    "a link to change it": '<a href="https://x.list-manage.com/profile?u=1">update your preferences</a>',
    "an empty box": "<table><tr><td>&nbsp;</td></tr></table><p>\u200c\u200b</p>",
}


@pytest.mark.parametrize(("source", "expected"), KEPT.values(), ids=KEPT)
def test_what_a_letter_says_is_kept(source: str, expected: str) -> None:
    assert quiet(source, "제목") == expected


@pytest.mark.parametrize("source", GONE.values(), ids=GONE)
def test_what_is_not_for_the_public_goes_and_what_is_behind_it_stays(source: str) -> None:
    assert quiet(f"<div>{source}<p>남는 글</p></div>") == "<p>남는 글</p>"


@pytest.mark.parametrize("cell", ["<th>", "<td>"])
def test_a_table_of_data_stays_one(cell: str) -> None:
    end = cell.replace("<", "</")
    source = f"<table width=600><tr>{cell}해{end}{cell}값{end}</tr><tr><td>2019</td><td>3</td></tr></table>"
    cells = parsed(quiet(source)).iter("td", "th")
    assert [one.text for one in cells] == ["해", "값", "2019", "3"]


ADDRESSES = {
    "https://example.org/a?utm_source=x&id=3&mc_eid=99": "https://example.org/a?id=3",
    "https://example.org/?email=hong%40example.com": "https://example.org/",
    "https://example.org/?to=hong%40example.com&a=1": "https://example.org/?a=1",
    "https://example.org/p/hong@example.com/": "",
    "https://hong:pw@example.org/": "",
    "https://example.us1.list-manage.com/track/click?u=1&id=2&e=3": "",
    "https://example.org/{{subscriber.id}}": "",
    "https://example.org/a?b=%20c": "https://example.org/a?b=%20c",
    "https://example.org/길?쪽=1": "https://example.org/길?쪽=1",
    "mailto:us@example.org": "mailto:us@example.org",
    "http://[::1": "",
    "https://example.org/" + "a" * 900_000: "",
}


@pytest.mark.parametrize(("address", "expected"), ADDRESSES.items(), ids=lambda value: value[:60])
def test_a_link_loses_what_is_one_readers(address: str, expected: str) -> None:
    assert shared_address(address) == expected
    assert shared_address(expected) == expected


@pytest.mark.parametrize(
    ("address", "words", "expected"),
    [
        ("https://example.org/unsubscribe?id=1", "여기", True),
        ("https://example.org/x", "수신 거부", True),
        ("https://example.org/x", "구독 해지", True),
        ("https://example.org/x", "Manage your preferences", True),
        ("mailto:leave@example.org?subject=unsubscribe", "leave", True),
        ("https://example.org/u/AbCdEfGhIjKlMnOpQrStUv", "x", True),
        ("https://example.org/subscribe", "구독하기", False),
        ("https://example.org/", "수신한 편지", False),
        ("https://example.org/policy/outlook", "전망", False),
    ],
)
def test_ways_out_are_known_by_words_and_addresses(address: str, words: str, expected: bool) -> None:
    assert is_way_out(address, words) is expected


def test_an_endless_address_is_looked_at_no_longer_than_another() -> None:
    assert not is_way_out("mailto:" * 120_000, "글" * 900_000)


def test_what_was_taken_out_is_counted() -> None:
    source = (
        '<a href="https://example.org/unsubscribe">x</a><a href="https://example.org/?utm_source=x">글</a>'
        '<img src="https://cdn.example.com/a.png"><img src="cid:1"><img src="lost.png"><img src="../../etc/passwd">'
    )
    removed = quiet_page(source, "", take).removed
    assert (removed.ways_out, removed.personal) == (1, 1)
    assert removed.hosts == {"cdn.example.com"}
    assert removed.lost_pictures == ["cid:1", "lost.png", "../../etc/passwd"]


@settings(max_examples=150)
@given(wild_html())
def test_ruins_become_a_page_of_ours_and_stay_one(source: str) -> None:
    body = quiet_page(source, "", take).body
    root = parsed(f"<div>{body}</div>")
    allowed = {"href", "src", "alt", "width", "height", "colspan", "rowspan", "start", "id", "lang", "dir"}
    for element in root.iter():
        assert element.tag not in {"script", "style", "form", "iframe", "div", "span"} or element is root
        assert set(element.attrib) <= allowed
        assert not element.get("href", "https:").lower().startswith(("javascript", "data"))
        assert element.get("src", "pictures/a.png") == "pictures/a.png"
    assert trusted_page(body) == trusted_page(trusted_page(body))
    again = quiet_page(body, "", lambda source: KeptPicture(source, 300, 200)).body
    assert page_text(again) == page_text(body)


@given(st.text(max_size=200))
def test_no_text_is_lost_or_read_as_html(text: str) -> None:
    fit = re.sub("[\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]", "", text)
    escaped = fit.replace("&", "&amp;").replace("<", "&lt;")
    body = quiet_page(f"<p>가{escaped}나</p>", "", take).body
    assert page_text(body) == " ".join(f"가{fit}나".split())


def test_what_is_edited_by_hand_is_cleaned_again() -> None:
    kept = '<h2 id="x">a</h2><p onclick="x()">b<script>c</script><img src="https://example.org/p.png" alt=""></p>'
    assert trusted_page(kept) == '<h2>a</h2><p>b<img alt=""></p>'
    assert trusted_page('<img src="pictures/a.png" alt="">', "../pictures/") == '<img src="../pictures/a.png" alt="">'
    assert trusted_page('<img src="pictures/../../x.png" alt="">') == '<img src="pictures/../../x.png" alt="">'.replace(
        ' src="pictures/../../x.png"', ""
    )


def test_what_is_nested_too_deeply_is_refused_and_cheap() -> None:
    with pytest.raises(NoLetterError):
        quiet("<div>" * 100_000)
    assert page_text(quiet("<table><tr><td>" * 60 + "글")) == "글"


def test_facts_of_the_head() -> None:
    source = (
        '<head><title>둘째</title><meta property="og:title" content=" 첫째  글 "><meta name=author content=홍길동>'
        '<meta property="article:published_time" content="2019-05-26T09:00:00+0900"></head>'
    )
    assert facts_of_head(source) == {"title": "첫째 글", "author": "홍길동", "date": "2019-05-26T09:00:00+09:00"}
    assert facts_of_head("<h1>셋째</h1><time datetime=2019-05-26>어제</time>") == {
        "title": "셋째",
        "date": "2019-05-26",
    }
    assert facts_of_head('<meta name="date" content="26 May 2019"><p>글') == {}
    assert facts_of_head("  ") == {}


def test_headings_and_the_picture_that_stands_for_it() -> None:
    body = quiet('<h2>하나</h2><p>글</p><h2><img src="a.png"></h2><h2>둘 <i>셋</i></h2>')
    assert headings_of(body) == (("story-01", "하나"), ("story-02", "둘 셋"))
    assert first_picture(body, 300) == "pictures/a.png"
    assert first_picture(body, 301) == ""


def parsed(text: str) -> Any:  # noqa: ANN401 - an element
    return html.fromstring(text)


@pytest.mark.parametrize(
    "letter",
    [
        '<table><tr><td style="font-size:0px;padding:10px 25px"><div style="font-size:16px">글</div></td></tr></table>',
        '<table><tr><td style="font-size:0"><font style="font:bold 14px serif">글</font></td></tr></table>',
        '<p style="font-size:0.9em">글</p>',
        '<div style="max-height:0.5em">글</div>',
    ],
)
def test_a_box_that_closes_up_and_small_letters_hide_nothing(letter: str) -> None:
    assert quiet_page(letter, "제목", lambda _: None).body == "<p>글</p>\n"


@pytest.mark.parametrize(
    "style", ["font-size:0", "font-size: 0px; line-height:0", "max-height:0px", "FONT-SIZE:0;color:#fff"]
)
def test_what_has_no_size_was_seen_by_nobody(style: str) -> None:
    assert (
        quiet_page(f'<div style="{style}">글<b>자</b></div><p>본문</p>', "제목", lambda _: None).body == "<p>본문</p>\n"
    )
