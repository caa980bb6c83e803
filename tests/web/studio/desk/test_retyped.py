"""The letter of July 2021 is retyped from its text alone, with a table, an event and pictures, as by somebody who has
never seen YAML: by what is visible, in under 150 actions; and the file is as a person would have written it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from newsletter.edition.picture_files import picture_words
from newsletter.issue.tree import read_tree
from tests.support.cli import newsletter
from tests.web.studio.desk.desk_page import card, saved, text_of
from tests.web.studio.studio_page import letter
from tests.web.studio.studio_site import StudioSite, studio_site

ROOT = Path(__file__).resolve().parents[4]
LETTER = ROOT / "issues" / "2021-07.yaml"
PASTE = """(place, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    place.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
TABLE = "산업\t거점\n스마트미디어\t상암 DMC\n바이오의료\t홍릉\n인공지능\t양재\n"


@dataclass
class Editor:
    """Somebody at the desk: what they do is counted, one for a click, a text typed or pasted, a file chosen, a key."""

    page: Page
    actions: int = 0

    def click(self, place: Locator) -> None:
        self.actions += 1
        place.click()

    def type(self, text: str) -> None:
        """Where the cursor is."""
        self.actions += 1
        self.page.keyboard.insert_text(text)

    def write(self, label: str, text: str, within: Locator | None = None) -> None:
        self.click((within or self.page.locator("#desk")).get_by_role("textbox", name=label, exact=True).last)
        self.type(text)

    def choose(self, label: str, value: str, within: Locator) -> None:
        """A day or an hour, in the browser's own field: into it, and the digits."""
        self.actions += 2
        within.get_by_role("textbox", name=label, exact=True).fill(value)

    def paste(self, place: Locator, text: str) -> None:
        """What a spreadsheet has copied."""
        self.click(place)
        self.actions += 1
        place.evaluate(PASTE, text)

    def press(self, name: str, within: Locator | None = None) -> None:
        self.click((within or self.page.locator("#desk")).get_by_role("button", name=name, exact=True).last)

    def add_section(self, name: str, heading: str) -> Locator:
        """At the end; the cursor stands in its heading then."""
        self.press("절 추가")
        offered = self.page.get_by_role("dialog").get_by_role("button")
        self.click(offered.filter(has=self.page.get_by_text(name, exact=True)))
        self.type(heading)
        return self.page.locator(".desk-card").last

    def add_picture(self, button: str, path: Path, alt: str, within: Locator) -> None:
        """From the editor's own disk; the cursor stands in what is said in its place then."""
        self.press(button, within)
        with self.page.expect_file_chooser() as asked:
            within.get_by_role("button", name="그림 고르기", exact=True).last.click()
        self.actions += 1
        asked.value.set_files(path)
        expect(within.get_by_role("textbox", name="대체 텍스트", exact=True).last).to_be_focused()
        self.type(alt)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StudioSite]:
    with studio_site(tmp_path / "workspace") as running:
        running.save(running.issue, "title: 새 호\npublish_at: 2021-07-26T08:56:00+09:00\n")
        yield running


def test_the_letter_is_retyped(site: StudioSite, page: Page) -> None:
    meant: dict[str, Any] = read_tree(text_of(LETTER))[0].data()  # type: ignore[assignment]
    page.set_viewport_size({"width": 1440, "height": 1000})
    page.goto(site.url)
    editor = Editor(page)
    editor.click(page.get_by_role("button", name="쓰기", exact=True))
    _write_head(editor, meant)
    for section in meant["sections"]:
        _write_section(editor, section)
    table = editor.add_section("표", "거점")
    editor.paste(table.get_by_role("group", name="표의 내용").get_by_role("textbox").first, TABLE)
    event = editor.add_section("행사", "함께해요")
    editor.write("행사 이름", "신산업 토론회", event)
    editor.choose("시작", "2021-08-20", event)
    editor.choose("시작 시각", "14:00", event)
    editor.write("장소", "서울연구원", event)
    editor.write("맺음말", meant["closing"].strip())
    saved(page)
    expect(letter(page).get_by_text("신산업 토론회")).to_be_visible()
    assert editor.actions < 150
    _judge_file(site, meant)


