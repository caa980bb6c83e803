"""The studio's tabs and panels in Chromium: from a finding to its place, the numbers, the issues, and a proof."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from newsletter.web.server import listen
from newsletter.web.studio.model import Asked
from newsletter.web.studio.panels.registry import PANELS, Panel
from newsletter.web.studio.panels.sizes import sizes_panel
from newsletter.web.studio.workspace_letters import Snapshot
from tests.support.smtp_receiver import received
from tests.web.studio.studio_page import letter
from tests.web.studio.studio_site import SETTINGS, StudioSite, studio_site

PLACEHOLDER = """sections:
  - type: story
    heading: 아직 빈 링크
    body: |
      글이 길어 아래로 밀려납니다.
      {more}
    button: {{ label: 보고서 보기, url: "https://example.com/" }}
"""
BAD_ROWS = "email,name,language,tags\nhong@example.com,홍길동,ko,시민\nhong@example.com,홍길동,ko,\nno address,김,ko,\n"


PROOFS = '[smtp]\nurl = "smtp://127.0.0.1:{port}"\n[preview]\nproof_to = ["editor@example.org"]\n'


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StudioSite]:
    with studio_site(tmp_path / "workspace") as running:
        yield running


def panel(page: Page, name: str) -> Locator:
    """Open a panel."""
    page.get_by_role("tab", name=name).click()
    return page.get_by_role("tabpanel", name=name)


@contextmanager
def a_relay(log: Path) -> Iterator[int]:
    """A relay in a process of its own, since Playwright's event loop runs in this one; yields its port."""
    command = [sys.executable, "-m", "tests.support.smtp_receiver", "--log", str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as relay:
        try:
            assert relay.stdout
            yield int(relay.stdout.readline())
        finally:
            relay.terminate()


def with_a_warning(site: StudioSite) -> None:
    """A link to example.com, far down in the letter."""
    more = "".join(f"\n      {number}번째 문단입니다.\n" for number in range(80))
    site.save(site.issue, site.issue.read_text(encoding="utf-8") + PLACEHOLDER.format(more=more))


def test_every_tab_shows_its_side_of_the_letter(site: StudioSite, page: Page) -> None:
    page.goto(f"{site.url}/")
    expect(letter(page).get_by_role("heading", level=1)).to_have_text("신성장동력")
    sides = {
        "텍스트": "홍길동님, 안녕하세요.",
        "소스": "<!DOCTYPE html>",
        "원본": "Content-Type: multipart/",
        "헤더": "List-Unsubscribe-Post",
    }
    for tab, words in sides.items():
        page.get_by_role("link", name=tab, exact=True).click()
        expect(page.get_by_role("region", name=tab)).to_contain_text(words)
        expect(page.get_by_role("link", name=tab, exact=True)).to_have_attribute("aria-current", "page")
    site.edit("title: 신성장동력", "title: 바뀐 제목")
    expect(page.get_by_role("region", name="헤더")).to_contain_text("바뀐 제목")
    page.get_by_role("link", name="편지", exact=True).click()
    expect(letter(page).get_by_role("heading", level=1)).to_have_text("바뀐 제목")


def test_headers_say_what_they_are_for(site: StudioSite, page: Page) -> None:
    page.goto(f"{site.url}/?view=headers")
    lines = page.get_by_role("region", name="헤더").locator("dl > div")
    unexplained = [line for line in lines.all() if line.locator(".why").count() == 0]
    assert [line.inner_text() for line in unexplained] == []
    expect(lines.filter(has_text="Subject").first).to_contain_text("제목")


def test_the_inbox_shows_sender_and_subject_as_programs_cut_them(site: StudioSite, page: Page) -> None:
    site.edit("title: 신성장동력", f"title: 신성장동력\nsubject: {'아주 긴 제목입니다 ' * 9}끝")
    page.goto(f"{site.url}/")
    rows = page.locator("#rows li")
    for client in ("Gmail", "네이버"):
        row = rows.filter(has_text=client).first
        expect(row).to_contain_text("서울연구원")
        expect(row).to_contain_text("아주 긴 제목입니다")
        expect(row).to_contain_text("여기서 잘립니다")
        expect(row).not_to_contain_text("끝")


def test_a_finding_says_where_why_and_how_and_jumps_to_its_place(site: StudioSite, page: Page) -> None:
    with_a_warning(site)
    page.goto(f"{site.url}/")
    finding = page.locator("[data-finding]").filter(has_text="example.com").first
    expect(finding).to_contain_text("issues/2021-07.yaml:")
    expect(finding.locator("pre")).to_contain_text("^")
    expect(page.get_by_role("tab", name="살필 곳").locator(".count")).not_to_be_empty()
    finding.get_by_text("왜 그런가요?").click()
    expect(finding.locator("details p").first).not_to_be_empty()
    assert letter(page).locator("body").evaluate("() => scrollY") == 0
    finding.get_by_role("button").press("Enter")
    expect(letter(page).get_by_role("link", name="보고서 보기")).to_be_in_viewport()
    shown = letter(page).locator("studio-marks div.shown")
    expect(shown).to_have_count(1)
    # Both at one moment: the letter may still be scrolling.
    assert (
        letter(page)
        .locator("studio-marks")
        .evaluate("""layer => {
        const box = layer.shadowRoot.querySelector("div.shown").getBoundingClientRect();
        const link = document.querySelector("a[href='https://example.com/']").getBoundingClientRect();
        return box.left <= link.left && box.top <= link.top && box.bottom >= link.bottom;
    }""")
    )


def test_a_jump_from_another_tab_goes_to_the_letter_and_in_the_source_to_the_line(site: StudioSite, page: Page) -> None:
    with_a_warning(site)
    page.goto(f"{site.url}/?view=source")
    finding = page.locator("[data-finding]").filter(has_text="example.com").first
    expect(page.locator("#source li.found").first).to_be_attached()
    finding.get_by_role("button").click()
    marked = page.locator("#source li.found").filter(has_text="https://example.com/").first
    expect(marked).to_be_in_viewport()
    page.get_by_role("link", name="텍스트", exact=True).click()
    expect(page.get_by_role("region", name="텍스트")).to_be_visible()
    finding.get_by_role("button").click()
    expect(letter(page).get_by_role("link", name="보고서 보기")).to_be_in_viewport()


def test_marks_in_the_letter_are_shown_on_wish_and_lead_back_to_their_finding(site: StudioSite, page: Page) -> None:
    with_a_warning(site)
    page.goto(f"{site.url}/")
    finding = page.locator("[data-finding][data-tag]").filter(has_text="example.com").first
    number = finding.get_attribute("data-finding") or ""
    badge = letter(page).locator("studio-marks i").get_by_text(number, exact=True)
    expect(badge).to_have_count(0)
    page.get_by_label("표시").check()
    badge.click()
    expect(finding.get_by_role("button")).to_be_focused()
    page.get_by_text("어둡게", exact=True).click()
    expect(page.locator("#letter")).to_have_attribute("src", re.compile("look=dark"))
    expect(badge).to_be_attached()
    page.get_by_label("표시").uncheck()
    expect(letter(page).locator("studio-marks div:not(.shown)")).to_have_count(0)


def test_findings_come_and_go_with_what_is_saved(site: StudioSite, page: Page) -> None:
    page.goto(f"{site.url}/")
    findings = page.get_by_role("tabpanel", name="살필 곳")
    expect(findings).to_contain_text("preheader-missing")
    site.edit(
        "title: 신성장동력", "title: 신성장동력\npreheader: 서울의 다음 십 년을 이끌 산업을 네 갈래로 나누어 살펴봅니다"
    )
    expect(findings).not_to_contain_text("preheader-missing")


def test_sizes_stand_against_their_limits(site: StudioSite, page: Page) -> None:
    page.goto(f"{site.url}/")
    sizes = panel(page, "크기")
    expect(sizes.locator(".measure").filter(has_text="HTML").first).to_contain_text("/ 102 KB")
    share = sizes.locator(".measure svg rect").first.get_attribute("width") or ""
    assert 0 < int(share.removesuffix("%")) < 100


def test_the_audience_is_numbers_and_never_names(site: StudioSite, page: Page) -> None:
    site.save(site.root / "subscribers.csv", BAD_ROWS)
    page.goto(f"{site.url}/")
    audience = panel(page, "구독자")
    for name, number in (("모든 줄", "3"), ("받을 사람", "1"), ("잘못된 줄", "1"), ("중복 주소", "1")):
        expect(audience.locator(".figures div").filter(has_text=name).locator("dd")).to_have_text(number)
    expect(audience.get_by_role("table", name="태그별")).to_contain_text("시민")
    expect(audience).not_to_contain_text("홍길동")
    expect(audience).not_to_contain_text("@")


def test_all_issues_stand_with_their_state_and_open_in_place(site: StudioSite, page: Page) -> None:
    site.save(site.root / "issues" / "2021-05.yaml", "title: [")
    page.goto(f"{site.url}/")
    issues = panel(page, "모든 호")
    expect(issues.get_by_role("link")).to_have_count(3)
    expect(issues.get_by_role("link", name="2021-05")).to_contain_text("오류")
    expect(issues.get_by_role("link", name="신성장동력")).to_have_attribute("aria-current", "page")
    expect(page.locator("#issue-state")).to_have_text("초안")
    issues.get_by_role("link", name="청년정책").click()
    expect(letter(page).get_by_role("heading", level=1)).to_have_text("청년정책")
    expect(issues.get_by_role("link", name="청년정책")).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("combobox", name="호", exact=True)).to_have_value("2021-06")


