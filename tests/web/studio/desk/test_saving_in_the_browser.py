"""What is typed reaches the file: from two windows, over a lost server, beside an editor, in a broken file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from newsletter.web.server import background, listen
from newsletter.web.studio.app import studio_app
from newsletter.web.studio.workspace_letters import WorkspaceLetters
from tests.web.studio.desk.desk_page import ISSUE, card, opened_desk, saved, text_of, write, written
from tests.web.studio.studio_site import TOKEN, StudioSite, make_workspace, studio_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioSite]:
    with studio_site(tmp_path_factory.mktemp("desk") / "workspace") as running:
        yield running


def holding(page: Page) -> list[Route]:
    """What the page saves from now on waits; and it does not hear of what others save."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/desk/change?*", hold)
    page.route("**/desk/issue?*", lambda route: route.abort())
    return held


def test_two_windows_write_one_issue(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    other = page.context.new_page()
    opened_desk(site, other)
    write(other, "제목", "다른 창의 제목")
    saved(other)
    expect(written(page, "제목")).to_have_text("다른 창의 제목")
    write(page, "미리보기 글", "이 창의 글")
    write(other, "맺음말", "다른 창의 맺음말")
    saved(page)
    saved(other)
    expect(written(other, "미리보기 글")).to_have_text("이 창의 글")
    expect(written(page, "맺음말")).to_have_text("다른 창의 맺음말")
    for text in ("title: 다른 창의 제목", "preheader: 이 창의 글", "closing: |\n  다른 창의 맺음말\n"):
        assert text in text_of(site.issue)


def test_what_is_typed_goes_into_its_own_section_wherever_others_have_moved_it(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    card(page, 1).locator(".desk-fold").click()
    held = holding(page)
    with page.expect_request("**/desk/change?*"):
        write(page, "본문", "첫째 글", card(page, 1))
    site.edit("  # 첫 이야기\n", "  - type: notice\n    body: 맨 앞에 넣은 알림\n  # 첫 이야기\n")
    write(page, "본문", "둘째 글", card(page, 1))
    write(page, "제목", "상암 이야기", card(page, 1))
    written(page, "미리보기 글").click()
    page.unroute("**/desk/change?*")
    held[0].continue_()
    expect(page.locator(".desk-card")).to_have_count(4)
    saved(page)
    text = text_of(site.issue)
    assert "  - type: notice\n    body: 맨 앞에 넣은 알림\n" in text
    assert "    heading: 상암 이야기\n    body: |\n      둘째 글\n" in text
    assert "첫째 글" not in text


def test_what_others_save_while_a_syllable_is_composed_there_is_not_written_over(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    held = holding(page)
    with page.expect_request("**/desk/change?*"):
        write(page, "미리보기 글", "한 줄")
    site.edit("title: 신성장동력", "title: 남이 고친 제목")
    hands = page.context.new_cdp_session(page)
    written(page, "제목").click()
    page.keyboard.press("End")
    hands.send("Input.imeSetComposition", {"text": "가", "selectionStart": 1, "selectionEnd": 1})
    page.unroute("**/desk/change?*")
    with page.expect_response("**/desk/change?*"):
        held[0].continue_()
    hands.send("Input.insertText", {"text": "각"})
    clash = page.get_by_role("region", name="다른 곳에서도 같은 곳을 고쳤습니다")
    expect(clash).to_contain_text("남이 고친 제목")
    expect(clash).to_contain_text("신성장동력각")
    clash.get_by_role("button", name="내 글 남기기").click()
    saved(page)
    assert "title: 신성장동력각\npreheader: 한 줄\n" in text_of(site.issue)
    hands.detach()


def test_of_one_place_that_two_have_changed_both_texts_are_shown(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    # As long as this page has not heard of it, it writes in what it saw.
    page.route("**/desk/issue?*", lambda route: route.abort())
    page.route("**/events", lambda route: route.abort())
    site.edit("title: 신성장동력", "title: 남이 고친 제목")
    write(page, "제목", "내가 고친 제목")
    clash = page.get_by_role("region", name="다른 곳에서도 같은 곳을 고쳤습니다")
    for words in ("제목", "신성장동력", "남이 고친 제목", "내가 고친 제목"):
        expect(clash).to_contain_text(words)
    assert "남이 고친 제목" in text_of(site.issue), "nothing is written before somebody has chosen"
    clash.get_by_role("button", name="내 글 남기기").click()
    saved(page)
    assert "title: 내가 고친 제목\n" in text_of(site.issue)
    site.edit("title: 내가 고친 제목", "title: 또 고친 제목")
    write(page, "제목", "다시 고친 제목")
    clash.get_by_role("button", name="파일에 있는 글로").click()
    saved(page)
    expect(written(page, "제목")).to_have_text("또 고친 제목")
    assert "title: 또 고친 제목\n" in text_of(site.issue)


def test_a_lost_server_takes_nothing_that_was_typed_with_it(tmp_path: Path, page: Page) -> None:
    letters = WorkspaceLetters(make_workspace(tmp_path), "2021-07", {})
    listener = listen("127.0.0.1", 0)
    issue = tmp_path / "issues" / "2021-07.yaml"
    with background(studio_app(letters, tmp_path, TOKEN), listener) as url:
        opened_desk(StudioSite(tmp_path, f"{url}/{TOKEN}", listener.port), page)
    write(page, "제목", "서버 없이 쓴 제목")
    expect(page.locator("#desk-state")).to_contain_text("저장하지 못했습니다")
    write(page, "미리보기 글", "그다음에 쓴 글")
    write(page, "제목", "서버 없이 고쳐 쓴 제목")
    assert page.evaluate("!dispatchEvent(new Event('beforeunload', {cancelable: true}))"), "leaving is warned of"
    with background(studio_app(letters, tmp_path, TOKEN), listen("127.0.0.1", listener.port)):
        saved(page)
        text = text_of(issue)
        assert "title: 서버 없이 고쳐 쓴 제목\n" in text
        assert "preheader: 그다음에 쓴 글\n" in text
        assert not page.evaluate("!dispatchEvent(new Event('beforeunload', {cancelable: true}))")


def test_what_is_typed_is_saved_though_one_turns_to_another_issue_and_what_is_refused_stays(
    site: StudioSite, page: Page
) -> None:
    opened_desk(site, page)
    write(page, "제목", "바뀐 제목")
    page.get_by_label("호", exact=True).select_option("2021-06")
    expect(written(page, "제목")).to_have_text("청년정책")
    saved(page)
    assert "title: 바뀐 제목\n" in text_of(site.issue)
    refusal = {"problem": {"words": "이렇게는 안 됩니다."}}
    page.route("**/desk/change?*", lambda route: route.fulfill(status=422, json=refusal))
    write(page, "제목", "안 되는 제목")
    expect(page.locator("#desk-told")).to_contain_text("이렇게는 안 됩니다.")
    expect(written(page, "제목")).to_have_text("안 되는 제목")
    page.unroute("**/desk/change?*")
    write(page, "제목", "되는 제목")
    saved(page)
    assert "title: 되는 제목\n" in text_of(site.issue.with_name("2021-06.yaml"))


def test_a_file_that_cannot_be_read_is_mended_as_text(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    broken = ISSUE.replace("title: 신성장동력", 'title: "신성장동력')
    site.save(site.issue, broken)
    file = page.get_by_role("textbox", name="파일 그대로 고치기")
    expect(file).to_have_value(broken)
    page.get_by_role("button", name="행으로 가기").click()
    expect(file).to_be_focused()
    file.fill(ISSUE.replace("title: 신성장동력", "title: 고친 제목"))
    page.keyboard.press("Control+s")
    expect(written(page, "제목")).to_have_text("고친 제목")
    assert text_of(site.issue) == ISSUE.replace("title: 신성장동력", "title: 고친 제목")
