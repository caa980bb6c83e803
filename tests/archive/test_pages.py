"""What a page of the archive shows to everybody: the words of a reader without tags, at addresses that stay."""

import json
import re
from pathlib import Path

import pytest

from newsletter.edition.render import render
from newsletter.edition.variants import languages_of, variants
from newsletter.workflow.steps.letter import open_letter
from tests.support.archives import ADDRESS, archive_workspace, built, files_in, was_sent, workspace_in, write_issue
from tests.support.own_types import EVERY_FIELD

TRANSLATED = """title: 신성장동력
publish_at: 2021-07-26T08:56:00+09:00
intro: 안녕하세요.
sections:
  - { type: notice, heading: 알림, body: 하나 }
  - { type: notice, heading: 둘째, body: 둘 }
translations:
  en: { title: New growth, sections: [{ heading: Notice, body: One }] }
"""
OWN = """title: 사업
publish_at: 2021-07-26T08:56:00+09:00
sections:
  - type: x-project
    heading: 사업
    name: 걷기 좋은 길
    homepage: "https://example.org/walk"
    open: true
    about: "**소개**입니다."
    items: [{ text: 첫 단계, note: 적은 글 }]
"""


def page(folder: Path, path: str = "2021-07/") -> str:
    return (folder / path / "index.html").read_text(encoding="utf-8")


def one_page(root: Path, text: str, **files: str) -> str:
    """The page of an issue that was sent as `text` says; `files` of the workspace besides."""
    archive_workspace(root / "w")
    for name, content in files.items():
        path = root / "w" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    write_issue(root / "w", "2021-07", text)
    was_sent(root / "w", "2021-07")
    found = built(workspace_in(root / "w"), root / "site")
    assert found.problems == found.warnings == ()
    return page(root / "site")


def test_a_page_is_what_a_reader_without_tags_gets(tmp_path: Path) -> None:
    workspace = archive_workspace(tmp_path / "w", "2021-07")
    assert built(workspace, tmp_path / "site").problems == ()
    html = page(tmp_path / "site")
    assert "구독자님, 안녕하세요." in html
    assert not re.search(r"merge[a-k]+\d|unsubscribe|mailto:|\{\{|cid:|no-reply@", html)
    assert "<dt>작성자</dt><dd>홍길동</dd>" in html
    assert '<time datetime="2021-07-26T08:56:00+09:00">2021년 7월 26일 (월) 08:56</time>' in html
    assert '<time datetime="2021-07-26">2021년 7월 26일</time>' in html
    assert f'<link rel="canonical" href="{ADDRESS}/2021-07/">' in html
    everything = b"".join(files_in(tmp_path / "site").values()).decode(errors="replace")
    assert "비밀" not in everything
    assert "연구자에게만" not in everything


@pytest.mark.parametrize(
    ("intro", "summary"),
    [
        ("안녕하세요. 새 공원이 문을 엽니다.", "새 공원이 문을 엽니다."),
        ("새 공원이 문을 엽니다. 안녕히 계세요.", "새 공원이 문을 엽니다. 안녕히 계세요."),
        ("안녕하세요.", "안녕하세요."),
    ],
)
def test_what_stands_for_an_issue_is_not_its_greeting(tmp_path: Path, intro: str, summary: str) -> None:
    html = one_page(tmp_path, f"title: 공원\npublish_at: 2021-07-26\nintro: {intro}\n")
    assert f'<meta name="description" content="{summary}">' in html


INTERFACE = """title: 공원
publish_at: 2021-07-26
intro: 새 공원이 문을 엽니다.
summary: [요약 한 줄]
sections:
  - type: story
    kicker: 정책
    heading: 걷는 길
    body: 강을 따라 걷습니다.
    research: [{ kind: report, title: 보행 환경 연구, url: "https://example.org/r" }]
    buttons: [{ label: 보고서 읽기, url: "https://example.org/b" }]
  - type: events
    heading: 모임
    items:
      - title: 걷기 모임
        starts_at: 2021-12-09T10:00
        place: 광장
        online: "https://example.org/o"
        deadline: 2021-12-01
  - { type: callout, tone: info, body: 알아 둘 말입니다. }
  - type: feedback
    question: 어땠나요?
    answers: [{ label: 좋았어요, url: "https://example.org/y" }, { label: 별로, url: "https://example.org/n" }]
"""


