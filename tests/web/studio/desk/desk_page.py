"""The desk in Chromium, as somebody meets it who writes an issue and has never seen its file."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.web.studio.studio_site import StudioSite

SAVED = "저장했습니다"
BRING = """(place, { kind, bytes, name, type, words }) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], name, { type }));
    if (words) data.setData("text/plain", words);
    const how = { bubbles: true, cancelable: true };
    const dropped = new DragEvent("drop", { ...how, dataTransfer: data });
    place.dispatchEvent(kind === "drop" ? dropped : new ClipboardEvent("paste", { ...how, clipboardData: data }));
}"""
ISSUE = """# 한 호는 이 파일 하나입니다.
title: 신성장동력
publish_at: 2021-07-26T08:56:00+09:00
hero: { src: hero.png, alt: 초록 네모 }   # 그림
intro: |
  {{ subscriber.name | default("구독자") }}님, 안녕하세요.

sections:
  # 첫 이야기
  - type: story
    heading: 상암
    body: |
      상암의 **디지털콘텐츠**가 앞으로 나섰습니다.

      기업과 기관이 한데 모여 서로의 힘이 됩니다.

  - type: quote
    text: 걷고 싶은 길
    source: 동네 산책 모임

  - type: notice
    heading: 알림
    body: |
      다음 호는 8월에 옵니다.

translations:
  en:
    title: New growth
    sections:
      - heading: Sangam
"""


def opened_desk(site: StudioSite, page: Page, query: str = "", issue: str = ISSUE) -> None:
    """Open the page with the desk, and wait until its form is there."""
    if site.issue.read_text(encoding="utf-8") != issue:
        site.save(site.issue, issue)
    page.goto(f"{site.url}/?write=1{query}")
    expect(page.locator(".desk-last button")).to_be_visible()


def written(page: Page, label: str, within: Locator | None = None) -> Locator:
    """What is written in, by its visible label."""
    return (within or page.locator("#desk")).get_by_role("textbox", name=label, exact=True).first


def write(page: Page, label: str, text: str, within: Locator | None = None) -> None:
    """Write it in place of what is there."""
    place = written(page, label, within)
    place.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def saved(page: Page) -> None:
    """Wait until all that was typed is in the file; what was typed is known after the next painting."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    expect(page.locator("#desk-state")).to_have_text(SAVED)


def card(page: Page, number: int) -> Locator:
    """The card of a section, counted from 1."""
    return page.locator(".desk-card").nth(number - 1)


def headings(page: Page) -> list[str]:
    return page.locator(".desk-heading").all_text_contents()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def drop_file(
    place: Locator, data: bytes | int, name: str, type_: str = "", *, kind: str = "drop", words: str = ""
) -> None:
    """Drop or paste a file; a number: so many bytes of nothing. Words come along with what is pasted."""
    given = data if isinstance(data, int) else list(data)
    place.evaluate(BRING, {"kind": kind, "bytes": given, "name": name, "type": type_, "words": words})
