"""A newsletter with real servers round it, as an institute has them, and a reader who meets it by keyboard alone.

nginx with TLS stands before `newsletter serve`, set up with the block of the manual; Postfix relays and returns what is
for nobody; Dovecot keeps the mailbox of what comes back; Chromium is the reader's browser. Touches: processes, disk.
"""

import json
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.support.browser import chromium
from tests.support.cli import newsletter, started
from tests.support.dovecot import PASSWORD, Dovecot, dovecot
from tests.support.filled_in import fill_in
from tests.support.post_office import PostOffice, post_office
from tests.support.repository import ROOT
from tests.support.web_servers import WebServer, nginx, readable_folder

HONG, JANE, KIM, GONE = "gildong@example.com", "jane@example.org", "kim@example.net", "gone@example.net"
BOUNCES, COMPLAINTS, LEAVE = "bounces@news.example.org", "complaints@news.example.org", "leave@news.example.org"
OLD_LIST = f"email,name,language\n{KIM},,ko\n{GONE},,ko\n{JANE},Jane Doe,en\n"
_HUMAN = 120
"""Milliseconds from key to key: a form that comes back within two seconds was filled in by no person."""
_SETTINGS = """
[subscribe]
languages = ["ko", "en"]
[returns]
ca_file = "{ca_file}"
"""
_SENDER = f"""[sender]
bounce_address = "{BOUNCES}"
cfbl_address = "{COMPLAINTS}"
verp = true
"""


@dataclass
class Life:
    """The institute's workspace, its servers, and the reader's browser."""

    workspace: Path
    office: PostOffice
    returned: Dovecot
    web: WebServer
    page: Page

    @property
    def imap(self) -> str:
        return f"imaps://bounces%40example.org@localhost:{self.returned.tls_port}"

    def run(self, *words: str, code: int = 0, **environ: str) -> str:
        """A command of the institute's people; what it prints."""
        relay = {"NEWSLETTER_SMTP__URL": self.office.url, "NEWSLETTER_RETURNS__PASSWORD": PASSWORD}
        ended = newsletter(*words, cwd=self.workspace, **relay, **environ)
        assert ended.returncode == code, f"{words}: {ended.returncode}\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout

    def told(self, *words: str) -> dict[str, object]:
        answer: dict[str, object] = json.loads(self.run(*words, "--json"))
        return answer

    def states(self, slug: str) -> dict[str, int]:
        """How many are in which state; the total is theirs."""
        answer = json.loads(self.run("status", slug, "--json"))
        assert sum(answer["states"].values()) == answer["total"]
        return {state: count for state, count in answer["states"].items() if count}

    def write(self, slug: str, korean: tuple[str, str], english: tuple[str, str]) -> None:
        """An issue with a translation, due now and approved."""
        due = datetime.now().astimezone().replace(microsecond=0)
        (self.workspace / "issues" / f"{slug}.yaml").write_text(
            f"title: {korean[0]}\npublish_at: {due.isoformat()}\nintro: |\n"
            f'  {{{{ subscriber.name | default("구독자") }}}}님, 안녕하세요.\n\n  {korean[1]}\n'
            f"translations:\n  en:\n    title: {english[0]}\n    intro: |\n"
            f'      Dear {{{{ subscriber.name | default("reader") }}}},\n\n      {english[1]}\n',
            encoding="utf-8",
        )
        self.run("approve", slug, "--yes", "--by", "Jane Doe")

    def returns(self) -> dict[str, object]:
        """What `newsletter returns` says of the mailbox; nothing is left in it."""
        told = self.told("returns", "--imap", self.imap)
        assert self.returned.messages() == []
        return told

    def shown(self, address: str) -> tuple[list[str], list[str]]:
        """What suppresses an address, and what came back of its letters."""
        known = json.loads(self.run("subscribers", "show", address, "--json"))
        lifted = [one["until"] for one in known["suppressions"] if one["until"]]
        assert lifted == []
        return [one["reason"] for one in known["suppressions"]], [one["event"] for one in known["returns"]]

    def complain(self, letter: EmailMessage) -> None:
        """As the reader's provider does (RFC 5965), at the address that the letter names for it (RFC 9477)."""
        report = EmailMessage(policy=SMTP)
        report["From"] = "feedback@isp.example.net"
        report["To"] = str(letter["CFBL-Address"]).partition(";")[0]
        report["Subject"] = "FW: " + str(letter["Subject"])
        report.set_content("This is an email abuse report.")
        report.make_mixed()
        report.set_param("report-type", "feedback-report")
        report.replace_header("Content-Type", report["Content-Type"].replace("multipart/mixed", "multipart/report"))
        said = EmailMessage(policy=SMTP)
        said["Content-Type"] = "message/feedback-report"
        said.set_payload("Feedback-Type: abuse\r\nUser-Agent: ISP/1.0\r\nVersion: 1\r\n")
        report.attach(said)
        report.add_attachment(letter)
        self.office.submit("feedback@isp.example.net", report["To"], report)

    def tab_to(self, selector: str) -> None:
        """By the key alone; AssertionError where it leads nowhere."""
        for _ in range(40):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("what => document.activeElement.matches(what)", selector):
                return
        raise AssertionError(f"no way to {selector} by keyboard:\n{self.page.content()}")

    def press(self, selector: str) -> str:
        """A button or link by the enter key; the heading of the page that it leads to."""
        self.tab_to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self.heading()

    def type(self, selector: str, words: str) -> None:
        self.tab_to(selector)
        self.page.keyboard.type(words, delay=_HUMAN)

    def open(self, address: str) -> str:
        """The heading of the page."""
        self.page.goto(address)
        return self.heading()

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()


