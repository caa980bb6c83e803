"""What a good issue file becomes: typed values, text as it was typed."""

import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.issue.sections.events import Events
from newsletter.issue.sections.figures import Figures
from newsletter.issue.sections.notice import Notice
from newsletter.issue.sections.quote import Quote
from newsletter.issue.sections.story import Story
from newsletter.issue.texts import TextKind
from newsletter.settings.bundled import bundled
from newsletter.settings.explain import tidy
from tests.support.issue_files import problems_of, read_issue

WHOLE = """\
title: 신성장동력
number: 7                                 # optional, shown in the masthead
subject: "[서울이슈큐레이터] 신성장동력"
preheader: 미리 보는 한 줄
publish_at: 2021-07-26T08:56:00+09:00     # optional
advertising: true
author: siadmin
hero: { src: assets/x.png, alt: 그림, caption: 설명, credit: 작가, licence: CC BY 4.0 }
intro: |
  첫 줄
    들여 쓴 줄

  끝 줄
sections:
  - type: story
    heading: 이야기
    body: |
      본문 # 이것은 제목이 아님
    only_for: [시민, 연구]
    image: { src: a.png, alt: 그림 }
    research:
      - { title: 보고서, url: "https://www.si.re.kr/a?b=c#d", authors: [홍길동, Jane Doe], year: 2020, summary: 요약 }
    button: { label: 더 읽기, url: "mailto:a@example.org" }
  - type: figures
    items: [{ value: "443명", label: 일자리 }, { value: 010, label: no }]
  - type: quote
    text: 12:30
    source: 누구
  - type: events
    items:
      - { title: 포럼, starts_at: 2021-08-01 14:00, place: 강당, url: "https://example.org" }
      - { title: 전시, starts_at: 2021-08-02 }
  - type: notice
    body: 알림
closing: |
  고맙습니다.
"""


def test_every_key_of_the_design_is_read(tmp_path: Path) -> None:
    issue = read_issue(tmp_path, WHOLE)
    assert (issue.title, issue.number, issue.advertising, issue.author) == ("신성장동력", 7, True, "siadmin")
    assert issue.hero is not None
    assert (issue.hero.src, issue.hero.licence) == ("assets/x.png", "CC BY 4.0")
    assert issue.intro == "첫 줄\n  들여 쓴 줄\n\n끝 줄"
    story, figures, quote, events, notice = issue.sections
    assert isinstance(story, Story)
    assert isinstance(figures, Figures)
    assert isinstance(quote, Quote)
    assert isinstance(events, Events)
    assert isinstance(notice, Notice)
    assert story.body == "본문 # 이것은 제목이 아님"
    assert story.only_for == ("시민", "연구")
    assert (story.research[0].year, story.research[0].authors) == (2020, ("홍길동", "Jane Doe"))
    assert story.button is not None
    assert events.items[1].starts_at.hour == 0


def test_scalars_stay_the_text_that_was_typed(tmp_path: Path) -> None:
    issue = read_issue(tmp_path, WHOLE)
    figures, quote = issue.sections[1:3]
    assert isinstance(figures, Figures)
    assert isinstance(quote, Quote)
    assert [(item.value, item.label) for item in figures.items] == [("443명", "일자리"), ("010", "no")]
    assert quote.text == "12:30"
    for word in ("no", "~", "null", "0x1F", "1e3", "2021-07-26", "true", "1_000", ".inf"):
        assert read_issue(tmp_path, f"title: {word}\nintro: x\n").title == word


def test_the_slug_is_the_name_of_the_file(tmp_path: Path) -> None:
    issue = read_issue(tmp_path, WHOLE)
    assert issue.slug == "2026-11"
    assert issue.path == tmp_path / "issues" / "2026-11.yaml"


