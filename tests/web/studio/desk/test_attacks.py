"""Whoever is no page of ours writes nothing, and what such a page would never send does no harm."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.web.studio.desk.desk_client import DeskClient
from tests.web.studio.desk.test_over_http import TITLE
from tests.web.studio.studio_site import studio_site

WRITES = ("change", "text", "undo", "redo")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskClient]:
    root = tmp_path_factory.mktemp("attacked") / "workspace"
    with studio_site(root) as site, httpx.Client(base_url=site.url, trust_env=False) as http:
        yield DeskClient(site, http)


@pytest.fixture(autouse=True)
def nothing_is_written(desk: DeskClient) -> Iterator[None]:
    """But what is kept beside the issue."""
    before = files(desk.site.root)
    yield
    assert files(desk.site.root) == before


def files(root: Path) -> dict[str, bytes]:
    """What each file says, not counting what is kept."""
    found = (path for path in root.rglob("*") if path.is_file() and ".newsletter" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def body(desk: DeskClient, **more: object) -> dict[str, Any]:
    opened = desk.opened()
    return {
        "csrf": desk.csrf,
        "issue": "2021-07",
        "version": opened["version"],
        "window": "w",
        "text": "x: y\n",
        "changes": [TITLE],
        **more,
    }


@pytest.mark.parametrize("name", WRITES)
def test_who_is_no_page_of_ours_is_refused(desk: DeskClient, name: str) -> None:
    sent = body(desk)
    for headers in (
        {},
        {"Origin": "https://evil.example.com"},
        {"Origin": "null"},
        {**desk.own, "Origin": f"http://127.0.0.1:{desk.site.port + 1}"},
        {**desk.own, "Sec-Fetch-Site": "cross-site"},
    ):
        assert desk.http.post(f"/desk/{name}", json=sent, headers=headers).status_code == 403
    for token in ("", "wrong", desk.csrf[:-1], "\ud83d", None, 7):
        answer = desk.http.post(
            f"/desk/{name}",
            content=json.dumps({**sent, "csrf": token}),
            headers={**desk.own, "Content-Type": "application/json"},
        )
        assert answer.status_code in {400, 403}
    del sent["csrf"]
    assert desk.http.post(f"/desk/{name}", json=sent, headers=desk.own).status_code == 403
    assert (
        desk.http.post(f"/desk/{name}", json=sent, headers={**desk.own, "Host": "evil.example.com"}).status_code == 421
    )
    assert desk.http.get(f"/desk/{name}", params={"csrf": desk.csrf}, headers=desk.own).status_code == 405


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_what_a_form_of_another_site_can_send_is_no_json(desk: DeskClient, kind: str) -> None:
    headers = {**desk.own, "Content-Type": kind}
    assert desk.http.post("/desk/change", content=json.dumps(body(desk)), headers=headers).status_code == 400


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[1]",
        b'"x"',
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"csrf": NaN}',
        b'{"csrf": 1e999}',
        b"1" * 10_000,
    ],
)
def test_what_is_no_json_of_ours_is_refused(desk: DeskClient, content: bytes) -> None:
    headers = {**desk.own, "Content-Type": "application/json"}
    assert desk.http.post("/desk/change", content=content, headers=headers).status_code == 400


def test_a_huge_body_is_refused_before_it_is_read(desk: DeskClient) -> None:
    headers = {**desk.own, "Content-Type": "application/json"}
    assert desk.http.post("/desk/text", content=b" " * 1_400_000, headers=headers).status_code == 413
    large = desk.post("text", **{**body(desk), "text": "x" * 1_100_000})
    assert large.status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        7,
        {},
        {"op": "drop", "path": ["title"]},
        {"op": "set", "path": ["title"]},
        {"op": "set", "path": [], "value": "x"},
        {"op": "set", "path": "title", "value": "x"},
        {"op": "set", "path": ["title", None], "value": "x"},
        {"op": "set", "path": [True], "value": "x"},
        {"op": "set", "path": [1.5], "value": "x"},
        {"op": "set", "path": ["sections", -1], "value": "x"},
        {"op": "set", "path": ["a"] * 40, "value": "x"},
        {"op": "set", "path": ["k" * 300], "value": "x"},
        {"op": "set", "path": ["title"], "value": 7},
        {"op": "set", "path": ["title"], "value": None},
        {"op": "set", "path": ["summary"], "value": [True]},
        {"op": "insert", "path": ["sections"], "index": -1, "value": {}},
        {"op": "insert", "path": ["sections"], "index": "0", "value": {}},
        {"op": "insert", "path": ["sections"], "index": 10**30, "value": {}},
        {"op": "move", "path": ["sections"], "index": 0},
        {"op": "remove", "path": ["sections"], "index": True},
    ],
)
def test_a_change_that_is_none_is_refused(desk: DeskClient, change: object) -> None:
    answer = desk.post("change", **body(desk, changes=[change]))
    assert answer.status_code == 400
    assert "읽을 수 없습니다" in answer.json()["problem"]["words"]


def test_a_value_may_be_as_deep_as_an_issue_and_no_deeper(desk: DeskClient) -> None:
    deep: object = "x"
    for _ in range(40):
        deep = [deep]
    assert (
        desk.post("change", **body(desk, changes=[{"op": "set", "path": ["summary"], "value": deep}])).status_code
        == 400
    )
    assert desk.post("change", **body(desk, changes=[TITLE] * 501)).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"op": "set", "path": ["title", "0"], "value": "x"},
        {"op": "set", "path": ["hero", 0], "value": "x"},
        {"op": "set", "path": ["title"], "value": "\ud83d"},
        {"op": "set", "path": ["\ud83d"], "value": "x"},
        {"op": "set", "path": ["\x1b[2J"], "value": "x"},
        {"op": "set", "path": [""], "value": "x"},
        {"op": "set", "path": ["<<"], "value": "x"},
        {"op": "set", "path": ["hero"], "value": "x"},
        {"op": "remove_key", "path": ["__proto__"]},
        {"op": "remove", "path": ["title"], "index": 0},
        {"op": "move", "path": ["sections"], "index": 0, "to": 1},
    ],
)
def test_a_change_that_cannot_be_made_is_told(desk: DeskClient, change: object) -> None:
    headers = {**desk.own, "Content-Type": "application/json"}
    answer = desk.http.post("/desk/change", content=json.dumps(body(desk, changes=[change])), headers=headers)
    assert answer.status_code == 422
    assert answer.json()["problem"]["words"]


@pytest.mark.parametrize(
    "slug",
    [
        "../newsletter",
        "2021-07.yaml",
        "issues/2021-07",
        "/etc/passwd",
        "..",
        "2021-07\0",
        "\ud83d",
        "2021-07/../2021-07",
        "-",
        " ",
    ],
)
def test_a_slug_is_no_path(desk: DeskClient, slug: str) -> None:
    headers = {**desk.own, "Content-Type": "application/json"}
    answer = desk.http.post("/desk/change", content=json.dumps(body(desk, issue=slug)), headers=headers)
    assert answer.status_code == 404
    assert desk.http.get("/desk/issue", params={"issue": slug.encode(errors="surrogatepass")}).status_code == 404


@pytest.mark.parametrize("version", ["", "x", "../../newsletter.toml", "0" * 32, "\0", "2021-07"])
def test_a_version_is_no_path_either(desk: DeskClient, version: str) -> None:
    assert desk.post("change", **body(desk, version=version)).status_code == 409
    assert desk.post("text", **body(desk, version=version)).status_code == 409


def test_half_a_character_in_a_conflict_can_be_answered(desk: DeskClient) -> None:
    headers = {**desk.own, "Content-Type": "application/json"}
    sent = json.dumps(body(desk, version="0" * 32, changes=[{**TITLE, "value": "\ud83d"}]))
    answer = desk.http.post("/desk/change", content=sent, headers=headers)
    assert answer.status_code == 409
    assert json.loads(answer.content)["conflict"][0]["mine"] == "\ud83d"


def test_an_issue_that_leads_elsewhere_is_not_written(desk: DeskClient) -> None:
    link = desk.site.root / "issues" / "linked.yaml"
    link.symlink_to("../newsletter.toml")
    try:
        assert desk.post("text", **body(desk, issue="linked")).status_code == 403
        assert desk.http.get("/desk/issue", params={"issue": "linked"}).status_code == 403
    finally:
        link.unlink()