def link_in(letter: EmailMessage, what: str) -> str:
    """The link of a mail's text that has `what` in its path."""
    text = letter.get_body(("plain",))
    assert text is not None
    found = re.search(rf"https://localhost:\d+/{what}/[^\s>)]+", text.get_content())
    assert found, text.get_content()
    return found[0]


@contextmanager
def a_life(folder: Path) -> Iterator[Life]:
    with ExitStack() as servers:
        returned = servers.enter_context(dovecot())
        homes = servers.enter_context(readable_folder())
        ours = dict.fromkeys((BOUNCES, COMPLAINTS, LEAVE), returned.inbox)
        office = servers.enter_context(post_office(homes, (HONG, JANE, KIM), ours))
        port = _free_port()
        web_folder = servers.enter_context(readable_folder())
        web = servers.enter_context(nginx(web_folder, _site_of_the_manual(port), web_folder / "log"))
        workspace = _workspace(folder, str(web.client.base_url).rstrip("/"), returned)
        browser = servers.enter_context(chromium())
        life = Life(workspace, office, returned, web, _page(browser))
        life.run("ledger", "init")
        servers.enter_context(_serving(life, port))
        yield life


@contextmanager
def _serving(life: Life, port: int) -> Iterator[None]:
    serving = started("serve", "--port", str(port), cwd=life.workspace, NEWSLETTER_SMTP__URL=life.office.url)
    with serving:
        assert serving.stdout is not None
        assert serving.stdout.readline().strip() == f"http://127.0.0.1:{port}"
        try:
            yield
        finally:
            serving.send_signal(signal.SIGTERM)
            assert serving.wait(30) == 0


def _workspace(folder: Path, pages_url: str, returned: Dovecot) -> Path:
    root = folder / "우리 뉴스레터"
    assert newsletter("init", str(root), cwd=folder).returncode == 0
    for sample in (root / "issues").glob("*.yaml"):
        sample.unlink()
    fill_in(root)
    toml = root / "newsletter.toml"
    text = toml.read_text(encoding="utf-8")
    for empty, filled in {
        'pages_url = ""': f'pages_url = "{pages_url}"',
        'unsubscribe_mailto = ""': f'unsubscribe_mailto = "{LEAVE}"',
        "[sender]\n": _SENDER,
    }.items():
        assert empty in text
        text = text.replace(empty, filled)
    toml.write_text(text + _SETTINGS.format(ca_file=returned.ca.ca_file), encoding="utf-8")
    (root / "subscribers.csv").write_text(OLD_LIST, encoding="utf-8")
    return root


def _site_of_the_manual(port: int) -> str:
    manual = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    block = re.search(r"```nginx\n(server \{\n.*?\n\})\n```", manual, re.DOTALL)
    assert block
    assert "http://127.0.0.1:8025;" in block[1]
    return block[1].replace("127.0.0.1:8025", f"127.0.0.1:{port}")


def _page(browser: Browser) -> Page:
    page = browser.new_context(locale="ko-KR", ignore_https_errors=True).new_page()
    page.set_default_timeout(30_000)
    return page


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
