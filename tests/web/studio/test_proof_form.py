"""The studio's proof: it reaches the allow-list over a real SMTP server, and nothing else makes it send."""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from newsletter.errors import RefusedError
from newsletter.settings.load import load_settings
from newsletter.settings.workspace import Workspace
from newsletter.web.studio.model import Asked
from newsletter.web.studio.proof_form import MAX_IN_A_MINUTE
from newsletter.web.studio.workspace_letters import WorkspaceLetters
from tests.support.mailroom import Mailroom, mailroom
from tests.web.studio.studio_site import SETTINGS, StudioSite, studio_site

TO = "editor@example.org"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Mailroom]:
    with mailroom(tmp_path) as opened:
        yield opened


@pytest.fixture
def site(tmp_path: Path, room: Mailroom) -> Iterator[StudioSite]:
    with studio_site(tmp_path / "workspace") as running:
        settings(running, url=room.url)
        yield running


@pytest.fixture
def client(site: StudioSite) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, trust_env=False, timeout=60) as opened:
        yield opened


def settings(site: StudioSite, *, url: str, to: str = f'"{TO}", "Second@Example.org"') -> None:
    site.save(site.root / "newsletter.toml", f'{SETTINGS}[smtp]\nurl = "{url}"\n[preview]\nproof_to = [{to}]\n')


def csrf(client: httpx.Client) -> str:
    found = re.search(r'name="csrf" value="([\w-]{32,})"', client.get("/").text)
    assert found
    return found[1]


def own(site: StudioSite) -> dict[str, str]:
    return {"Origin": f"http://127.0.0.1:{site.port}", "Sec-Fetch-Site": "same-origin"}