def _write_head(editor: Editor, meant: dict[str, Any]) -> None:
    title = editor.page.locator("#desk").get_by_role("textbox", name="제목", exact=True).first
    editor.actions += 1
    title.click(click_count=3)
    editor.type(meant["title"])
    editor.write("메일 제목", meant["subject"])
    editor.write("미리보기 글", meant["preheader"])
    editor.write("머리말", meant["intro"].strip())
    hero = editor.page.locator("#desk")
    editor.add_picture("큰 그림 추가", ROOT / "issues" / meant["hero"]["src"], meant["hero"]["alt"], hero)


def _write_section(editor: Editor, section: dict[str, Any]) -> None:
    if section["type"] == "figures":
        figures = editor.add_section("숫자", section["heading"])
        for number, item in enumerate(section["items"], start=1):
            if number > 1:
                editor.press("숫자 추가", figures)
            group = figures.get_by_role("group", name=f"숫자 {number}", exact=True)
            editor.write("숫자", item["value"], group)
            editor.write("숫자의 뜻", item["label"], group)
        return
    story = editor.add_section("이야기", section["heading"])
    editor.write("본문", section["body"].strip(), story)
    editor.add_picture("그림 추가", ROOT / "issues" / section["image"]["src"], section["image"]["alt"], story)
    for one in section["research"]:
        editor.press("연구 카드 추가", story)
        group = story.get_by_role("group", name="연구 카드 1", exact=True)
        editor.write("제목", one["title"], group)
        editor.write("링크", one["url"], group)
        editor.write("한 줄 요약", one["summary"], group)
    if button := section.get("button"):
        editor.press("단추 추가", story)
        group = story.get_by_role("group", name="단추 1", exact=True)
        editor.write("단추의 글", button["label"], group)
        editor.write("링크", button["url"], group)


def _judge_file(site: StudioSite, meant: dict[str, Any]) -> None:
    text = text_of(site.issue)
    found: dict[str, Any] = read_tree(text)[0].data()  # type: ignore[assignment]
    for name in ("title", "subject", "preheader", "intro", "closing"):
        assert found[name] == meant[name]
    for made, wanted in zip(found["sections"], meant["sections"], strict=False):
        assert made["heading"] == wanted["heading"]
        assert made.get("body") == wanted.get("body")
        assert made.get("items") == wanted.get("items")
    for part, name in ((found["hero"], meant["hero"]["src"]), *_pictures(found, meant)):
        assert part["src"] == f"assets/2021-07-{picture_words(name)}{Path(part['src']).suffix}"
        assert (site.issue.parent / part["src"]).is_file(), "it lies beside the issue"
    assert len(found["sections"]) == len(meant["sections"]) + 2
    bodies = re.findall(r"^ *(?:body|intro|closing): (.*)$", text, re.MULTILINE)
    assert bodies
    assert set(bodies) == {"|"}
    quoted = re.findall(r'^ *(?:- )?\w+: "(.*)"$', text, re.MULTILINE)
    assert quoted == ["[서울이슈큐레이터] 신성장동력"]
    assert found["sections"][-2]["rows"] == [row.split("\t") for row in TABLE.splitlines()]
    assert "      - [스마트미디어, 상암 DMC]\n" in text
    assert "starts_at: 2021-08-20T14:00\n" in text
    answer = newsletter("check", "2021-07", cwd=site.root)
    assert answer.returncode == 0, answer.stdout


def _pictures(found: dict[str, Any], meant: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    pairs = zip(found["sections"], meant["sections"], strict=False)
    return [(made["image"], wanted["image"]["src"]) for made, wanted in pairs if "image" in wanted]


def test_opened_and_looked_at_it_is_the_same_to_the_byte(site: StudioSite, page: Page) -> None:
    before = LETTER.read_bytes()
    site.issue.write_bytes(before)
    page.goto(f"{site.url}/?write=1")
    expect(page.locator(".desk-card")).to_have_count(5)
    for number in range(1, 6):
        card(page, number).locator(".desk-fold").click()
    body = card(page, 1).get_by_role("textbox", name="본문", exact=True)
    body.click()
    page.keyboard.insert_text("ㄱ")
    saved(page)
    assert site.issue.read_bytes() != before
    page.keyboard.press("Backspace")
    saved(page)
    assert site.issue.read_bytes() == before
