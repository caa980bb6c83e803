"""One letter from a file to the inbox, one click, and silence: only commands, a real relay, a real page."""

import json
import signal
from pathlib import Path

import httpx
import pytest

from tests.journey.conftest import PAGES
from tests.support.cli import newsletter, started
from tests.support.mailroom import Mailroom

ALL = {"hong@example.com", "jane@example.org", "kim@example.net"}


def test_from_file_to_inbox_to_one_click_and_silence(workspace: Path, room: Mailroom) -> None:
    def run(*words: str, code: int = 0) -> str:
        ended = newsletter(*words, cwd=workspace, NEWSLETTER_SMTP__URL=room.url)
        assert ended.returncode == code, f"{words}: {ended.returncode}\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout + ended.stderr

    # The editor checks, the reviewer says yes; before that nothing goes out.
    run("check", "2026-11")
    assert "not approved" in run("send", "2026-11", "--yes", code=77)
    run("approve", "2026-11", "--yes", "--by", "Jane Doe")

    # A proof changes nothing; the real thing reaches everybody, once.
    run("send", "2026-11", "--to", "hong@example.com")
    assert room.recipients() == ["hong@example.com"]
    proof = room.letter_to("hong@example.com")
    assert json.loads(run("status", "2026-11", "--json"))["total"] == 0
    run("send", "2026-11", "--yes")
    assert sorted(room.recipients()[1:]) == sorted(ALL)
    assert "nothing is left to send" in run("send", "2026-11", "--yes")
    assert len(room.mail) == 1 + len(ALL)
    counts = json.loads(run("status", "2026-11", "--json"))
    assert counts["total"] == counts["states"]["sent"] == 3

    # What the reader sees.
    letter = room.letter_to("hong@example.com")
    assert letter["Subject"] in str(proof["Subject"])
    assert letter["Subject"] != proof["Subject"]
    text = letter.get_body(("plain",))
    html = letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "홍길동님, 안녕하세요." in text.get_content()
    assert "회신하실 수 없습니다" in html.get_content()
    nameless = room.letter_to("kim@example.net").get_body(("plain",))
    assert nameless is not None
    assert "구독자님, 안녕하세요." in nameless.get_content()

    # One click, as a mail provider does it.
    link = str(letter["List-Unsubscribe"]).strip("<>")
    assert link.startswith(f"{PAGES}/u/")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    proof_link = str(proof["List-Unsubscribe"]).strip("<>")
    serving = started("serve", "--port", "0", cwd=workspace)
    assert serving.stdout is not None
    with serving:
        address = serving.stdout.readline().strip()
        with httpx.Client(trust_env=False) as client:
            for post in (proof_link, link, link):
                answer = client.post(post.replace(PAGES, address), data={"List-Unsubscribe": "One-Click"})
                assert answer.status_code == 200
            assert client.post(f"{address}/u/{'x' * 49}").status_code == 404
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(30) == 0
    left = run("subscribers", "list", "--suppressed").splitlines()
    assert [line.split("\t")[1:] for line in left] == [["hong@example.com", "홍길동", "unsubscribed"]]

    # Silence: the next issue goes to the other two.
    source = (workspace / "issues" / "2026-11.yaml").read_text(encoding="utf-8")
    (workspace / "issues" / "2026-12.yaml").write_text(source.replace("사계절", "겨울"), encoding="utf-8")
    refused = run("approve", "2026-12", "--yes", code=77)
    assert "newsletter approve 2026-12 --although-like 2026-11" in refused
    run("approve", "2026-12", "--yes", "--although-like", "2026-11")
    run("send", "2026-12", "--yes")
    assert sorted(room.recipients()[4:]) == sorted(ALL - {"hong@example.com"})
    states = json.loads(run("status", "2026-12", "--json"))["states"]
    assert (states["sent"], states["suppressed"]) == (2, 1)


@pytest.mark.parametrize(
    ("more", "seen", "unseen"),
    [("number: 8\npublish_at: 2026-12-01T09:00\n", "", ""), ("author: siadmin\n", "사계절", "사\u200b계 절")],
)
def test_a_copied_issue_mails_nobody_whatever_no_reader_sees(
    workspace: Path, room: Mailroom, more: str, seen: str, unseen: str
) -> None:
    source = workspace / "issues" / "2026-11.yaml"
    copied = source.read_text(encoding="utf-8").replace(seen, unseen) + more
    (workspace / "issues" / "2026-12.yaml").write_text(copied, encoding="utf-8")
    relay = {"NEWSLETTER_SMTP__URL": room.url, "NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false"}
    assert newsletter("send", "2026-11", "--yes", cwd=workspace, **relay).returncode == 0
    refused = newsletter("send", "2026-12", "--yes", cwd=workspace, **relay)
    assert refused.returncode == 77
    assert "2026-11" in refused.stderr
    assert len(room.mail) == 3


def test_what_is_nearly_a_copy_is_sent_by_who_says_that_it_is_none(workspace: Path, room: Mailroom) -> None:
    source = workspace / "issues" / "2026-11.yaml"
    text = source.read_text(encoding="utf-8").replace("사계절", "겨울")
    (workspace / "issues" / "2026-12.yaml").write_text(text, encoding="utf-8")
    relay = {"NEWSLETTER_SMTP__URL": room.url}
    alone = relay | {"NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false"}
    assert newsletter("send", "2026-11", "--yes", cwd=workspace, **alone).returncode == 0
    refused = newsletter("send", "2026-12", "--yes", cwd=workspace, **alone)
    assert (refused.returncode, "send 2026-12 --although-like 2026-11" in refused.stderr) == (77, True)
    elsewhere = newsletter("send", "2026-12", "--yes", "--although-like", "2026-11", cwd=workspace, **relay)
    assert (elsewhere.returncode, "approve 2026-12 --although-like 2026-11" in elsewhere.stderr) == (64, True)
    assert newsletter("send", "--due", "--although-like", "2026-11", cwd=workspace, **alone).returncode == 64
    assert newsletter("approve", "2026-12", "--yes", "--although-like", "../x", cwd=workspace).returncode == 64
    assert len(room.mail) == 3
    sent = newsletter("send", "2026-12", "--yes", "--although-like", "2026-11", cwd=workspace, **alone)
    assert sent.returncode == 0, sent.stderr
    assert len(room.mail) == 6
