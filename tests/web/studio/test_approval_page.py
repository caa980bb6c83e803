"""The studio's approval: what the page shows is what is approved, who may press its button, and nothing is sent."""

import html
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from newsletter.settings.load import load_settings
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.approval import Approval, read, valid_approval
from newsletter.workflow.steps.letter import open_letter
from newsletter.workflow.steps.review_comments import add_comment, read_comments
from tests.support.browser import accessibility_findings
from tests.web.studio.studio_page import opened
from tests.web.studio.studio_site import StudioSite, studio_site
from tests.web.studio.test_proof_form import own


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StudioSite]:
    with studio_site(tmp_path / "workspace") as running:
        running.edit("2021-07-26T08:56:00+09:00", "2121-07-26T08:56:00+09:00")
        yield running


@pytest.fixture
def client(site: StudioSite) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, trust_env=False, timeout=60) as opened:
        yield opened


def fields(client: httpx.Client, slug: str = "2021-07") -> dict[str, str]:
    """What the form of the page sends."""
    page = client.get("/approve", params={"issue": slug})
    assert page.status_code == 200
    return dict(re.findall(r'name="(csrf|issue|version|by|ui)" value="([^"]*)"', page.text))


def press(
    site: StudioSite,
    client: httpx.Client,
    form: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    return client.post("/approve", data=form or fields(client), headers=own(site) if headers is None else headers)


def approval(site: StudioSite, slug: str = "2021-07") -> Approval | None:
    return read(site.root / "issues" / f"{slug}.approved", slug)


def workspace(site: StudioSite) -> Workspace:
    return Workspace(site.root, load_settings(site.root / "newsletter.toml", {}))


def test_a_yes_writes_the_approval_and_sends_nothing(site: StudioSite, client: httpx.Client) -> None:
    answer = press(site, client, fields(client) | {"by": "홍길동"})
    assert answer.status_code == 200, answer.text
    assert answer.text.startswith("승인했습니다. issues/2021-07.approved에 있습니다.\n")
    kept = valid_approval(open_letter(workspace(site), "2021-07"), workspace(site))
    assert (kept.by, list(kept.editions)) == ("홍길동", ["ko", "en"])
    assert not (site.root / ".newsletter" / "ledger.db").exists()


def test_looking_at_the_page_approves_nothing(site: StudioSite, client: httpx.Client) -> None:
    before = sorted(path.name for path in site.root.rglob("*"))
    shown = fields(client)
    assert sorted(path.name for path in site.root.rglob("*")) == before
    assert client.get("/approve", params=shown | {"yes": "1"}).status_code == 200
    assert approval(site) is None


def test_the_page_shows_what_a_yes_would_cover(site: StudioSite, client: httpx.Client) -> None:
    page = html.unescape(client.get("/approve", params={"issue": "2021-07"}).text)
    for words in ("신성장동력", "2121-07-26 08:56", "아직 없음", "구독자님, 안녕하세요.", "preheader-missing"):
        assert words in page, words
    assert "여기서는 아무것도 보내지 않습니다." in page
    assert "이미 지난 때" not in page
    press(site, client)
    assert "지금 이대로 이미 승인되어 있습니다." in client.get("/approve?issue=2021-07").text
    site.edit("안녕하세요.", "반갑습니다.")
    again = client.get("/approve?issue=2021-07").text
    assert '<strong>머리말</strong> <code class="note">issues/2021-07.yaml: intro</code>' in again
    assert "이미 승인되어" not in again
    assert "It is approved" not in client.get("/approve?issue=2021-07&ui=en").text
    assert "Changed since it was approved" in client.get("/approve?issue=2021-07&ui=en").text


def test_a_time_that_has_come_is_told_before_the_button(site: StudioSite, client: httpx.Client) -> None:
    site.edit("2121-07-26", "2021-07-26")
    assert "이미 지난 때입니다." in client.get("/approve?issue=2021-07").text


@pytest.mark.parametrize("what", ["issue", "picture", "settings", "template"])
def test_what_has_changed_since_it_was_looked_at_is_not_approved(
    site: StudioSite, client: httpx.Client, what: str
) -> None:
    form = fields(client)
    if what == "issue":
        site.edit("안녕하세요.", "반갑습니다.")
    elif what == "picture":
        (site.root / "issues" / "hero.png").write_bytes((site.root / "issues" / "hero.png").read_bytes() + b"\0")
    elif what == "settings":
        path = site.root / "newsletter.toml"
        site.save(path, path.read_text(encoding="utf-8").replace('name = "서울연구원"', 'name = "다른연구원"'))
    else:
        site.save(site.root / "templates" / "email" / "extra.css.j2", "h1{letter-spacing:1px}")
    answer = press(site, client, form)
    assert (answer.status_code, approval(site)) == (409, None)
    assert "이 화면을 연 뒤에 바뀐 것이 있습니다" in answer.text
    assert press(site, client).status_code == 200


def test_a_comment_that_nobody_has_seen_is_not_taken_away(site: StudioSite, client: httpx.Client) -> None:
    form = fields(client)
    add_comment(workspace(site), site.issue, by="김철수", about="", words="제목을 다시 보세요", at=datetime.now(UTC))
    assert press(site, client, form).status_code == 409
    assert len(read_comments(site.issue)) == 1
    assert "제목을 다시 보세요" in client.get("/approve?issue=2021-07").text
    assert press(site, client).status_code == 200
    assert read_comments(site.issue) == ()


def test_the_approval_of_somebody_else_is_not_written_over_unseen(site: StudioSite, client: httpx.Client) -> None:
    mine = fields(client)
    assert press(site, client, fields(client) | {"by": "김철수"}).status_code == 200
    assert press(site, client, mine | {"by": "홍길동"}).status_code == 409
    kept = approval(site)
    assert kept is not None
    assert kept.by == "김철수"


def test_a_request_of_another_page_approves_nothing(site: StudioSite, client: httpx.Client) -> None:
    form, here = fields(client), own(site)
    for headers in (
        {},
        {"Origin": "https://evil.example.com"},
        {"Origin": "null"},
        {**here, "Sec-Fetch-Site": "cross-site"},
        {"Referer": f"{site.url}/"},
    ):
        assert press(site, client, form, headers).status_code == 403
    for token in ("", "wrong", form["csrf"][:-1], form["csrf"] + "x"):
        assert press(site, client, form | {"csrf": token}).status_code == 403
    for version in ("", "wrong", form["version"][:-1]):
        assert press(site, client, form | {"version": version}).status_code == 409
    assert press(site, client, form, {**here, "Host": "evil.example.com"}).status_code == 421
    assert client.post("/approve", json=form, headers=here).status_code == 400
    assert client.put("/approve", headers=here).status_code == 405
    assert approval(site) is None


def test_an_unknown_issue_or_a_way_out_is_none(site: StudioSite, client: httpx.Client) -> None:
    form = fields(client)
    for slug in ("2099-01", "../issues/2021-07", "2021-07.yaml", "\0"):
        assert client.get("/approve", params={"issue": slug}).status_code == 404
        assert press(site, client, form | {"issue": slug}).status_code == 404
    assert approval(site) is None


def test_a_broken_issue_is_told_and_has_no_button(site: StudioSite, client: httpx.Client) -> None:
    form = fields(client)
    site.edit("title: 신성장동력", "titel: 신성장동력")
    page = client.get("/approve?issue=2021-07").text
    assert "아직 승인할 수 없습니다" in page
    assert "issues/2021-07.yaml:1:1" in page
    assert 'name="version"' not in page
    answer = press(site, client, form)
    assert (answer.status_code, approval(site)) == (422, None)
    site.edit("titel: 신성장동력", "title: 신성장동력")
    site.save(site.root / "templates" / "email" / "_footer.html.j2", "<tr><td>no way out</td></tr>")
    assert "아직 승인할 수 없습니다" in client.get("/approve?issue=2021-07").text


def test_a_letter_like_another_needs_a_yes_of_its_own(site: StudioSite, client: httpx.Client) -> None:
    words = "\n".join(f"  서울의 {number}번째 골목에는 서로 다른 나무가 자라고 있습니다.\n" for number in range(30))
    for slug, more in (("2021-07", "하나"), ("2021-06", "둘")):
        path = site.root / "issues" / f"{slug}.yaml"
        site.save(path, path.read_text(encoding="utf-8").split("intro:")[0] + f"intro: |\n{words}\n  {more}\n")
    assert press(site, client, fields(client, "2021-06")).status_code == 200
    page = client.get("/approve?issue=2021-07").text
    assert 'name="although_like" value="2021-06"' in page
    answer = press(site, client)
    assert (answer.status_code, approval(site)) == (409, None)
    assert press(site, client, fields(client) | {"although_like": "2021-06"}).status_code == 200
    kept = approval(site)
    assert kept is not None
    assert list(kept.although_like) == ["2021-06"]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_somebody_approves_in_the_browser(site: StudioSite, page: Page, width: int, scheme: Any) -> None:  # noqa: ANN401
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    opened(site, page, "?issue=2021-07")
    page.get_by_role("link", name="승인", exact=True).click()
    expect(page.get_by_role("heading", name="2021-07: 신성장동력")).to_be_visible()
    assert accessibility_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("승인하는 사람").fill("홍길동")
    page.get_by_label("승인하는 사람").press("Enter")
    expect(page.get_by_role("status").filter(has_text="승인했습니다.")).to_be_focused()
    expect(page.get_by_role("button", name="승인합니다")).to_be_hidden()
    kept = approval(site)
    assert kept is not None
    assert kept.by == "홍길동"
    page.get_by_role("link", name="편지로 돌아가기").click()
    expect(page.locator("#issue-state")).to_contain_text("승인")
