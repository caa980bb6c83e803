"""What `init` and `new` wrote goes to nobody before it is replaced, and nothing leaves the machine from example.org."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.issue.scaffold import init_workspace
from newsletter.settings.load import find_workspace
from newsletter.workflow.demo import run_demo
from tests.support.cli import newsletter
from tests.support.filled_in import OWN, fill_in
from tests.support.mailroom import Mailroom

OUTSIDE = "smtp://192.0.2.25:25"
"""A relay that is nowhere (RFC 5737): what asks it is refused before that, or fails at once in the network."""
REAL = {
    "NEWSLETTER_NEWSLETTER__LIST_ID": "letter.si.re.kr",
    "NEWSLETTER_SENDER__ADDRESS": "no-reply@si.re.kr",
    "NEWSLETTER_INSTITUTE__WEBSITE": "https://www.si.re.kr",
}
PLACE = re.compile(r"^(newsletter\.toml|issues/2026-11\.yaml):\d+:\d+: .*\[stand-in\]$", re.MULTILINE)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Nothing edited, but that there are subscribers."""
    root = tmp_path / "letter"
    assert newsletter("init", str(root), cwd=tmp_path).returncode == 0
    (path,) = (root / "issues").glob("*.yaml")
    path.rename(root / "issues" / "2026-11.yaml")
    (root / "subscribers.example.csv").rename(root / "subscribers.csv")
    return root


def begin_ledger_and_be_due(root: Path, **environ: str) -> None:
    """In this order, since what was due before there was a ledger is not begun by cron."""
    assert newsletter("ledger", "init", cwd=root, **environ).returncode == 0
    path = root / "issues" / "2026-11.yaml"
    due = f"publish_at: {datetime.now(UTC).isoformat()}\n"
    path.write_text(due + path.read_text(encoding="utf-8"), encoding="utf-8")


def test_a_new_workspace_leads_and_sends_nothing(new: Path, room: Mailroom) -> None:
    relay = {"NEWSLETTER_SMTP__URL": room.url}
    led = newsletter("check", "2026-11", cwd=new, **relay)
    assert led.returncode == 0
    assert led.stdout.count("[stand-in]") > 10
    assert led.stdout.count("[example-address]") == 3
    approving = newsletter("approve", "2026-11", "--yes", cwd=new, **relay)
    assert approving.returncode == 65
    told = PLACE.findall(approving.stderr)
    assert (told.count("newsletter.toml"), told.count("issues/2026-11.yaml")) == (7, 12)
    assert "[example-address]" not in approving.stderr
    alone = relay | {"NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false"}
    assert newsletter("send", "2026-11", "--yes", cwd=new, **alone).returncode == 65
    assert newsletter("send", "2026-11", "--dry-run", cwd=new, **alone).returncode == 65
    begin_ledger_and_be_due(new)
    cron = newsletter("--quiet", "send", "--due", cwd=new, **alone)
    assert (cron.returncode, "[stand-in]" in cron.stderr) == (65, True)
    assert room.mail == []


def test_what_was_filled_in_goes_out_on_this_machine(new: Path, room: Mailroom) -> None:
    fill_in(new, "2026-11")
    assert newsletter("approve", "2026-11", "--yes", cwd=new).returncode == 0
    sent = newsletter("send", "2026-11", "--yes", cwd=new, NEWSLETTER_SMTP__URL=room.url)
    assert sent.returncode == 0, sent.stderr
    assert len(room.mail) == 3


def test_the_issue_of_new_is_a_sample_too(new: Path) -> None:
    fill_in(new)
    assert newsletter("new", "2026-12", cwd=new).returncode == 0
    refused = newsletter("approve", "2026-12", "--yes", cwd=new)
    assert (refused.returncode, refused.stderr.count("[stand-in]")) == (65, 12)
    assert "newsletter.toml" not in refused.stderr


@pytest.mark.parametrize("sample", OWN)
def test_one_sample_that_was_overlooked_is_enough(new: Path, sample: str) -> None:
    fill_in(new, "2026-11")
    toml = new / "newsletter.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace(OWN[sample], sample), encoding="utf-8")
    refused = newsletter("approve", "2026-11", "--yes", cwd=new)
    assert (refused.returncode, sample in refused.stderr) == (65, True)


COMMANDS: dict[str, tuple[str, ...]] = {
    "send": ("send", "2026-11", "--yes"),
    "due": ("send", "--due"),
    "proof": ("send", "2026-11", "--to", "hong@example.com"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("lacks", REAL)
def test_from_an_address_of_nobody_nothing_leaves_the_machine(new: Path, command: str, lacks: str) -> None:
    fill_in(new, "2026-11")
    environ = {name: value for name, value in REAL.items() if name != lacks} | {"NEWSLETTER_SMTP__URL": OUTSIDE}
    begin_ledger_and_be_due(new, **environ)
    assert newsletter("approve", "2026-11", "--yes", cwd=new, **environ).returncode == 0
    refused = newsletter(*COMMANDS[command], cwd=new, **environ)
    assert refused.returncode == 65, refused.stderr
    assert re.search(r"newsletter\.toml:\d+:1: \S+: nobody is at \S+, and the relay 192\.0\.2\.25", refused.stderr)


def test_what_was_planned_as_a_trial_does_not_leave_later(new: Path, room: Mailroom) -> None:
    fill_in(new, "2026-11")
    assert newsletter("approve", "2026-11", "--yes", cwd=new).returncode == 0
    canary = newsletter("send", "2026-11", "--yes", "--first", "1", cwd=new, NEWSLETTER_SMTP__URL=room.url)
    assert canary.returncode == 0, canary.stderr
    assert newsletter("resume", "2026-11", cwd=new).returncode == 0
    refused = newsletter("send", "2026-11", "--yes", cwd=new, NEWSLETTER_SMTP__URL=OUTSIDE)
    assert (refused.returncode, "newsletter cancel 2026-11" in refused.stderr) == (77, True)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_demo_shows_the_sample_as_it_is(tmp_path: Path, language: str) -> None:
    init_workspace(tmp_path / "letter", language=language)
    source = find_workspace(tmp_path / "letter", explicit=None, environ={"NEWSLETTER_SMTP__URL": OUTSIDE})
    demo = run_demo(source, tmp_path / "demo", pages_url="http://127.0.0.1:1", advance=lambda *_: None)
    assert len(list(demo.inbox.iterdir())) == 3
