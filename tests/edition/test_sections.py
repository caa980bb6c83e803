"""Single types of sections as a reader meets them: in HTML, in the text part, with hostile words."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from newsletter.edition.edition import Edition
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.edition.wrap import TEXT_COLUMNS, columns
from newsletter.issue.sections.registry import SECTION_TYPES
from tests.support.issue_files import read_issue
from tests.support.letters import issue_of, picture_bytes, workspace_at
from tests.support.markup import as_outlook_reads, elements
from tests.support.section_samples import Samples

HOSTILE = '<script>alert(1)</script> "\'><b onclick=x> {{ "{{" }} %s {0} \\'


def edition_of(root: Path, *sections: Mapping[str, Any], language: str = "ko", **parts: object) -> Edition:
    issue = issue_of(root, sections=list(sections), **parts)
    return render(issue, workspace_at(root), variants(issue, [language])[0])


def text_of(root: Path, section: Mapping[str, Any], language: str = "ko") -> list[str]:
    """The lines of its text between the rules."""
    text = edition_of(root, section, language=language).text
    return text.split("\n" + "-" * TEXT_COLUMNS + "\n")[1].split("\n" + "=" * TEXT_COLUMNS)[0].strip("\n").split("\n")


def test_a_brief_is_its_title_what_is_said_and_who_says_it(tmp_path: Path) -> None:
    items = [
        {"title": "지도", "url": "https://a.example.org", "text": "**한 장**에\n\n- 둘", "source": "연구원"},
        {"title": "제목만"},
    ]
    assert text_of(tmp_path, {"type": "briefs", "heading": "단신", "items": items}) == [
        "단신", "", "지도 [1]", "  한 장에", "", "  - 둘", "  — 연구원", "", "제목만",
    ]  # fmt: skip


def test_a_person_without_a_picture_leaves_no_room_for_one(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture_bytes(400, 400))
    picture = {"src": "a.png", "alt": "얼굴"}
    section = {"type": "people", "items": [{"name": "홍길동", "image": picture}, {"name": "Jane Doe"}]}
    edition = edition_of(tmp_path, section)
    assert edition.html.count('width="96"') == 2  # the cell and the picture in it
    assert edition.html.split("Jane Doe")[0].rpartition("<table")[2].count("<td") == 1
    assert edition.pictures[0].data.startswith(b"\x89PNG")
    assert "홍길동\n\n(그림: 얼굴)\n\nJane Doe" in edition.text


@pytest.mark.parametrize(
    ("deadline", "language", "shown"),
    [
        ("2026-12-31", "ko", "2026년 12월 31일 (목)"),
        ("2026-12-31T00:00+09:00", "ko", "2026년 12월 31일 (목)"),
        ("2026-12-31T18:00", "ko", "2026년 12월 31일 (목) 18:00"),
        ("2026-12-31T18:00:00Z", "ko", "2027년 1월 1일 (금) 03:00"),
        ("2026-12-31", "en", "Thu, 31 December 2026"),
        ("2026-12-31T18:00", "en", "Thu, 31 December 2026, 18:00"),
    ],
)
def test_a_deadline_is_said_in_the_readers_language_and_the_newsletters_zone(
    tmp_path: Path, deadline: str, language: str, shown: str
) -> None:
    section = {"type": "jobs", "items": [{"title": "사서", "deadline": deadline}]}
    assert text_of(tmp_path, section, language)[-1].endswith(f": {shown}")
    assert f" {shown}</b>" in edition_of(tmp_path, section, language=language).html


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "language", "beside", "written"),
    [
        ("2026-12-15", "", "ko", "", "2026년 12월 15일 (화)"),
        ("2026-12-15", "2026-12-15", "ko", "", "2026년 12월 15일 (화)"),
        ("2026-12-15T14:00", "", "ko", "14:00", "2026년 12월 15일 (화) 14:00"),
        ("2026-12-15T14:00", "2026-12-15", "ko", "14:00", "2026년 12월 15일 (화) 14:00"),
        ("2026-12-15T14:00", "2026-12-15T16:30", "ko", "14:00~16:30", "2026년 12월 15일 (화) 14:00~16:30"),
        ("2026-12-15T14:00", "2026-12-15T16:30", "en", "14:00–16:30", "Tue, 15 December 2026, 14:00–16:30"),
        ("2026-12-15", "2026-12-16", "ko", "12월 15일(화)~16일(수)", "2026년 12월 15일 (화) ~ 2026년 12월 16일 (수)"),
        ("2026-12-15", "2026-12-16", "en", "Dec 15–16", "Tue, 15 December 2026 – Wed, 16 December 2026"),
        ("2026-11-30", "2026-12-01", "ko", "11월 30일(월)~12월 1일(화)", ""),
        ("2026-11-30", "2026-12-01", "en", "Nov 30 – Dec 1", ""),
        ("2026-12-15T14:00", "2026-12-16T12:00", "ko", "12월 15일(화) 14:00~16일(수) 12:00", ""),
        ("2026-12-15T14:00", "2026-12-16", "en", "Dec 15, 14:00 – Dec 16", ""),
        ("2026-12-31", "2027-01-02", "ko", "2026년 12월 31일(목)~2027년 1월 2일(토)", ""),
        ("2026-12-31", "2027-01-02", "en", "Dec 31, 2026 – Jan 2, 2027", ""),
        ("2026-12-15T23:00Z", "2026-12-16T01:00Z", "ko", "08:00~10:00", "2026년 12월 16일 (수) 08:00~10:00"),
    ],
)
def test_a_stretch_of_time_is_said_as_a_reader_writes_it(
    tmp_path: Path, starts_at: str, ends_at: str, language: str, beside: str, written: str
) -> None:
    item = {"title": "포럼", "starts_at": starts_at, "ends_at": ends_at, "place": "시민청"}
    section = {"type": "events", "items": [item]}
    html = edition_of(tmp_path, section, language=language).html
    shown = f">{beside} · 시민청<" if beside else ">시민청<"
    assert shown in re.sub("</?span[^>]*>", "", html)
    lines = text_of(tmp_path, section, language)
    assert lines[1:] == ["  포럼", "  시민청"]
    assert lines[0] == (written or lines[0])


def test_the_time_of_an_event_is_marked_as_the_chromes_words(tmp_path: Path) -> None:
    event = {"title": "포럼", "starts_at": "2026-12-15", "ends_at": "2026-12-16", "place": "시민청"}
    words = [{"items": [{"title": "منتدى", "place": "القاعة"}]}]
    edition = edition_of(
        tmp_path,
        {"type": "events", "items": [event]},
        language="ar",
        translations={"ar": {"title": "كل", "sections": words}},
    )
    chrome = re.search(r'<p[^>]*><span lang="ko"[^>]*>(?:<[^>]*>)*12월 15일.*?</p>', edition.html)
    assert chrome is not None
    assert 'lang="ko"' not in chrome[0].partition("·")[2]


def test_an_event_says_who_speaks_how_to_take_part_and_until_when(tmp_path: Path) -> None:
    more = {
        "speaker": "홍길동",
        "online": "https://a.example.org/live",
        "deadline": "2026-12-10",
        "note": "**편한** 신발",
    }
    section = {"type": "events", "items": [{"title": "산책", "starts_at": "2026-12-15T14:00"} | more]}
    assert text_of(tmp_path, section)[1:6] == [
        "  산책", "  온라인으로 참여하기 [1]", "  연사 홍길동", "  신청 마감 2026년 12월 10일 (목)", "  편한 신발",
    ]  # fmt: skip
    html = edition_of(tmp_path, section, language="en").html
    assert "Join online" in html
    assert "Register by Thu, 10 December 2026" in html
    assert "Speaker:" in html


@pytest.mark.parametrize(("tone", "label"), [("info", "안내"), ("warning", "꼭 확인하세요"), ("thanks", "고맙습니다")])
def test_a_callout_says_in_words_of_which_kind_it_is(tmp_path: Path, tone: str, label: str) -> None:
    section = {"type": "callout", "tone": tone, "body": "글"}
    assert text_of(tmp_path, section) == [f"[{label}]", "", "글"]
    assert f"<b>{label}</b>" in edition_of(tmp_path, section).html
    assert edition_of(tmp_path, section | {"heading": label}).html.count(label) == 1


def test_a_divider_is_a_pause_or_the_name_of_what_follows(tmp_path: Path) -> None:
    [marks] = text_of(tmp_path, {"type": "divider"})
    assert marks.strip() == "·  ·  ·"
    assert text_of(tmp_path, {"type": "divider", "heading": "둘째"}) == ["둘째"]


def test_answers_are_cells_for_word_and_a_list_of_links_in_the_text_part(tmp_path: Path) -> None:
    answers = [{"label": f"답{n}", "url": f"https://a.example.org/{n}?a=1&b=2"} for n in range(5)]
    edition = edition_of(tmp_path, {"type": "feedback", "question": "어떠셨나요?", "answers": answers})
    assert [line for line in edition.text.split("\n") if line.startswith("→ ")] == [
        f"→ 답{n} [{n + 1}]" for n in range(5)
    ]
    for answer in answers:
        assert edition.html.count(f'href="{answer["url"].replace("&", "&amp;")}"') == 1
    word = as_outlook_reads(edition.html).split("어떠셨나요?")[1].split("발신 전용")[0]
    assert [cell.attributes.get("width") for cell in elements(word) if cell.tag == "td"].count("12") == 4


@pytest.mark.parametrize(("label", "language", "shown"), [("", "ko", "광고"), ("", "en", "Ad"), ("협찬", "en", "협찬")])
def test_the_label_of_a_sponsor_always_shows(tmp_path: Path, label: str, language: str, shown: str) -> None:
    section = {"type": "sponsor", "name": "책방", "url": "https://a.example.org/?a=1", "label": label}
    edition = edition_of(tmp_path, section, language=language)
    assert f"<b>{shown}</b>" in edition.html
    assert f"[{shown}] 책방 [1]" in edition.text
    assert 'href="https://a.example.org/?a=1"' in edition.html


@pytest.mark.parametrize(("count", "widths"), [(2, [260] * 2), (3, [536, 260, 260]), (4, [260] * 4)])
def test_pictures_stand_two_in_a_row_and_of_three_the_first_is_as_wide(
    tmp_path: Path, count: int, widths: list[int]
) -> None:
    (tmp_path / "a.png").write_bytes(picture_bytes(1200, 600))
    images = [{"src": "a.png", "alt": f"그림{number}", "caption": f"설명{number}"} for number in range(count)]
    edition = edition_of(tmp_path, {"type": "gallery", "images": images})
    pictures = [one for one in elements(edition.html) if one.tag == "img"]
    assert [int(picture.attributes["width"]) for picture in pictures] == widths
    assert [picture.attributes["alt"] for picture in pictures] == [f"그림{number}" for number in range(count)]
    word = [one for one in elements(as_outlook_reads(edition.html)) if one.tag == "td" and "그림" not in one.text]
    assert [cell.attributes.get("width") for cell in word].count("276") == widths.count(260)
    assert edition.text.count("(그림: 그림") == edition.text.count("설명") == count


def test_each_half_of_a_line_says_its_own_language(tmp_path: Path) -> None:
    section = {"type": "jobs", "items": [{"title": "사서", "employer": "연구원", "place": "서울"}]}
    english = {"en": {"title": "Title", "sections": [{"items": [{"title": "Librarian", "place": "Seoul"}]}]}}
    html = edition_of(tmp_path, section, language="en", translations=english).html
    assert re.search(r'<span lang="ko"[^>]*>연구원</span> · <span>Seoul</span>', html)


def test_what_stands_at_a_side_stands_at_the_other_one_in_arabic(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture_bytes(400, 400))
    person = {"name": "홍길동", "image": {"src": "a.png", "alt": "얼굴"}}
    sections: list[dict[str, Any]] = [{"type": "people", "items": [person]}, {"type": "callout", "body": "글"}]
    arabic = {"ar": {"title": "عنوان", "sections": [{"items": [{"role": "باحث"}]}, {"body": "نص"}]}}
    pages = {
        language: elements(edition_of(tmp_path, *sections, language=language, translations=arabic).html)
        for language in ("ko", "ar")
    }
    for language, side in (("ko", "left"), ("ar", "right")):
        cells = [one for one in pages[language] if one.tag == "td"]
        beside = [one for one in cells if "홍길동" in one.text][-1]
        assert beside.style == {f"padding-{side}": "20px"}
        told = [one for one in cells if ("نص" if language == "ar" else "글") in one.text][-1]
        assert told.style[f"border-{side}"].startswith("4px solid")


@pytest.mark.parametrize("type_", SECTION_TYPES)
def test_hostile_words_are_words_and_forty_entries_are_forty(tmp_path: Path, type_: str) -> None:
    samples = Samples()
    section = samples.section(type_)
    (tmp_path / "issues").mkdir()
    for name in samples.pictures.values():
        (tmp_path / "issues" / name).write_bytes(picture_bytes(64, 32))
    if type_ != "figures" and isinstance(section.get("items"), list):
        section["items"] = section["items"] * 20
    text = json.dumps({"title": "제목", "intro": "글", "sections": [_said(section, HOSTILE)]}, ensure_ascii=False)
    issue = read_issue(tmp_path, text)
    edition = render(issue, workspace_at(tmp_path), variants(issue, ["ko"])[0])
    shown = "&lt;script&gt;alert(1)&lt;/script&gt;"
    assert "<script>alert" not in edition.html
    assert "onclick=x>" not in edition.html
    assert edition.html.count(shown) + edition.html.count(f'alt="{shown}') >= len(section.get("items", [0]))
    lines = [line for line in edition.text.split("\n") if "://" not in line]
    assert max(columns(line) for line in lines) <= TEXT_COLUMNS


def _said(value: Any, words: str) -> Any:  # noqa: ANN401 - any data of an issue
    """The same data with `words` in place of every sample of a text."""
    if isinstance(value, dict):
        return {name: _said(one, words) for name, one in value.items()}
    if isinstance(value, list):
        return [_said(one, words) for one in value]
    return words if isinstance(value, str) and "낱말" in value else value
