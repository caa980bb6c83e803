"""The desk over HTTP: open, change, undo, merge, mend, and what there is to know for the form."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.own_types import EVERY_FIELD, own_type
from tests.web.studio.desk.desk_client import DeskClient
from tests.web.studio.studio_site import ISSUE, StudioSite, studio_site

TITLE = {"op": "set", "path": ["title"], "value": "새 제목"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskClient]:
    with studio_site(tmp_path / "workspace") as site, httpx.Client(base_url=site.url, trust_env=False) as http:
        yield DeskClient(site, http)


@pytest.fixture
def site(desk: DeskClient) -> StudioSite:
    return desk.site


def text(site: StudioSite) -> str:
    return site.issue.read_text(encoding="utf-8")


def test_an_issue_is_opened_with_all_that_a_form_needs(desk: DeskClient, site: StudioSite) -> None:
    opened = desk.opened()
    assert opened["data"]["hero"] == {"src": "hero.png", "alt": "초록 네모"}
    assert {key: opened[key] for key in ("slug", "file", "text", "problem", "undo", "redo", "merged", "language")} == {
        "slug": "2021-07", "file": "issues/2021-07.yaml", "text": None, "problem": None,
        "undo": False, "redo": False, "merged": False, "language": "ko",
    }  # fmt: skip
    assert opened["languages"] == ["ko"]
    assert opened["merge_fields"][0] == {"key": "subscriber.name", "sample": "홍길동"}
    assert desk.opened(**{"as": "jane@example.org"})["merge_fields"][0]["sample"] == "Jane Doe"
    assert text(site) == ISSUE


def test_columns_stand_in_a_text_as_the_grammar_wants_them(desk: DeskClient, site: StudioSite) -> None:
    site.save(site.root / "subscribers.csv", 'email,name,team,회사 이름,"a ""b"""\nhong@example.com,,기획,서울,c\n')
    assert [(one["key"], one["sample"]) for one in desk.opened()["merge_fields"]] == [
        ("subscriber.name", ""),
        ("subscriber.email", "hong@example.com"),
        ("subscriber.language", ""),
        ("subscriber.fields.team", "기획"),
        ('subscriber.fields["회사 이름"]', "서울"),
        ('subscriber.fields["a \\"b\\""]', "c"),
    ]
    (site.root / "subscribers.csv").unlink()
    assert len(desk.opened()["merge_fields"]) == 3


def test_a_change_is_in_the_file_and_in_the_letter(desk: DeskClient, site: StudioSite) -> None:
    answer = desk.change(desk.opened(), TITLE)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["data"]["title"] == "새 제목"
    assert text(site) == ISSUE.replace("신성장동력", "새 제목")
    assert "새 제목" in desk.http.get("/").text


def test_open_pages_are_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def blind(*_: object) -> None:
        await asyncio.Event().wait()

    # Who has written does not wait until the watcher has seen it.
    monkeypatch.setattr("newsletter.web.studio.app.watch", blind)
    with (
        studio_site(tmp_path / "unwatched") as site,
        httpx.Client(base_url=site.url, trust_env=False) as http,
        http.stream("GET", "/events") as events,
    ):
        lines = events.iter_lines()
        while next(lines) != "event: hello":
            pass
        desk = DeskClient(site, http)
        desk.change(desk.opened(), TITLE)
        while next(lines) != "event: changed":
            pass


def test_undo_and_redo(desk: DeskClient, site: StudioSite) -> None:
    opened = desk.change(desk.opened(), TITLE).json()
    seen = {"issue": "2021-07", "version": opened["version"], "window": "w"}
    back = desk.post("undo", **seen).json()
    assert (back["undo"], back["redo"], back["data"]["title"]) == (False, True, "신성장동력")
    assert text(site) == ISSUE
    assert desk.post("redo", **{**seen, "version": back["version"]}).json()["data"]["title"] == "새 제목"


