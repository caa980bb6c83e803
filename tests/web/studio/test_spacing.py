"""Small things of the studio's look that only a browser can measure."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.studio.studio_page import opened
from tests.web.studio.studio_site import SETTINGS, StudioSite, studio_site

PROOFS = '[smtp]\nurl = "smtp://127.0.0.1:9"\n[preview]\nproof_to = ["editor@example.org"]\n'


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StudioSite]:
    with studio_site(tmp_path / "workspace") as running:
        yield running


def height(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box
    return box["height"]


def test_a_state_stays_one_line_beside_a_title_of_many(site: StudioSite, page: Page) -> None:
    site.edit("title: 신성장동력", f"title: {'길고 긴 제목 ' * 12}")
    opened(site, page)
    page.get_by_role("tab", name="모든 호").click()
    expect(page.locator("#issue-2021-07 .chip")).to_be_visible()
    assert height(page, "#issue-2021-07 .what") > 2 * height(page, "#issue-2021-07 .chip")


def test_the_answer_to_a_proof_keeps_off_its_button(site: StudioSite, page: Page) -> None:
    site.save(site.root / "newsletter.toml", SETTINGS + PROOFS)
    opened(site, page)
    page.get_by_role("tab", name="시험 발송").click()
    page.locator("#proof-button").click()
    answer = page.locator(".answer:not(:empty)")
    expect(answer).to_contain_text("보내지 못했습니다.")
    button, box = page.locator("#proof-button").bounding_box(), answer.bounding_box()
    assert button
    assert box
    assert box["y"] - (button["y"] + button["height"]) >= 8
