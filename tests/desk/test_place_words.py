"""A place of an issue is called as its field is called at the desk."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter.desk.form.place_words import place_in_words
from newsletter.issue.own_models import issue_with, own_model
from newsletter.issue.texts import FileContext
from tests.support.issue_files import read_issue

ISSUE = """
title: a
intro: b
hero: { src: a.png, alt: c }
sections:
  - { type: notice, body: d }
  - type: story
    body: e
    research: [{ title: f }, { title: g, authors: [h, i] }]
  - { type: table, rows: [["a", "b"], ["c", "d"]] }
translations:
  en: { title: j, sections: [{ body: k }] }
"""


@pytest.mark.parametrize(
    ("place", "ko", "en"),
    [
        ("title", "제목", "Title"),
        ("hero.alt", "큰 그림 › 대체 텍스트", "Large picture › Alternative text"),
        ("sections[0].body", "절 1 (알림) › 본문", "Sections 1 (Notice) › Text"),
        (
            "sections[1].research[1].title",
            "절 2 (이야기) › 연구 카드 2 › 제목",
            "Sections 2 (Story) › Report cards 2 › Title",
        ),
        (
            "sections[1].research[1].authors[0]",
            "절 2 (이야기) › 연구 카드 2 › 저자 1",
            "Sections 2 (Story) › Report cards 2 › Authors 1",
        ),
        ("sections[1].layout", "절 2 (이야기) › 배치", "Sections 2 (Story) › Layout"),
        ("sections[2].rows[1][0]", "절 3 (표) › 표의 내용 2", "Sections 3 (Table) › Rows 2"),
        ("sections[7].body", "절 8", "Sections 8"),
        ("sections", "절", "Sections"),
        ("translations.en.title", "번역 (en) › 제목", "Translations (en) › Title"),
        (
            "translations.en.sections[0].body",
            "번역 (en) › 절 1 (알림) › 본문",
            "Translations (en) › Sections 1 (Notice) › Text",
        ),
        ("translations", "번역", "Translations"),
        ("", "", ""),
        ("nothing.of.it", "", ""),
    ],
)
def test_a_place_is_called_as_its_field_is(tmp_path: Path, place: str, ko: str, en: str) -> None:
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "a.png").touch()
    issue = read_issue(tmp_path, ISSUE)
    assert (place_in_words(issue, place, "ko"), place_in_words(issue, place, "en")) == (ko, en)


def test_a_place_in_a_type_of_the_workspace_has_its_words() -> None:
    project = own_model(
        "x-project", 'title = "사업"\n[fields]\nends = { type = "time", label = "마감" }\n', "section.toml"
    )
    data = {"title": "a", "sections": [{"type": "x-project", "ends": "2026-12-31"}]}
    issue = issue_with((project,)).model_validate(data, context=FileContext(Path("issues/a.yaml"), ZoneInfo("UTC")))
    assert place_in_words(issue, "sections[0].ends", "ko") == "절 1 (사업) › 마감"