@pytest.mark.parametrize(
    ("typed", "utc"),
    [
        ("2021-07-26T08:56:00+09:00", (2021, 7, 25, 23, 56)),
        ("2021-07-26T08:56", (2021, 7, 25, 23, 56)),
        ("2021-07-26 08:56:00", (2021, 7, 25, 23, 56)),
        ("2021-07-26T08:56Z", (2021, 7, 26, 8, 56)),
        ('"2021-07-26T08:56-0500"', (2021, 7, 26, 13, 56)),
    ],
)
def test_a_time_without_an_offset_is_in_the_newsletters_zone(
    tmp_path: Path, typed: str, utc: tuple[int, int, int, int, int]
) -> None:
    issue = read_issue(tmp_path, f"title: x\nintro: y\npublish_at: {typed}\n")
    assert issue.publish_at is not None
    assert issue.publish_at.astimezone(UTC) == datetime(*utc, tzinfo=UTC)


def test_text_is_nfc(tmp_path: Path) -> None:
    typed = unicodedata.normalize("NFD", "title: 서울\nintro: '{{ subscriber.fields.소속 | default(\"가\") }}'\n")
    issue = read_issue(tmp_path, typed)
    assert issue.title == "서울"
    assert unicodedata.is_normalized("NFC", issue.intro)


def test_files_saved_by_windows_read_the_same(tmp_path: Path) -> None:
    plain = read_issue(tmp_path, WHOLE)
    assert read_issue(tmp_path, b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode()) == plain


def test_a_byte_order_mark_does_not_move_the_place_of_an_error(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, b"\xef\xbb\xbftitle: #3\r\nintro: x\r\n")
    assert (problem.line, problem.column) == (1, 8)


def test_an_empty_value_of_an_optional_key_counts_as_left_out(tmp_path: Path) -> None:
    issue = read_issue(tmp_path, "title: x\nsubject:\nnumber:\nhero:\npublish_at: ''\nsections:\nintro: y\n")
    assert (issue.subject, issue.number, issue.hero, issue.publish_at, issue.sections) == ("", None, None, None, ())


@pytest.mark.parametrize(
    "url",
    [
        "https://www.si.re.kr",
        "http://www.example.org:8080/a%20b?c=d&e#f",
        "https://example.org/서울",
        "mailto:a@example.org?subject=x",
        "https://example.org/{{ subscriber.fields.id }}",
        'https://{{ subscriber.fields["a b"] | default("www") }}.example.org/',
        "{{ subscriber.fields.link }}",
    ],
)
def test_web_and_mail_addresses_are_good_with_merge_fields_too(tmp_path: Path, url: str) -> None:
    text = f"title: x\nsections:\n  - type: story\n    body: y\n    button: {{ label: z, url: '{url}' }}\n"
    [story] = read_issue(tmp_path, text).sections
    assert isinstance(story, Story)
    assert story.button is not None
    assert story.button.url == url


def test_texts_links_and_pictures_are_found_wherever_they_are(tmp_path: Path) -> None:
    issue = read_issue(tmp_path, WHOLE)
    assert [(tidy(found.path), found.image.alt) for found in issue.pictures()] == [
        ("hero.src", "그림"),
        ("sections[0].image.src", "그림"),
    ]
    links = [(tidy(found.path), found.address, found.words) for found in issue.links()]
    assert links[:2] == [
        ("sections[0].research[0].url", "https://www.si.re.kr/a?b=c#d", "보고서"),
        ("sections[0].button.url", "mailto:a@example.org", "더 읽기"),
    ]
    texts = {tidy(found.path): (found.text, found.kind) for found in issue.texts()}
    assert texts["title"] == ("신성장동력", TextKind.LINE)
    assert texts["author"] == ("siadmin", TextKind.NAME)
    assert texts["hero.caption"] == ("설명", TextKind.MARKDOWN_LINE)
    assert texts["sections[0].body"] == ("본문 # 이것은 제목이 아님", TextKind.MARKDOWN)
    assert texts["sections[0].research[0].authors[1]"] == ("Jane Doe", TextKind.NAME)
    assert not {"sections[0].type", "sections[0].only_for[0]", "publish_at"} & texts.keys()


def test_the_bundled_example_is_good(tmp_path: Path) -> None:
    [example, *_] = sorted(bundled("issues").glob("*.yaml"))
    assert read_issue(tmp_path, example.read_bytes()).title == "신성장동력"
