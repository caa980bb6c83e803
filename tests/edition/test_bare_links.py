"""Addresses that stand in a text as they are: which are links, where they end; in the text part they stand once.

Many cases are complaints of users: of Rhymix (531, 636), markdown-it's linkify-it, cmark-gfm (83, 153, 297, 377),
marked (2024), goldmark, Autolinker.js (162, 394, 413), linkifyjs (273) and redcarpet (812).
"""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.edition.markdown.bare_links import says_itself
from newsletter.edition.markdown.plain_markdown import plain_line
from newsletter.edition.markdown.prose import Prose
from newsletter.edition.markdown.written_links import written_links
from newsletter.edition.markers import Markers
from newsletter.edition.wire_address import wire_address
from tests.support.markup import elements

FILE = "issues/2026-11.yaml"
SITE = "https://example.org"


def html_of(text: str) -> str:
    return str(Prose(Markers([]), FILE).line(text, "intro"))


def links_in(text: str) -> list[str]:
    """The words of the links; each has to lead to itself."""
    links = [element for element in elements(html_of(text)) if element.tag == "a"]
    for link in links:
        assert says_itself(link.text, link.attributes["href"]), link
    return [link.text for link in links]


def text_of(text: str) -> str:
    return plain_line(Prose(Markers([]), FILE).inline_tree(text, "intro"), lambda _: 1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # before Hangul, Han, Kana and their punctuation
        (f"{SITE}에서 봅니다", SITE),
        (f"{SITE}/a/b?c=d#e에서", f"{SITE}/a/b?c=d#e"),
        ("a@example.org로 보내세요", "a@example.org"),
        ("문의:a@example.org까지", "a@example.org"),
        ("담당홍길동hong@example.org", "hong@example.org"),
        (f"주소{SITE}입니다.", SITE),
        (f"링크:{SITE}", SITE),
        (f"こちら→{SITE}から", SITE),
        (f"访问 {SITE}/docs（中文）了解", f"{SITE}/docs"),
        (f"访问{SITE}。", SITE),
        (f"{SITE}/a、続き", f"{SITE}/a"),
        (f"{SITE}/guide，详见", f"{SITE}/guide"),
        ("https://example.org에서.net", SITE),
        # closing punctuation and quotes
        (f"{SITE}.", SITE),
        (f"{SITE}/a, b", f"{SITE}/a"),
        (f"{SITE}/a?!", f"{SITE}/a"),
        (f"{SITE}/a...", f"{SITE}/a"),
        (f"{SITE}/a…", f"{SITE}/a"),
        (f"{SITE}/a; b", f"{SITE}/a"),
        (f'"{SITE}/a"', f"{SITE}/a"),
        (f"'{SITE}/a'", f"{SITE}/a"),
        (f"“{SITE}/a”를", f"{SITE}/a"),
        (f"‘{SITE}/a’는", f"{SITE}/a"),
        (f"「{SITE}/a」", f"{SITE}/a"),
        ("'a@example.org'", "a@example.org"),
        ("a@example.org.", "a@example.org"),
        (f"{SITE}/a_b_c", f"{SITE}/a_b_c"),
        (f"{SITE}/one,two", f"{SITE}/one,two"),
        (f"{SITE}/a&copy;", f"{SITE}/a"),
        (f"{SITE}/?a=1&amp;b=2", f"{SITE}/?a=1&b=2"),
        (f"{SITE}/?a=1&b=2", f"{SITE}/?a=1&b=2"),
        # brackets
        (f"({SITE})", SITE),
        (f"({SITE}/a).", f"{SITE}/a"),
        (f"({SITE}/a)0", f"{SITE}/a"),
        (f"({SITE}/a_(b))는", f"{SITE}/a_(b)"),
        (f"{SITE}/a_(b)", f"{SITE}/a_(b)"),
        (f"[{SITE}/a]", f"{SITE}/a"),
        (f"{SITE}/?a[]=1", f"{SITE}/?a[]=1"),
        (f"{{{SITE}/a}}", f"{SITE}/a"),
        (f"<<{SITE}/a>>", f"{SITE}/a"),
        (f"서울연구원({SITE})은", SITE),
        # inside marks
        (f"**{SITE}**입니다", SITE),
        (f"*{SITE}/a*", f"{SITE}/a"),
        (f"_{SITE}/a_", f"{SITE}/a"),
        (f"~~{SITE}~~는", SITE),
        (f"**누리집: {SITE}/a**(서울)", f"{SITE}/a"),
        ("_a_b@example.org_", "a_b@example.org"),
        # which addresses
        ("http://192.0.2.1:8080/a", "http://192.0.2.1:8080/a"),
        ("https://user.example.co.kr:443", "https://user.example.co.kr:443"),
        ("HTTPS://EXAMPLE.ORG/A", "HTTPS://EXAMPLE.ORG/A"),
        ("https://한글.kr/a에서", "https://한글.kr/a"),
        ("https://서울.한국에서", "https://서울.한국"),
        ("https://münchen.example/Köln", "https://münchen.example/Köln"),
        ("first.last+tag@mail.example.org", "first.last+tag@mail.example.org"),
        ("mailto:a@example.org로", "mailto:a@example.org"),
        ("tel:02-2149-1234로", "tel:02-2149-1234"),
        (f"{SITE},{SITE}/b", f"{SITE} {SITE}/b"),
        # none
        ("www.example.org", ""),
        ("README.md, si.re.kr, user.name, 1.2.3", ""),
        ("http://localhost:8000/", ""),
        ("https://", ""),
        ("https://example", ""),
        ("ftp://example.org javascript:alert(1) data:a@example", ""),
        ("xhttps://example.org", ""),
        ("@mention @a@example.org", ""),
        ("a@b a@b.c a@example", ""),
        ("logo@2x.png react@18.2 user@example.org@x", ""),
        ("küche@tf.de o'donnel@example.org", ""),
        (f"`{SITE}` 와 `a@example.org`", ""),
        (f"\\`{SITE}/a", f"{SITE}/a"),
    ],
)
def test_an_address_is_a_link_that_ends_where_a_person_sees_its_end(text: str, found: str) -> None:
    assert links_in(text) == found.split()