def test_what_was_saved_elsewhere_is_merged_or_told(desk: DeskClient, site: StudioSite) -> None:
    opened = desk.opened()
    site.edit("초록 네모", "푸른 네모")
    assert desk.change(opened, TITLE).json()["merged"] is True
    assert text(site) == ISSUE.replace("초록 네모", "푸른 네모").replace("신성장동력", "새 제목")
    answer = desk.change(opened, {**TITLE, "value": "다른 제목"})
    assert answer.status_code == 409
    conflict = answer.json()
    assert conflict["conflict"] == [
        {"path": ["title"], "there": ["title"], "base": "신성장동력", "mine": "다른 제목", "theirs": "새 제목"}
    ]
    assert conflict["data"]["title"] == "새 제목"
    assert "다른 제목" in (site.root / conflict["kept"]).read_text(encoding="utf-8")
    assert "다른 제목" not in text(site)


def test_a_file_that_cannot_be_read_is_text_and_is_mended_so(desk: DeskClient, site: StudioSite) -> None:
    site.edit("title: 신성장동력", "title: 주제: 부제")
    opened = desk.opened(ui="en")
    assert opened["data"] is None
    assert opened["text"] == text(site)
    assert opened["problem"]["line"] == 1
    assert 'title: "주제: 부제"' in opened["problem"]["hint"]
    assert desk.change(opened, TITLE).status_code == 422
    mended = desk.post(
        "text", issue="2021-07", version=opened["version"], text=opened["text"].replace("주제: 부제", "주제")
    )
    assert mended.status_code == 200
    assert mended.json()["data"]["title"] == "주제"


def test_an_issue_that_is_not_there(desk: DeskClient, site: StudioSite) -> None:
    assert desk.http.get("/desk/issue", params={"issue": "2099-01", "ui": "en"}).status_code == 404
    opened = desk.opened()
    site.issue.unlink()
    answer = desk.change(opened, TITLE)
    assert answer.status_code == 404
    assert answer.json()["problem"]["words"]
    assert not site.issue.exists()


def test_refusals_are_in_the_language_of_the_page(desk: DeskClient) -> None:
    opened = desk.opened()
    wrong = {
        "issue": "2021-07",
        "version": opened["version"],
        "changes": [{"op": "remove", "path": ["sections"], "index": 3}],
    }
    assert "no such place" in desk.post("change", ui="en", **wrong).json()["problem"]["words"]
    assert "그런 자리가 없습니다" in desk.post("change", ui="ko", **wrong).json()["problem"]["words"]


def test_the_form_is_described_in_the_language_of_the_page(desk: DeskClient) -> None:
    form = desk.http.get("/desk/form", params={"ui": "en"}).json()
    assert form["language"] == "en"
    assert {"issue", "parts", "sections"} <= set(form)
    assert desk.http.get("/desk/form").json()["language"] == "ko"


def test_a_broken_type_of_the_workspace_takes_the_form_from_no_other(desk: DeskClient, site: StudioSite) -> None:
    own_type(site.root, EVERY_FIELD)
    own_type(site.root, "fields = 1", name="x-broken")
    form = desk.http.get("/desk/form").json()
    assert [one["type"] for one in form["sections"]][-2:] == ["chart", "x-project"]
    assert form["sections"][-1]["label"] == "사업"


def test_findings_name_the_field(desk: DeskClient, site: StudioSite) -> None:
    site.edit("[누리집]", "[여기]")
    found = desk.http.get("/desk/findings", params={"issue": "2021-07", "ui": "en"}).json()
    paths = {one["rule"]: one["path"] for one in found}
    assert ["intro"] in paths.values()
    assert paths["preheader-missing"] == ["preheader"]
    assert all(one["severity"] in {"error", "warning"} and one["words"] for one in found)


def test_what_keeps_an_issue_from_being_read_names_the_field(desk: DeskClient, site: StudioSite) -> None:
    site.edit(
        "publish_at: 2021-07-26T08:56:00+09:00",
        "publish_at: gestern\nsections:\n- type: story\n  research:\n  - {title: a, url: x}",
    )
    found = desk.http.get("/desk/findings", params={"issue": "2021-07"}).json()
    assert {("error", *one["path"]) for one in found} >= {
        ("error", "publish_at"),
        ("error", "sections", 0, "research", 0, "url"),
    }