def test_a_proof_arrives_and_the_page_says_what_the_relay_said(site: StudioSite, page: Page, tmp_path: Path) -> None:
    with a_relay(tmp_path / "log.jsonl") as port:
        page.goto(f"{site.url}/")
        proof = panel(page, "시험 발송")
        expect(proof).to_contain_text("proof_to")
        site.save(site.root / "newsletter.toml", SETTINGS + PROOFS.format(port=port))
        proof.get_by_role("button", name="한 통 보내기").press("Enter")
        expect(proof.get_by_role("status")).to_contain_text("250 kept")
        assert [mail["rcpt"] for mail in received(tmp_path / "log.jsonl")] == ["editor@example.org"]
        expect(proof.get_by_role("button")).to_be_focused()


def test_a_proof_that_cannot_be_sent_says_why(site: StudioSite, page: Page) -> None:
    nobody = listen("127.0.0.1", 0)
    nobody.socket.close()
    site.save(site.root / "newsletter.toml", SETTINGS + PROOFS.format(port=nobody.port))
    page.goto(f"{site.url}/")
    proof = panel(page, "시험 발송")
    proof.get_by_role("button", name="한 통 보내기").click()
    expect(proof.get_by_role("status")).to_contain_text("보내지 못했습니다.")
    expect(proof.get_by_role("status")).to_contain_text("[smtp] url")


def test_the_open_panel_outlives_a_save_and_a_new_page(site: StudioSite, page: Page) -> None:
    page.goto(f"{site.url}/")
    audience = panel(page, "구독자")
    site.edit("title: 신성장동력", "title: 바뀐 제목")
    expect(letter(page).get_by_role("heading", level=1)).to_have_text("바뀐 제목")
    expect(audience).to_be_visible()
    page.reload()
    expect(audience).to_be_visible()
    expect(page.get_by_role("tab", name="구독자")).to_have_attribute("aria-selected", "true")


def test_a_panel_that_cannot_be_made_says_so_and_comes_back(tmp_path: Path, page: Page) -> None:
    mended = threading.Event()

    def failing(now: Snapshot, asked: Asked) -> object:
        """A panel with a fault of ours, until it is mended."""
        if not mended.is_set():
            raise ZeroDivisionError
        return sizes_panel(now, asked)

    with studio_site(tmp_path / "workspace", panels=[PANELS[0], Panel("sizes", failing)]) as site:
        page.goto(site.url)
        shown = panel(page, "크기")
        expect(shown).to_have_text("Internal Server Error")
        mended.set()
        site.edit("안녕하세요", "반갑습니다")
        expect(shown.locator(".measure").first).to_be_visible()