def press(
    site: StudioSite,
    client: httpx.Client,
    changes: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Press the button of the page, with other fields or headers than it sends."""
    form = {"csrf": csrf(client), "to": TO, "issue": "2021-07", "as": ""} | dict(changes or {})
    return client.post("/proof", data=form, headers=own(site) if headers is None else headers)


def test_a_proof_arrives_marked_and_its_links_change_nothing(
    site: StudioSite, client: httpx.Client, room: Mailroom
) -> None:
    answer = press(site, client)
    assert answer.status_code == 200
    assert answer.text == f"{TO} 앞으로 시험 발송했습니다. 발송 서버의 응답: 250 kept"
    letter = room.letter_to(TO)
    assert letter["Subject"] == "[시험 발송] [서울이슈큐레이터] 신성장동력"
    assert "구독자님" in letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert not (site.root / ".newsletter" / "ledger.db").exists()


def test_the_answer_is_in_the_language_of_the_page(site: StudioSite, client: httpx.Client) -> None:
    assert 'name="ui" value="en"' in client.get("/?ui=en").text
    answer = press(site, client, {"ui": "en", "to": "hong@example.com"})
    assert answer.text == "Nothing was sent: that address is not in [preview] proof_to."


def test_it_is_the_letter_that_is_shown(site: StudioSite, client: httpx.Client, room: Mailroom) -> None:
    press(site, client, {"as": "kim@example.net", "issue": "2021-06"})
    letter = room.letter_to(TO)
    assert "청년정책" in letter["Subject"]
    assert "김철수님" in letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    press(site, client, {"as": "kim@example.net", "language": "en"})
    assert room.letter_to(TO)["Content-Language"] == "en"


def test_an_address_is_compared_as_people_mean_it(site: StudioSite, client: httpx.Client, room: Mailroom) -> None:
    assert press(site, client, {"to": " SECOND@example.org "}).status_code == 200
    assert [recipient for recipient, _ in room.mail] == ["Second@example.org"]


@pytest.mark.parametrize(
    "to",
    [
        "hong@example.com",
        "",
        "editor@example.org.evil.example.com",
        "editor@example.org,hong@example.com",
        "editor@example.org\r\nRCPT TO:<hong@example.com>",
        "<editor@example.org>",
        "ｅditor@example.org",
    ],
)
def test_nobody_else_gets_one(site: StudioSite, client: httpx.Client, room: Mailroom, to: str) -> None:
    answer = press(site, client, {"to": to})
    assert answer.status_code == 403
    assert "[preview] proof_to" in answer.text
    assert room.mail == []


def test_the_allow_list_holds_behind_the_form_too(site: StudioSite, room: Mailroom) -> None:
    workspace = Workspace(site.root, load_settings(site.root / "newsletter.toml", {}))
    letters = WorkspaceLetters(workspace, "2021-07", {})
    with pytest.raises(RefusedError, match="proof_to"):
        letters.now().send_proof(Asked(), "hong@example.com")
    assert room.mail == []


def test_without_an_allow_list_the_setting_is_named(site: StudioSite, client: httpx.Client, room: Mailroom) -> None:
    token = csrf(client)
    settings(site, url=room.url, to="")
    answer = client.post("/proof", data={"csrf": token, "to": TO, "issue": "2021-07"}, headers=own(site))
    assert answer.status_code == 403
    assert "[preview] proof_to" in answer.text
    assert room.mail == []


def test_a_request_of_another_page_sends_nothing(site: StudioSite, client: httpx.Client, room: Mailroom) -> None:
    here = own(site)
    for headers in (
        {},
        {"Origin": "https://evil.example.com"},
        {"Origin": "null"},
        {**here, "Sec-Fetch-Site": "cross-site"},
        {"Referer": f"{site.url}/"},
    ):
        assert press(site, client, headers=headers).status_code == 403
    for token in ("", "wrong", csrf(client)[:-1], csrf(client) + "x"):
        assert press(site, client, {"csrf": token}).status_code == 403
    assert press(site, client, headers={**here, "Host": "evil.example.com"}).status_code == 421
    assert client.get("/proof", params={"csrf": csrf(client), "to": TO}, headers=here).status_code == 405
    assert room.mail == []


def test_what_is_no_form_is_refused(site: StudioSite, client: httpx.Client, room: Mailroom) -> None:
    fields = {"csrf": csrf(client), "to": TO}
    bodies = [
        ("application/json", json.dumps(fields).encode()),
        ("text/plain", f"csrf={fields['csrf']}&to={TO}".encode()),
        ("application/x-www-form-urlencoded", b"x" * 20_000),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(50))),
        ("application/x-www-form-urlencoded", b"\xff\xfe"),
        ("application/x-www-form-urlencoded", b"to=%ff"),
        ("", b""),
    ]
    for kind, body in bodies:
        answer = client.post("/proof", content=body, headers={**own(site), "Content-Type": kind})
        assert answer.status_code == 400, kind
    assert room.mail == []


def test_a_broken_or_unknown_issue_sends_nothing(site: StudioSite, client: httpx.Client, room: Mailroom) -> None:
    assert press(site, client, {"issue": "2099-01"}).status_code == 404
    token = csrf(client)
    site.edit("title: 신성장동력", "titel: 신성장동력")
    answer = press(site, client, {"csrf": token})
    assert answer.status_code == 422
    assert "titel" in answer.text
    assert room.mail == []


def test_a_relay_that_is_down_or_refuses_is_told_without_a_secret(
    site: StudioSite, client: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(site, url="smtp://127.0.0.1:1")
    answer = press(site, client)
    assert answer.status_code == 503
    assert "보내지 못했습니다." in answer.text
    (tmp_path / "refusing").mkdir()
    with mailroom(tmp_path / "refusing", replies={"*": "550 5.7.1 not from you"}) as refusing:
        settings(site, url=refusing.url)
        answer = press(site, client)
    assert answer.status_code == 502
    assert "5.7.1 not from you" in answer.text
    monkeypatch.setenv("NEWSLETTER_SMTP__PASSWORD", "hunter2-the-password")
    settings(site, url="smtp://user@127.0.0.1:1")
    assert "hunter2" not in press(site, client).text


def test_so_many_in_a_minute_and_no_more(site: StudioSite, client: httpx.Client, room: Mailroom) -> None:
    answers = [press(site, client).status_code for _ in range(MAX_IN_A_MINUTE + 2)]
    assert answers == [200] * MAX_IN_A_MINUTE + [429, 429]
    assert len(room.mail) == MAX_IN_A_MINUTE


def test_one_at_a_time(site: StudioSite, client: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "slow").mkdir()
    with mailroom(tmp_path / "slow", delay=2.0) as slow:
        settings(site, url=slow.url)
        first: list[int] = []
        thread = threading.Thread(target=lambda: first.append(press(site, client).status_code))
        thread.start()
        slow.wait_for(1)
        with httpx.Client(base_url=site.url, trust_env=False) as second:
            assert press(site, second).status_code == 409
            assert second.get("/").status_code == 200
        thread.join()
    assert first == [200]
