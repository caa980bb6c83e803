"""How an issue can begin, over HTTP; who is no page of ours begins none, and nothing is written over."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.web.studio.desk.desk_client import DeskClient
from tests.web.studio.desk.test_attacks import files
from tests.web.studio.studio_site import SETTINGS, studio_site


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskClient]:
    with studio_site(tmp_path / "workspace") as site, httpx.Client(base_url=site.url, trust_env=False) as http:
        yield DeskClient(site, http)


def test_the_next_name_is_the_month_after_the_last_issue_or_the_next_date(desk: DeskClient) -> None:
    assert desk.http.get("/desk/beginnings").json() == {"slug": "2021-08", "last": "2021-07"}
    desk.site.issue.with_stem("2021-08").write_text("title: [", encoding="utf-8")
    assert desk.http.get("/desk/beginnings").json()["slug"] == "2021-08-2", "one that cannot be read is there, too"
    desk.site.issue.rename(desk.site.issue.with_stem("2021-12"))
    assert desk.http.get("/desk/beginnings").json() == {"slug": "2022-01", "last": "2021-12"}
    schedule = '[schedule]\nevery = "4th Monday 09:00"\n'
    desk.site.save(desk.site.root / "newsletter.toml", SETTINGS + schedule)
    assert re.fullmatch(r"20\d\d-\d\d", desk.http.get("/desk/beginnings").json()["slug"])


def test_without_any_issue_it_is_this_month(desk: DeskClient) -> None:
    for path in desk.site.issue.parent.glob("*.yaml"):
        path.unlink()
    told = desk.http.get("/desk/beginnings").json()
    assert re.fullmatch(r"20\d\d-\d\d", told["slug"])
    assert told["last"] == ""


def test_an_issue_begins_with_every_kind_of_section(desk: DeskClient) -> None:
    answer = desk.post("starter", issue="2021-08")
    assert (answer.status_code, answer.json()) == (200, {"slug": "2021-08", "told": []})
    assert "type: story" in desk.site.issue.with_stem("2021-08").read_text(encoding="utf-8")
    again = desk.post("starter", issue="2021-08")
    assert again.status_code == 404
    assert "이미 있" in again.json()["problem"]["words"]


def test_who_is_no_page_of_ours_begins_none(desk: DeskClient, tmp_path: Path) -> None:
    desk.site.issue.with_stem("linked").symlink_to(tmp_path / "outside.yaml")
    before = files(desk.site.root)
    sent = {"csrf": desk.csrf, "issue": "2021-08"}
    for headers in (
        {},
        {"Origin": "https://evil.example.com"},
        {"Origin": "null"},
        {**desk.own, "Sec-Fetch-Site": "cross-site"},
    ):
        assert desk.http.post("/desk/starter", json=sent, headers=headers).status_code == 403
    for token in ("", "wrong", desk.csrf[:-1]):
        assert desk.http.post("/desk/starter", json={**sent, "csrf": token}, headers=desk.own).status_code == 403
    form = {**desk.own, "Content-Type": "text/plain"}
    assert desk.http.post("/desk/starter", content=json.dumps(sent), headers=form).status_code == 400
    assert desk.http.get("/desk/starter", params=sent, headers=desk.own).status_code == 405
    for slug in ("../x", "a/b", "/etc/x", "", "..", "2021-07", "2021-08.yaml", "x\0", "linked"):
        assert desk.post("starter", issue=slug).status_code == 404, slug
    assert desk.post("starter", issue=7).status_code == 400
    assert desk.post("starter", issue="x" * 500).status_code == 400
    large = {**desk.own, "Content-Type": "application/json"}
    assert desk.http.post("/desk/starter", content=b" " * 1_400_000, headers=large).status_code == 413
    assert files(desk.site.root) == before
    assert not (tmp_path / "outside.yaml").exists()
