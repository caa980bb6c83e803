"""`newsletter demo`: anywhere, again and again, and never towards a real relay."""

import os
import pty
import re
import signal
import subprocess
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import IO

import httpx
import pytest

from tests.support.cli import COMMAND, environment, newsletter
from tests.support.mailroom import Mailroom


def test_without_a_browser_it_says_what_arrived_and_ends(tmp_path: Path, room: Mailroom) -> None:
    folders = set()
    for _ in range(2):
        ended = newsletter("demo", "--no-browser", cwd=tmp_path, NEWSLETTER_SMTP__URL=room.url)
        assert ended.returncode == 0, ended.stderr
        folder = Path(ended.stdout.splitlines()[0])
        folders.add(folder)
        letters = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("inbox/*.eml")]
        assert len(letters) >= 12
        assert {str(letter["From"]) for letter in letters} == {"서울연구원 <no-reply@news.example.org>"}
        assert f"{len(letters)} of {len(letters)} subscribers got it" in ended.stderr
    assert len(folders) == 2
    assert list(tmp_path.iterdir()) == []
    assert room.mail == []


def test_in_a_workspace_it_shows_the_newest_issue_and_changes_nothing(workspace: Path, room: Mailroom) -> None:
    before = sorted(path for path in workspace.rglob("*"))
    ended = newsletter("demo", "--no-browser", cwd=workspace, NEWSLETTER_SMTP__URL=room.url)
    assert ended.returncode == 0, ended.stderr
    assert "2026-11" in ended.stderr
    assert sorted(path for path in workspace.rglob("*")) == before
    assert room.mail == []


def test_a_broken_issue_is_told_and_sends_nothing(workspace: Path) -> None:
    (workspace / "issues" / "2026-11.yaml").write_text("title: [서울] 소식\n", encoding="utf-8")
    ended = newsletter("demo", "--no-browser", cwd=workspace)
    assert ended.returncode in {64, 65}, ended
    assert "2026-11.yaml" in ended.stderr


class Screen:
    """A process on a terminal, and what it writes there."""

    def __init__(self, process: subprocess.Popen[bytes], output: IO[bytes]) -> None:
        self.process = process
        self._output = output
        self.text = ""

    def wait_for(self, pattern: str) -> str:
        """Read on until the pattern is there; the match."""
        while not (match := re.search(pattern, self.text)):
            self.text += self._output.read(4096).decode()
        return match[0]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Screen]:
    """A demo on a terminal of its own, with a browser that opens nothing."""
    screen, terminal = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "demo"],
        cwd=tmp_path,
        env=environment(BROWSER="true %s"),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    ) as process:
        os.close(terminal)
        with os.fdopen(screen, "rb", buffering=0) as output:
            yield Screen(process, output)
            process.kill()


def test_on_a_terminal_its_page_shows_the_mail_and_one_click_works(demo: Screen) -> None:
    demo.wait_for("Ctrl-C ends")
    url = demo.wait_for(r"http://127\.0\.0\.1:\d+")
    folder = Path(demo.wait_for(r"\S*newsletter-demo-\S+"))
    letter = message_from_bytes(next(folder.glob("inbox/*.eml")).read_bytes(), policy=policy.default)
    link = str(letter["List-Unsubscribe"]).strip("<>")
    assert link.startswith(f"{url}/u/")
    with httpx.Client(trust_env=False) as client:
        assert "신성장동력" in client.get(url).text
        offered = client.get(link)
        assert offered.status_code == 200
        assert "One-Click" in offered.text
        assert client.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        assert "One-Click" not in client.get(link).text
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(30) == 0
