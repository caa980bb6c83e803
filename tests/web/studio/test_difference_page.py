"""The studio's page of what changed: since the approval or the last commit, with nothing in it that runs."""

import html
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from newsletter.settings.load import load_settings
from newsletter.settings.workspace import Workspace
from newsletter.workflow.approve import keep, propose
from tests.support.browser import accessibility_findings
from tests.web.studio.studio_site import StudioSite, studio_site

GIT = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
ASKED = {"issue": "2021-07"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioSite]:
    """A workspace in git."""
    with studio_site(tmp_path_factory.mktemp("studio") / "workspace") as running:
        for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
            subprocess.run([*GIT, *words], cwd=running.root, check=True, capture_output=True)
        yield running


@pytest.fixture
def client(site: StudioSite) -> Iterator[httpx.Client]:
    before = site.issue.read_text(encoding="utf-8")
    with httpx.Client(base_url=site.url, trust_env=False, timeout=60) as opened:
        yield opened
    site.save(site.issue, before)


def text_of(answer: httpx.Response) -> str:
    assert answer.status_code == 200
    return html.unescape(answer.text)


def test_it_shows_what_changed_since_the_last_commit(site: StudioSite, client: httpx.Client, page: Page) -> None:
    assert "달라진 것이 없습니다." in text_of(client.get("/difference", params=ASKED))
    site.edit("안녕하세요.", "반갑습니다</p><script>document.title = 'ran'</script>.")
    answer = client.get("/difference", params=ASKED)
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; ")
    page.goto(f"{site.url}/difference?issue=2021-07")
    assert page.locator("del").all_inner_texts() == ["안녕하세요"]
    assert page.locator("ins").first.inner_text().startswith("반갑습니다")
    before, after = page.frames[1:]
    assert ("안녕하세요" in before.inner_text("body"), "반갑습니다" in after.inner_text("body")) == (True, True)
    assert page.title() == "2021-07 · 이전과 이후"
    assert accessibility_findings(page) == []
    page.get_by_role("link", name="편지로 돌아가기").click()
    page.wait_for_selector("#difference-link a")
    link = page.locator("#difference-link a").get_attribute("href") or ""
    assert link.startswith("difference?issue=2021-07")


def test_what_was_approved_goes_before_the_last_commit(site: StudioSite, client: httpx.Client) -> None:
    workspace = Workspace(site.root, load_settings(site.root / "newsletter.toml", {}))
    folder = keep(workspace, propose(workspace, "2021-07"), by="홍길동")
    try:
        assert "홍길동 님이" in text_of(client.get("/difference", params=ASKED))
        assert 'href="difference?issue=2021-07' in client.get("/approve", params=ASKED).text
    finally:
        shutil.rmtree(folder)


def test_a_broken_issue_says_what_is_wrong(site: StudioSite, client: httpx.Client, page: Page) -> None:
    site.edit("title:", "titel:")
    assert "issues/2021-07.yaml:1:1: " in text_of(client.get("/difference", params=ASKED))
    page.goto(f"{site.url}/difference?issue=2021-07&ui=en")
    assert page.locator(".problems h3").inner_text() == "There is nothing to compare"
    assert accessibility_findings(page) == []


def test_an_unknown_issue_is_not_found(client: httpx.Client) -> None:
    assert client.get("/difference", params={"issue": "../2021-07"}).status_code == 404


def test_outside_of_git_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    with studio_site(tmp_path / "workspace") as running, httpx.Client(trust_env=False, timeout=60) as client:
        assert "견줄 것이 없습니다" in text_of(client.get(f"{running.url}/difference", params=ASKED))
