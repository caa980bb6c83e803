"""Footnotes: numbers in the text, notes under it, in both parts; nothing that was typed is lost."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.edition.markdown.plain_markdown import plain_blocks
from newsletter.edition.markdown.prose import Prose
from newsletter.edition.markdown.written_links import written_links
from newsletter.edition.markers import Markers

NOTE = '<p class="footnote muted">'


def html_of(text: str) -> str:
    return Prose(Markers([]), "issues/2026-12.yaml").blocks(text, "intro", level=2)


def text_of(text: str) -> str:
    return "\n".join(plain_blocks(Prose(Markers([]), "issues/2026-12.yaml").tree(text, "intro"), lambda _: 7))


def test_notes_stand_under_the_text_by_number_and_are_not_linked() -> None:
    text = "둘째[^2]와 첫째[^1].\n[^2]: [보고서](https://e.example.org/) **2020**\n[^1]: 서울연구원\n\n끝"
    assert html_of(text) == (
        "<p>둘째<sup>2</sup>와 첫째<sup>1</sup>.</p>\n<p>끝</p>\n"
        f"{NOTE}<sup>1</sup> 서울연구원</p>\n"
        f'{NOTE}<sup>2</sup> <a href="https://e.example.org/">보고서</a> <strong>2020</strong></p>'
    )
    assert text_of(text) == "둘째[*2]와 첫째[*1].\n\n끝\n\n[*1] 서울연구원\n[*2] 보고서 [7] 2020"
    assert html_of(text.replace("\n", "\r\n")) == html_of(text)


def test_a_number_stays_and_a_name_gets_the_next_free_one() -> None:
    assert (
        text_of("[^a] [^7] [^b]\n\n[^a]: 가\n\n[^7]: 나\n\n[^b]: 다") == "[*1] [*7] [*2]\n\n[*1] 가\n[*2] 다\n[*7] 나"
    )


def test_a_number_behind_a_digit_is_not_read_with_it() -> None:
    assert "10<sup>&nbsp;1</sup>명" in html_of("10[^1]명\n\n[^1]: 어림")


def test_a_note_may_have_more_than_one_paragraph() -> None:
    assert html_of("글[^1]\n\n[^1]: 가\n이어서\n\n    둘째\n\n끝") == (
        f"<p>글<sup>1</sup></p>\n<p>끝</p>\n{NOTE}<sup>1</sup> 가\n이어서</p>\n{NOTE}둘째</p>"
    )


@pytest.mark.parametrize("text", ["글[^1]", "글\\[^1]\n\n[^1]: 가", "`[^1]`\n\n[^1]: 가", "글^[^]", "글^[가]"])
def test_what_points_to_no_note_is_text(text: str) -> None:
    first = text.partition("\n")[0].replace("\\", "").replace("`", "")
    assert text_of(text).startswith(first)
    assert "<sup>" not in html_of(text).partition("</p>")[0]


def test_a_note_that_nothing_points_to_is_shown() -> None:
    assert text_of("글\n\n[^1]: 2026년 기준") == "글\n\n[*1] 2026년 기준"


def test_a_note_does_not_begin_in_another() -> None:
    assert text_of("[^1]: " * 30 + "끝").endswith("끝")


def test_notes_of_quotes_and_lists_stand_under_the_text_too() -> None:
    text = "> 인용[^1]\n>\n> [^1]: 가\n\n- 목록[^2]\n\n  [^2]: - 나"
    assert text_of(text) == "    인용[*1]\n\n- 목록[*2]\n\n[*1] 가\n[*2]\n\n- 나"


def test_a_link_in_a_note_is_checked() -> None:
    assert [link.address for link in written_links("글[^1]\n\n[^1]: [보고서](https://e.example.org/a)")] == [
        "https://e.example.org/a"
    ]


PIECES = st.sampled_from(
    ["[^1]", "[^가]", "[^1]: ", "[^가]: ", "\n", "\n\n", "    ", "> ", "- ", "12", "글", "[", "]:"]
)


@settings(max_examples=150, deadline=None)
@example("[^1]: [^1]: [^1]12")
@given(st.lists(PIECES, max_size=14).map("".join))
def test_nothing_but_labels_is_lost(text: str) -> None:
    words = re.sub(r"\[\^(1|가)\]", "", text)
    shown = re.sub(r"<sup>[^<]*</sup>|<[^>]*>", "", html_of(text))
    assert sorted(re.findall(r"12|글", words)) == sorted(re.findall(r"12|글", shown.replace("[^1]", "")))
