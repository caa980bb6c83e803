"""A new issue is begun at the desk: as the last one was, or with a document; and what a dropped CSV file becomes."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from newsletter.desk.text.edit import data_in
from tests.support.browser import accessibility_findings
from tests.web.studio.desk.desk_page import ISSUE, card, drop_file, opened_desk, saved, text_of, written
from tests.web.studio.studio_site import StudioSite, studio_site

DRAFT = "# 봄의 길\n\n걷기 좋은 날입니다.\n\n## 강\n\n- 물\n- 바람\n".encode()
CSV = "계절,관람객\n봄,310\n여름,290\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioSite]:
    with studio_site(tmp_path_factory.mktemp("desk") / "workspace") as running:
        yield running


def test_the_next_issue_begins_as_the_last_one_was(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    page.get_by_role("button", name="새 호", exact=True).click()
    dialog = page.get_by_role("dialog", name="새 호 시작하기")
    name = dialog.get_by_role("textbox", name="이름")
    expect(name).to_be_focused()
    expect(name).to_have_value("2021-08")
    expect(dialog.get_by_role("radio", name="2021-07호")).to_be_checked()
    assert accessibility_findings(page) == []
    for taken, why in (("2021-06", "이미 있"), ("../x", "영문 소문자")):
        name.fill(taken)
        dialog.get_by_role("button", name="시작하기").click()
        expect(dialog.get_by_role("alert")).to_contain_text(why)
    name.fill("2021-08")
    name.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator("#desk-file-name")).to_have_text("issues/2021-08.yaml")
    expect(written(page, "제목")).to_have_text("")
    expect(page.locator("#desk-told")).to_contain_text("2021-08호를 시작했습니다.")
    assert "issue=2021-08" in page.url
    assert text_of(site.issue) == ISSUE
    assert 'title: ""' in text_of(site.issue.with_stem("2021-08"))


def test_a_document_that_is_dropped_on_the_page_begins_an_issue(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    drop_file(written(page, "머리말"), DRAFT, "봄.md")
    dialog = page.get_by_role("dialog", name="새 호 시작하기")
    expect(dialog.get_by_role("radio", name="문서")).to_be_checked()
    expect(dialog.get_by_text("봄.md")).to_be_visible()
    dialog.get_by_role("textbox", name="이름").fill("2022-03")
    dialog.get_by_role("button", name="시작하기").click()
    expect(written(page, "제목")).to_have_text("봄의 길")
    expect(card(page, 1).locator(".desk-heading")).to_have_text("강")
    assert text_of(site.issue) == ISSUE, "the field in which it was dropped is as it was"


@pytest.mark.parametrize("encoding", ["cp949", "utf-16"])
def test_a_csv_file_that_is_dropped_becomes_a_table_or_a_chart_and_can_be_taken_back(
    site: StudioSite, page: Page, encoding: str
) -> None:
    opened_desk(site, page)
    for number, kind, label in ((4, "표", "1열의 이름"), (5, "그림표", "이름")):
        page.get_by_role("button", name="절 추가", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name=kind, exact=True).click()
        drop_file(written(page, label, card(page, number)), CSV.encode(encoding), "계절.csv", "text/csv")
    expect(written(page, "계절, 1행")).to_have_value("봄")
    expect(page.locator("#desk-told")).to_have_text("넣은 수: 2")
    saved(page)
    data: Any = data_in(text_of(site.issue))
    table, chart = data["sections"][3:]
    assert table["rows"] == [["계절", "관람객"], ["봄", "310"], ["여름", "290"]]
    assert chart["items"] == [{"label": "봄", "value": "310"}, {"label": "여름", "value": "290"}]
    page.locator("#desk-title").click()
    page.keyboard.press("Control+z")
    saved(page)
    assert "label: 봄" not in text_of(site.issue)
