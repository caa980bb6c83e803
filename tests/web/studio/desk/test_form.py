"""An issue is written in the form: texts, sections, translations; the file says it and nothing else has changed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.letters import picture_bytes
from tests.web.studio.desk.desk_page import ISSUE, card, headings, opened_desk, saved, text_of, write, written
from tests.web.studio.studio_page import letter
from tests.web.studio.studio_site import StudioSite, studio_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioSite]:
    with studio_site(tmp_path_factory.mktemp("desk") / "workspace") as running:
        yield running


def test_reading_stays_as_it_is_until_the_desk_is_asked_for(site: StudioSite, page: Page) -> None:
    site.save(site.issue, ISSUE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.url}/")
    expect(page.locator("#desk")).to_be_hidden()
    page.get_by_role("button", name="쓰기", exact=True).click()
    expect(page.locator(".desk-card")).to_have_count(3)
    assert page.url.endswith("write=1")
    expect(letter(page).get_by_role("heading", level=1)).to_be_visible()
    page.reload()
    expect(page.locator(".desk-card")).to_have_count(3)
    page.get_by_role("button", name="쓰기", exact=True).click()
    expect(page.locator("#desk")).to_be_hidden()
    assert "write" not in page.url
    assert [address for address in asked if not address.startswith(site.url)] == []
    assert text_of(site.issue) == ISSUE


def test_what_is_written_is_in_the_file_and_in_the_letter(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    write(page, "제목", "바뀐 제목")
    expect(letter(page).get_by_role("heading", level=1)).to_have_text("바뀐 제목")
    write(page, "미리보기 글", "한 줄 소개")
    saved(page)
    wanted = ISSUE.replace("title: 신성장동력", "title: 바뀐 제목\npreheader: 한 줄 소개")
    assert sorted(text_of(site.issue).splitlines()) == sorted(wanted.splitlines())
    write(page, "제목", "신성장동력")
    write(page, "미리보기 글", "")
    page.keyboard.press("Delete")
    saved(page)
    assert text_of(site.issue) == ISSUE


def test_a_section_is_moved_hidden_copied_and_deleted_and_all_is_taken_back(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    card(page, 1).locator(".desk-handle").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#desk-told")).to_have_text("2번째로 옮겼습니다")
    assert headings(page) == ["걷고 싶은 길", "상암", "알림"]
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#desk-told")).to_have_text("3번째로 옮겼습니다")
    saved(page)
    moved = text_of(site.issue)
    assert moved.index("걷고 싶은 길") < moved.index("다음 호는") < moved.index("# 첫 이야기") < moved.index("상암의")
    assert moved.index("- {}") < moved.index("Sangam"), "what is unsaid in a translation keeps its place"
    card(page, 1).get_by_role("button", name="편지에서 숨기기").click()
    card(page, 2).get_by_role("button", name="복사", exact=True).click()
    expect(page.locator(".desk-card")).to_have_count(4)
    card(page, 4).get_by_role("button", name="지우기").click()
    expect(page.locator("#desk-told")).to_contain_text("상암")
    saved(page)
    assert "hidden: true" in text_of(site.issue)
    assert text_of(site.issue).count("다음 호는 8월에 옵니다.") == 2
    assert "Sangam" not in text_of(site.issue)
    page.locator("#desk-way").get_by_role("button", name="되돌리기").click()
    expect(page.locator(".desk-card")).to_have_count(4)
    saved(page)
    assert "Sangam" in text_of(site.issue)
    for _ in range(4):
        page.locator("#desk-title").click()
        page.keyboard.press("Control+z")
        saved(page)
    assert text_of(site.issue) == ISSUE
    assert headings(page) == ["상암", "걷고 싶은 길", "알림"]


def test_a_section_is_added_from_the_palette_and_filled_in(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    page.get_by_role("button", name="절 추가", exact=True).click()
    palette = page.get_by_role("dialog")
    assert palette.locator("img").first.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 100
    palette.get_by_role("button", name="이야기", exact=True).click()
    expect(card(page, 4).get_by_role("textbox", name="제목", exact=True)).to_be_focused()
    page.keyboard.insert_text("넷째 이야기")
    expect(card(page, 4).locator(".desk-note.error").first).to_be_visible()
    write(page, "본문", "첫 문단: 쓰다 # 말다\n\n둘째 문단", card(page, 4))
    expect(letter(page).get_by_text("둘째 문단")).to_be_visible()
    saved(page)
    section = """  - type: story
    heading: 넷째 이야기
    body: |
      첫 문단: 쓰다 # 말다

      둘째 문단