@pytest.mark.parametrize(
    "text",
    [
        f"[{SITE}/a]({SITE}/a)",
        f"[보고서 {SITE}/a]({SITE}/b)",
        f"<{SITE}/a>",
        "[a@example.org](mailto:a@example.org)",
        f"[**{SITE}**]({SITE})",
    ],
)
def test_a_link_holds_no_other(text: str) -> None:
    assert html_of(text).count("<a ") == 1


def test_no_code_and_no_definition_becomes_a_link() -> None:
    html = Prose(Markers([]), FILE).blocks(f"```\n{SITE}\n```\n\n    {SITE}\n\n[가][1]\n\n[1]: {SITE}/b", "x", level=2)
    assert re.findall(r'href="([^"]*)"', html) == [f"{SITE}/b"]


def test_a_table_a_list_and_a_heading_have_links_too() -> None:
    text = f"# {SITE}/1\n\n- {SITE}/2\n\n| 가 | 나 |\n|---|---|\n| {SITE}/3 | a@example.org |"
    assert Prose(Markers([]), FILE).blocks(text, "x", level=2).count("<a ") == 4


PIECES = st.lists(
    st.one_of(
        st.sampled_from([SITE, "https://", "a@example.org", "tel:02-120", "/a", "(", ")", "[", "]", "에서", ".", ","]),
        st.sampled_from(["**", "*", "_", "~~", "`", "<", ">", "&amp;", "\\", "?a=b&c", " ", "'", '"', "가", "@", ":"]),
        st.text(max_size=3),
    ),
    max_size=12,
).map(lambda parts: "".join(parts).replace("{{", "").replace("![", ""))


@settings(max_examples=150)
@given(PIECES)
def test_links_lead_where_their_words_say_and_hold_no_space_and_no_hangul_behind_their_host(text: str) -> None:
    for element in elements(html_of(text)):
        if element.tag == "a" and "](" not in text and "<" not in text and "]:" not in text:
            assert says_itself(element.text, element.attributes["href"])
            assert not re.search(r"[\s가-힣<>\"`]", element.text)


def test_in_the_text_part_an_address_stands_once() -> None:
    assert text_of(f"{SITE}/a에서, a@example.org로, [b@example.org](mailto:b@example.org)") == (
        f"{SITE}/a에서, a@example.org로, b@example.org"
    )
    assert text_of(f"<{SITE}/보고서> [{SITE}/a]({SITE}/a) [02-2149-1234](tel:0221491234)") == (
        f"{SITE}/보고서 {SITE}/a 02-2149-1234"
    )
    assert text_of(f"[보고서]({SITE}/a) [{SITE}/a]({SITE}/b) [전화](tel:02-120)") == f"보고서 [1] {SITE}/a [1] 전화 [1]"


def test_a_field_in_an_address_is_part_of_it() -> None:
    markers = Markers([])
    html = Prose(markers, FILE).line(SITE + "/?id={{ subscriber.fields.id }}에서", "x")
    assert re.search(r'href="https://example\.org/\?id=merge\w+q">https://example\.org/\?id=merge\w+q</a>에서', html)


def test_a_check_finds_them_where_they_were_typed() -> None:
    first, second, third = written_links(f"{SITE}에서 [가]({SITE}/b), a@example.org로")
    assert (first.typed, first.is_bare) == (SITE, True)
    assert (second.typed, second.is_bare) == (f"{SITE}/b", False)
    assert (third.typed, third.href) == ("a@example.org", "mailto:a@example.org")


def test_a_broken_link_around_an_address_is_still_told() -> None:
    broken = [link for link in written_links(f"[보고서]({SITE}/보고서 하나.pdf)") if not link.is_read]
    assert [link.address for link in broken] == [f"{SITE}/보고서 하나.pdf"]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("https://한글.kr/보고서?q=가", "https://xn--bj0bj06e.kr/%EB%B3%B4%EA%B3%A0%EC%84%9C?q=%EA%B0%80"),
        ("https://example.org/%EA%B0%80", "https://example.org/%EA%B0%80"),
        ("https://example.org", "https://example.org"),
        ("tel:02-2149-1234", "tel:02-2149-1234"),
        ("mailto:a@example.org?subject=가", "mailto:a@example.org?subject=%EA%B0%80"),
    ],
)
def test_an_address_is_written_as_every_mail_program_understands_it(typed: str, written: str) -> None:
    assert wire_address(typed) == written


@pytest.mark.parametrize(
    "text",
    ["a" * 20_000, "a." * 10_000, "a@" * 10_000, "https://a." * 2_000, f"{SITE}/" + "!" * 19_000, f"{SITE}/" * 900],
)
def test_a_hostile_text_takes_no_longer(text: str) -> None:
    begun = time.process_time()
    html_of(text)
    assert time.process_time() - begun < 2
