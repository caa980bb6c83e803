"""What watches a run: the file for Prometheus and the heartbeat, also where the run, or its settings, are broken."""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from newsletter.__main__ import exit_code_of
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.subscription_state import SubscriptionState
from newsletter.ledger.subscriptions import Subscription
from newsletter.workflow.control import pause
from newsletter.workflow.steps.after_run import DUE, watched
from newsletter.workflow.steps.keys import links_of
from tests.support.books import begun_long_ago
from tests.support.faulty_site import Site, faulty_site, status
from tests.support.mailroom import Mailroom
from tests.support.repository import ROOT
from tests.workflow.conftest import Cron, Reload, approve, write_issue

HOUR = timedelta(hours=1)
LIST = "issue-curator.news.example.org"


@pytest.fixture
def site() -> Iterator[Site]:
    codes = ("", "/69", "/70", "/77", "/78")
    with faulty_site(lambda _: {f"/ping{code}": status(200) for code in codes}) as running:
        yield running


def read(file: Path) -> dict[str, dict[str, float]]:
    """Name -> labels but the newsletter's, as text -> value."""
    found: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(file.read_text("utf-8")):
        for sample in family.samples:
            assert sample.labels.pop("newsletter", LIST) == LIST
            found.setdefault(family.name, {})[" ".join(sample.labels.values())] = sample.value
    return found


def watch(cron: Cron, file: Path | None) -> tuple[int, list[str]]:
    """A run of cron, and what is said after it."""
    said: list[str] = []
    code = watched(
        cron.run, cron.workspace, command=DUE, metrics=file, warn=lambda words: said.append(str(words)), now=cron.now
    )
    return code, said