def test_what_is_searched_and_summed_up_are_words_of_the_issue_alone(tmp_path: Path) -> None:
    html = one_page(tmp_path, INTERFACE)
    shown = ("보고서 읽기", "좋았어요", "이번 호의 행사를 달력에 담기", "연구보고서", "정책")
    assert all(words in html for words in shown)
    (row,) = json.loads((tmp_path / "site" / "search-2021.json").read_text(encoding="utf-8"))
    assert row["x"] == (
        "요약 한 줄 새 공원이 문을 엽니다. 걷는 길 강을 따라 걷습니다. 보행 환경 연구 모임 걷기 모임"
        " 2021년 12월 9일 (목) 10:00 · 광장 알아 둘 말입니다. 어땠나요?"
    )
    assert '<meta name="description" content="요약 한 줄 새 공원이' in html


def test_an_address_without_a_page_leads_to_the_index_from_wherever_it_is(tmp_path: Path) -> None:
    workspace = archive_workspace(tmp_path / "w", "2021-07")
    for base_url, path in (("", "/archive/"), ("https://news.example.org/old/letters/", "/old/letters/")):
        built(workspace, tmp_path / "site", base_url=base_url)
        html = (tmp_path / "site" / "404.html").read_text(encoding="utf-8")
        assert f'<a href="{path}">지난 호 보기</a>' in html
        assert set(re.findall(r'<link rel="stylesheet" href="(.*?)style', html)) == {path}
        assert '<meta name="robots" content="noindex">' in html
        assert "페이지를 찾을 수 없습니다" in html
        assert not re.search(r'="\.', html)


def test_a_draft_was_registered_on_no_day(tmp_path: Path) -> None:
    workspace = archive_workspace(tmp_path / "w", "2021-07")
    write_issue(tmp_path / "w", "2022-07")
    built(workspace, tmp_path / "site", drafts=True)
    assert "<dt>등록일</dt>" in page(tmp_path / "site")
    assert "<dt>등록일</dt>" not in page(tmp_path / "site", "2022-07/")


def test_the_places_that_letters_lead_to_are_there_whoever_sees_which_sections(tmp_path: Path) -> None:
    workspace = archive_workspace(tmp_path / "w", "2021-07")
    built(workspace, tmp_path / "site")
    issue = open_letter(workspace, "2021-07").issue
    there = set(re.findall(r'id="((?:story|section)-\d+)"', page(tmp_path / "site")))
    assert there == {"story-01", "story-03"}
    seen = set()
    for variant in variants(issue, languages_of(issue, "ko")):
        html = render(issue, workspace, variant).html
        seen |= set(re.findall(r'#((?:story|section)-\d+)"', html))
    assert seen == there


def test_each_language_has_its_page_and_leads_to_the_others(tmp_path: Path) -> None:
    one = one_page(tmp_path, TRANSLATED)
    other = page(tmp_path / "site", "2021-07/en/")
    for html in (one, other):
        found = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', html)
        assert found == [
            ("ko", f"{ADDRESS}/2021-07/"), ("en", f"{ADDRESS}/2021-07/en/"), ("x-default", f"{ADDRESS}/2021-07/"),
        ]  # fmt: skip
    assert '<html lang="en">' in other
    assert '<a href="../../2021-07/" hreflang="ko" lang="ko">한국어</a>' in other
    assert '<a href="#section-1">Notice</a>' in other
    assert '<a href="#section-2" lang="ko">둘째</a>' in other


