"""Signing up as a service: limits over a restart, a relay that is dead, and where it is offered at all."""

import signal
from pathlib import Path

import httpx
import pytest

from tests.support.mailroom import mailroom
from tests.support.pages import served
from tests.support.sign_up_desk import Desk, desk_at


def test_limits_hold_over_a_restart_and_are_about_networks(tmp_path: Path) -> None:
    limits = {"NEWSLETTER_SUBSCRIBE__PER_NETWORK_API": "2", "NEWSLETTER_SUBSCRIBE__IN_ALL": "4"}

    def statuses(desk: Desk, network: str, *names: str) -> list[int]:
        forwarded = {"X-Forwarded-For": f"203.0.113.9, {network}"}
        return [desk.ask(name, **forwarded).status_code for name in names]

    with mailroom(tmp_path) as room:
        with desk_at(tmp_path, room, **limits) as desk:
            assert statuses(desk, "192.0.2.1", "a", "a") == [200, 200]
            room.wait_for(1)
        with desk_at(tmp_path, room, **limits) as desk:
            assert statuses(desk, "192.0.2.200", "new", "a") == [429, 429]
            assert statuses(desk, "198.51.100.1", "b", "c", "d") == [200, 200, 429]
            late = desk.ask("e", **{"X-Forwarded-For": "2001:db8::1"})
            assert late.status_code == 429
            assert 0 < int(late.headers["retry-after"]) <= 3900
        assert room.recipients().count("a@example.com") == 1
    ledger = tmp_path / ".newsletter"
    kept = b"".join(file.read_bytes() for file in ledger.glob("ledger.db*"))
    assert b"192.0.2" not in kept
    assert b"198.51.100" not in kept


def test_a_dead_relay_holds_no_page_and_the_mail_goes_after_a_kill(tmp_path: Path) -> None:
    with mailroom(tmp_path) as gone:
        dead = gone.url
    with served(tmp_path, NEWSLETTER_SMTP__URL=dead) as pages:
        with httpx.Client(base_url=f"http://127.0.0.1:{pages.port}", trust_env=False) as client:
            data = {"email": "late@example.com", "consent": True, "over_14": True}
            answer = client.post("/subscribe", json=data)
            assert answer.status_code == 200
            assert client.get("/subscribe").status_code == 200
        assert pages.process.stderr
        assert "기다리고 있으며" in pages.process.stderr.readline()
        pages.process.send_signal(signal.SIGKILL)
    with mailroom(tmp_path) as room, desk_at(tmp_path, room):
        room.wait_for(1)
    assert room.recipients() == ["late@example.com"]


@pytest.mark.parametrize(
    ("environ", "host", "status", "told"),
    [
        ({}, "127.0.0.1", 200, ""),
        ({}, "0.0.0.0", 404, "pages_url"),
        ({"NEWSLETTER_LINKS__PAGES_URL": "https://news.example.org"}, "0.0.0.0", 200, ""),
        ({"NEWSLETTER_SUBSCRIBE__OFFERED": "false"}, "127.0.0.1", 404, ""),
        ({"NEWSLETTER_SMTP__URL": "smtps://user@relay.example.org"}, "127.0.0.1", 404, "구독 신청을 받지 않습니다"),
    ],
)
def test_signing_up_is_offered_where_its_mail_can_lead_back(
    tmp_path: Path, environ: dict[str, str], host: str, status: int, told: str
) -> None:
    with served(tmp_path, host=host, files=1024, **environ) as pages:
        with httpx.Client(base_url=f"http://127.0.0.1:{pages.port}", trust_env=False) as client:
            assert client.get("/subscribe").status_code == status
            assert client.get(f"/u/{pages.token('hong')}").status_code == 200
        pages.process.send_signal(signal.SIGTERM)
        _, words = pages.process.communicate(timeout=30)
    assert told in words
    assert bool(told) == bool(words.strip())