def test_the_file_says_how_it_stands_and_names_nobody(cron: Cron, room: Mailroom, tmp_path: Path) -> None:
    file = tmp_path / "collector" / "letter.prom"
    room.replies = {"jane@example.org": "550 5.1.1 <jane@example.org>: no such user"}
    write_issue(tmp_path, due=HOUR)
    approve(cron.workspace)
    assert watch(cron, file) == (0, [])
    pause(cron.workspace, "2026-11")
    write_issue(tmp_path, "2026-12", due=HOUR, more="author: 홍길동\n")
    write_issue(tmp_path, "2026-09", due=timedelta(days=20))
    write_issue(tmp_path, "2026-01", due=timedelta(days=200))
    assert watch(cron, file) == (77, [])
    numbers = read(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert numbers["newsletter_run_exit_code"] == {DUE: 77}
    assert 0 < numbers["newsletter_run_duration_seconds"][DUE] < 60
    assert abs(numbers["newsletter_run_timestamp_seconds"][DUE] - datetime.now(UTC).timestamp()) < 60
    states = numbers["newsletter_deliveries"]
    assert (states["2026-11 sent"], states["2026-11 failed"], len(states)) == (2, 1, 10)
    assert numbers["newsletter_issues_due"] == {"": 1}
    assert numbers["newsletter_issues_missed"] == {"": 1}
    assert numbers["newsletter_ledger_ok"] == {"": 1}
    assert numbers["newsletter_subscriber_rows"] == {"": 3}
    assert numbers["newsletter_sign_ups"] == {"": 0}
    assert numbers["newsletter_deliveries_in_doubt"] == {"": 0}
    assert "@" not in file.read_text("utf-8")
    manual = (ROOT / "docs" / "operating.md").read_text("utf-8")
    assert [name for name in numbers if f"`{name}`" not in manual] == []


def test_who_signed_up_is_counted_beside_the_file_and_who_left_is_not(cron: Cron, tmp_path: Path) -> None:
    file, of, now = tmp_path / "letter.prom", links_of(cron.workspace, create=True).address_hash, datetime.now(UTC)
    people = {name: f"{name}@example.net" for name in ("here", "left", "bad", "asked")}
    states = dict.fromkeys(people, SubscriptionState.CONFIRMED) | {"asked": SubscriptionState.UNCONFIRMED}
    rows = [Subscription(of(key), key, key, states[name]) for name, key in people.items()]
    with open_ledger(cron.workspace, Purpose.BEGINNING) as ledger:
        ledger.subscribe(LIST, rows, now)
        ledger.choose(LIST, of("jane@example.org"), language="en", now=now)
        ledger.suppress_hashes(LIST, [of(people["left"])], reason="unsubscribed", now=now)
        ledger.suppress("*", key=people["bad"], reason="bad address", now=now)
    assert watch(cron, file) == (0, [])
    assert (read(file)["newsletter_sign_ups"], read(file)["newsletter_subscriber_rows"]) == ({"": 1}, {"": 3})


def test_a_ledger_that_cannot_be_read_is_a_number(cron: Cron, tmp_path: Path) -> None:
    write_issue(tmp_path, due=HOUR)
    for path in cron.workspace.state.glob("ledger.db*"):
        path.unlink()
    file = tmp_path / "letter.prom"
    assert watch(cron, file)[0] == 78
    numbers = read(file)
    assert (numbers["newsletter_ledger_ok"], numbers["newsletter_issues_due"]) == ({"": 0}, {"": 1})
    assert "newsletter_deliveries" not in numbers


def test_a_file_that_cannot_be_written_is_told_daily_and_changes_no_exit_code(cron: Cron, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    cron.now = datetime.now(UTC)
    told = []
    for hours in (0, 1, 25):
        cron.now += timedelta(hours=hours)
        code, said = watch(cron, tmp_path / "folder")
        assert code == 0
        told += said
    assert [f"The metrics cannot be written to {tmp_path / 'folder'}: " in one for one in told] == [True, True]
    assert list(tmp_path.glob(".folder-*")) == []


def test_a_device_is_not_replaced_and_a_link_stays_one(cron: Cron, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "device")
    (tmp_path / "link.prom").symlink_to(tmp_path / "a.prom")
    assert "it is no file" in watch(cron, tmp_path / "device")[1][0]
    assert (tmp_path / "device").is_fifo()
    assert watch(cron, tmp_path / "link.prom") == (0, [])
    assert (tmp_path / "link.prom").is_symlink()
    assert read(tmp_path / "a.prom")["newsletter_run_exit_code"] == {DUE: 0}


def test_a_run_that_raises_is_counted_as_a_failure(cron: Cron, site: Site, tmp_path: Path) -> None:
    def break_off() -> int:
        raise ZeroDivisionError

    with_heartbeat(cron, site)
    with pytest.raises(ZeroDivisionError):
        watched(break_off, cron.workspace, command=DUE, metrics=tmp_path / "a.prom", warn=print)
    assert read(tmp_path / "a.prom")["newsletter_run_exit_code"] == {DUE: 70}
    assert [one.path for one in site.asked] == ["/ping/70"]


def with_heartbeat(cron: Cron, site: Site) -> None:
    cron.workspace.settings.operator.__dict__["heartbeat"] = site.url("/ping")


def test_each_run_of_cron_beats_and_one_that_failed_says_so(cron: Cron, site: Site, tmp_path: Path) -> None:
    with_heartbeat(cron, site)
    assert watch(cron, None) == (0, [])
    write_issue(tmp_path, due=HOUR)
    assert watch(cron, None) == (77, [])
    watched(lambda: 0, cron.workspace, command="send", metrics=None, warn=print)
    assert [one.path for one in site.asked] == ["/ping", "/ping/77"], "a send by hand is no sign that cron lives"


def test_a_service_that_is_gone_is_told_daily_and_anew_when_it_was_back(cron: Cron, site: Site) -> None:
    with_heartbeat(cron, site)
    cron.now = datetime.now(UTC)
    told = []
    for answer in (404, 404, 200, 404):
        site.pages["/ping"] = status(answer)
        told.append(watch(cron, None)[1])
    assert [len(said) for said in told] == [1, 0, 0, 1]
    assert told[0] == [f"The heartbeat did not reach {site.url('/')}***: it answered 404"]


@pytest.mark.parametrize("broken", ['bogus = "1"\n', "name = = 1\n"])
def test_settings_that_cannot_be_read_are_a_failure_that_is_heard(
    open_workspace: Reload, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    open_workspace()
    with (tmp_path / "newsletter.toml").open("a", encoding="utf-8") as file:
        file.write(f"[operator]  # cron\nheartbeat = '{site.url('/ping')}'\n{broken}")
    monkeypatch.chdir(tmp_path)
    assert exit_code_of(["send", "--due", "--metrics", "a.prom"]) == 78
    assert [one.path for one in site.asked] == ["/ping/78"]
    assert read(tmp_path / "a.prom")["newsletter_run_exit_code"] == {DUE: 78}


def test_an_address_in_the_environment_is_found_as_well(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "newsletter.toml").write_text("", encoding="utf-8")
    (tmp_path / "heartbeat").write_text(site.url("/ping") + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSLETTER_OPERATOR__HEARTBEAT_FILE", str(tmp_path / "heartbeat"))
    assert exit_code_of(["send", "--due"]) == 78
    assert [one.path for one in site.asked] == ["/ping/78"]


def test_the_command_writes_where_the_setting_says(
    open_workspace: Reload, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: Mailroom
) -> None:
    open_workspace()
    begun_long_ago(tmp_path)
    write_issue(tmp_path, due=HOUR)
    monkeypatch.chdir(tmp_path / "issues")
    environ = {"SMTP__URL": room.url, "OPERATOR__METRICS": "build/a.prom", "OPERATOR__HEARTBEAT": site.url("/ping")}
    for name, value in {**environ, "SCHEDULE__REQUIRE_APPROVAL": "false"}.items():
        monkeypatch.setenv(f"NEWSLETTER_{name}", value)
    assert exit_code_of(["--quiet", "send", "--due"]) == 0
    assert read(tmp_path / "build" / "a.prom")["newsletter_deliveries"]["2026-11 sent"] == 3
    assert exit_code_of(["--quiet", "send", "2026-11", "--yes", "--metrics", "b.prom"]) == 0
    assert read(tmp_path / "issues" / "b.prom")["newsletter_run_exit_code"] == {"send": 0}
    assert [one.path for one in site.asked] == ["/ping"]