def test_a_field_without_a_default_blocks_its_page_and_no_other(tmp_path: Path) -> None:
    archive_workspace(tmp_path / "w", "2021-07")
    write_issue(
        tmp_path / "w",
        "2022-07",
        "title: 제목\nsections:\n  - { type: notice, body: '{{ subscriber.fields.gu }} 소식' }\n"
        "  - { type: notice, body: '{{ subscriber.name }}', only_for: [연구] }\n",
    )
    was_sent(tmp_path / "w", "2022-07")
    found = built(workspace_in(tmp_path / "w"), tmp_path / "site")
    (problem,) = found.problems
    told = problem.in_language("en")
    assert "issues/2022-07.yaml:3:27: sections[0].body" in told
    assert "subscriber.fields.gu" in told
    assert "subscriber.name" not in told
    assert sorted(path.name for path in (tmp_path / "site").glob("20*")) == ["2021-07"]


def test_an_own_type_shows_its_fields_or_what_its_template_for_the_web_says(tmp_path: Path) -> None:
    folder = "templates/email/sections/x-project"
    declared = {f"{folder}/section.toml": EVERY_FIELD, f"{folder}/section.html.j2": ""}
    html = one_page(tmp_path / "a", OWN, **declared)
    assert '<p><a href="https://example.org/walk">걷기 좋은 길</a></p>' in html
    assert '<p class="muted">접수 중</p>' in html
    assert "<strong>소개</strong>입니다." in html
    assert "첫 단계" in html
    mine = {"templates/web/sections/x-project/section.html.j2": "<p>내 것: {{ section.fields.name }}</p>"}
    assert "<p>내 것: 걷기 좋은 길</p>" in one_page(tmp_path / "b", OWN, **declared, **mine)


def test_pages_lead_to_the_issues_beside_them_and_the_index_to_all_by_year_and_tag(tmp_path: Path) -> None:
    workspace = archive_workspace(tmp_path / "w", "2021-07", "2022-07", "2023-07")
    found = built(workspace, tmp_path / "site")
    assert found.issues == 3
    ways = re.findall(r'<a rel="(\w+)" href="([^"]+)">', page(tmp_path / "site", "2022-07/"))
    assert ways == [("prev", "../2021-07/"), ("next", "../2023-07/")]
    index = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<h2 id="y\d+">(\d+)', index) == ["2023", "2022", "2021"]
    assert re.findall(r'<h3><a href="([^"]+)">', index) == ["2023-07/", "2022-07/", "2021-07/"]
    assert len(re.findall(r'<img src="pictures/river-[0-9a-f]+\.png" alt="" width="320"', index)) == 3
    assert 'href="tags/ai-%EC%A0%95%EC%B1%85.html">AI 정책</a>' in index
    tag = (tmp_path / "site" / "tags" / "ai-정책.html").read_text(encoding="utf-8")
    assert tag.count('<h3><a href="../20') == 3


def test_without_any_issue_the_index_says_so(tmp_path: Path) -> None:
    found = built(archive_workspace(tmp_path / "w"), tmp_path / "site")
    assert (found.issues, found.problems) == (0, ())
    assert "아직 보낸 호가 없습니다" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("drafts", [True, False])
def test_a_draft_is_in_a_preview_alone_and_marked(tmp_path: Path, drafts: bool) -> None:
    archive_workspace(tmp_path / "w", "2021-07")
    write_issue(tmp_path / "w", "2022-07")
    write_issue(tmp_path / "w", "welcome")
    built(workspace_in(tmp_path / "w"), tmp_path / "site", drafts=drafts)
    files = files_in(tmp_path / "site")
    assert ("2022-07/index.html" in files) == drafts
    assert "welcome/index.html" not in files
    assert b"noindex" not in files["2021-07/index.html"]
    if drafts:
        assert b'<meta name="robots" content="noindex">' in files["2022-07/index.html"]
        assert "초안".encode() in files["2022-07/index.html"]
        assert b"noindex" in files["index.html"]
