"""Markdown of an issue: safe HTML, headings in order, links that lead somewhere, fields that survive."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.edition.markdown.prose import BLOCK_TAGS, INLINE_TAGS, Prose
from newsletter.edition.markers import Markers
from newsletter.errors import InputError

FILE = "issues/2026-11.yaml"


def prose() -> Prose:
    return Prose(Markers([]), FILE)


def blocks(text: str, level: int = 3) -> str:
    return prose().blocks(text, "intro", level=level)


class _Tags(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


MARKDOWN = st.lists(
    st.one_of(
        st.text(max_size=6),
        st.sampled_from(
            ["<script>", "<img src=x onerror=y>", "](", "[a](javascript:b)", "**", "`", "> ", "# ", "\n\n", "- "]
        ),
        st.sampled_from(
            ["<https://e.example.org>", "&lt;", "&#60;", "[x]: data:a", "<!--", "\\", '"', "[a](<x> 'y')", "```"]
        ),
    ),
    max_size=12,
).map("".join)


def without_pictures(text: str) -> str:
    return text.replace("!", "").replace("{{", "")


@settings(max_examples=300)
@given(MARKDOWN)
def test_no_markdown_leads_out_of_the_allowed_tags_and_schemes(text: str) -> None:
    html = blocks(without_pictures(text))
    for tag, attributes in _Tags(html).seen:
        assert tag in BLOCK_TAGS
        assert attributes.keys() <= {"href", "title", "start"} or (tag, attributes) == ("em", {"class": "upright"})
        scheme, colon, _ = (attributes.get("href") or "").partition(":")
        assert not colon or "/" in scheme or scheme.lower() in {"http", "https", "mailto"}


@given(MARKDOWN)
def test_no_markdown_in_a_line_makes_a_block(text: str) -> None:
    html = prose().line(without_pictures(text), "hero.caption")
    assert {tag for tag, _ in _Tags(html).seen} <= INLINE_TAGS


def test_raw_html_shows_as_it_was_typed() -> None:
    assert blocks("<b>굵게</b>") == "<p>&lt;b&gt;굵게&lt;/b&gt;</p>"


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("# a\n\n## b\n\n# c", ["h3", "h4", "h3"]),
        ("## a\n\n#### b\n\n### c\n\n# d", ["h3", "h4", "h4", "h3"]),
        ("###### a", ["h3"]),
        ("# a\n\n## b\n\n### c\n\n#### d\n\n##### e", ["h3", "h4", "h5", "h6", "h6"]),
    ],
)
def test_headings_follow_each_other_without_a_gap(text: str, tags: list[str]) -> None:
    assert [tag for tag, _ in _Tags(blocks(text)).seen] == tags


@pytest.mark.parametrize("target", ["javascript:alert(1)", "JaVaScRiPt:a", "&#106;avascript:a", "data:text/html,x"])
def test_a_link_with_another_scheme_keeps_its_words_only(target: str) -> None:
    assert blocks(f"[여기]({target})") == "<p><a>여기</a></p>"


def test_a_korean_host_becomes_its_ascii_form() -> None:
    assert "https://xn--bj0bj06e.kr/" in blocks("[가](https://한글.kr/)")


@pytest.mark.parametrize(
    "text",
    [
        "[찾기](https://e.example.org/?q={{ subscriber.email }})",
        "[찾기](https://e.example.org/{{ subscriber.email }}/끝)",
        "[찾기](<https://e.example.org/{{ subscriber.email }}>)",
        "<https://e.example.org/?q={{ subscriber.email }}>",
        "[내 페이지]({{ subscriber.email }})",
        "[편지](mailto:{{ subscriber.email }})",
        "[찾기][x]\n\n[x]: https://e.example.org/?q={{ subscriber.email }}",
    ],
)
def test_a_field_in_the_address_of_a_link_stays_there(text: str) -> None:
    markers = Markers([])
    html = Prose(markers, FILE).blocks(text, "intro", level=2)
    (link,) = [attributes["href"] for tag, attributes in _Tags(html).seen if tag == "a"]
    assert markers.count(link or "") == 1


def test_a_field_that_markdown_would_drop_is_an_error_with_its_place() -> None:
    with pytest.raises(InputError, match=r"issues/2026-11.yaml: intro: the merge field subscriber.name") as caught:
        blocks("```{{ subscriber.name }}\n```")
    assert caught.value.problems[0].path == "intro"


@pytest.mark.parametrize(
    "text", ["**“제목”**{{ subscriber.name }}", "{{ subscriber.name }}**(제목)**", "**{{ subscriber.name }}**님"]
)
def test_emphasis_opens_and_closes_beside_a_field(text: str) -> None:
    assert "<strong>" in blocks(text)


def test_a_picture_in_text_is_an_error_that_says_where_pictures_go() -> None:
    with pytest.raises(InputError, match="image:"):
        blocks("글 ![그림](assets/x.png)")


def test_paragraphs_of_a_line_are_parted_by_a_line_break() -> None:
    assert prose().line("첫 **줄**\n이어서\n\n둘째 줄", "x") == "첫 <strong>줄</strong> 이어서<br>둘째 줄"


@pytest.mark.parametrize(
    "line",
    [
        "[문의]: 02-120",
        "[일시]: 2026.12.1",
        "[자료]: assets/a.pdf",
        "[보고서]: 서울연구원",
        "[x]: {{ subscriber.name }}",
        "[문의] 전화\n[문의]: 02-120",
    ],
)
def test_a_line_that_only_looks_like_an_address_for_a_link_is_shown(line: str) -> None:
    shown = blocks(line)
    assert line.partition("{{")[0].splitlines()[-1] in shown
    assert "<a" not in shown


def test_of_two_addresses_for_a_link_the_second_is_shown() -> None:
    assert blocks("[가][b]\n\n[B]: https://e.example.org/1\n[b]: 둘째") == (
        '<p><a href="https://e.example.org/1">가</a></p>\n<p><a href="https://e.example.org/1">b</a>: 둘째</p>'
    )