"""
    assert section in text_of(site.issue)
    expect(card(page, 4).locator(".desk-note")).to_have_count(0)


def test_a_part_is_added_filled_in_and_taken_out(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    card(page, 1).locator(".desk-fold").click()
    card(page, 1).get_by_role("button", name="연구 카드 추가").click()
    research = card(page, 1).get_by_role("group", name="연구 카드 1")
    write(page, "제목", "걷기 좋은 길", research)
    write(page, "링크", "https://www.example.org/walk", research)
    expect(letter(page).get_by_text("걷기 좋은 길")).to_be_visible()
    saved(page)
    assert "research:\n      - title: 걷기 좋은 길\n        url: https://www.example.org/walk\n" in text_of(site.issue)
    research.get_by_role("button", name="지우기").click()
    saved(page)
    assert "research" not in text_of(site.issue)


def test_a_picture_is_put_beside_the_issue_and_figures_are_pasted_from_a_spreadsheet(
    site: StudioSite, page: Page
) -> None:
    opened_desk(site, page)
    card(page, 1).locator(".desk-fold").click()
    card(page, 1).get_by_role("button", name="그림 추가").click()
    picture = {"name": "river.png", "mimeType": "image/png", "buffer": picture_bytes(80, 40)}
    card(page, 1).locator("input[type=file]").first.set_input_files(picture)  # type: ignore[arg-type]
    expect(written(page, "대체 텍스트", card(page, 1))).to_be_focused()
    page.keyboard.insert_text("푸른 강")
    expect(letter(page).get_by_role("img", name="푸른 강")).to_be_visible()
    page.get_by_role("button", name="절 추가", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="그림표", exact=True).click()
    written(page, "이름", card(page, 4)).click()
    page.evaluate("""() => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", "계절\\t관람객\\n봄\\t310\\n여름\\t1,204\\n");
        const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
        document.activeElement.dispatchEvent(paste);
    }""")
    expect(page.locator("#desk-told")).to_have_text("넣은 수: 2")
    saved(page)
    assert "image:\n      src: assets/2021-07-river.png\n      alt: 푸른 강\n" in text_of(site.issue)
    assert (site.root / "issues" / "assets" / "2021-07-river.png").is_file()
    assert "items:\n      - label: 봄\n        value: 310\n      - label: 여름\n        value: 1,204\n" in text_of(
        site.issue
    )


def test_a_translation_is_written_beside_its_text(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    page.get_by_label("나란히 번역").select_option("en")
    expect(written(page, "제목, 영어")).to_have_text("New growth")
    card(page, 3).locator(".desk-fold").click()
    write(page, "본문, 영어", "The next issue comes in August.", card(page, 3))
    saved(page)
    assert text_of(site.issue).endswith(
        "      - heading: Sangam\n      - {}\n      - body: |\n          The next issue comes in August.\n"
    )


def test_a_click_on_a_word_leads_to_its_field_and_back(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    letter(page).get_by_text("기업과 기관이 한데").click()
    expect(written(page, "본문", card(page, 1))).to_be_focused()
    assert page.evaluate("getSelection().toString()") in "기업과 기관이 한데 모여 서로의 힘이 됩니다."
    page.evaluate("""void (window.answer = new Promise((done) => {
        addEventListener("message", ({ data }) => data.studio === "sought" && done(data.found));
    }))""")
    page.keyboard.press("Alt+Enter")
    assert page.evaluate("answer") is True
    marked = page.frames[-1].evaluate("[...CSS.highlights.get('written')].map(String).join()")
    assert marked.startswith("기업과 기관이 한데 모여")
    letter(page).get_by_text("서울연구원", exact=True).first.click()
    expect(page.locator("#desk-told")).to_contain_text("설정이나 틀에서")
