"""A worker in this process: which newsletters it serves, what it waits for, and what it says once. A relay is here."""

import os
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.catalogue import Said, phrase
from newsletter.errors import CannotWriteError
from newsletter.ledger.leases import Lease
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.machine_tables import relay_settings
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.worker_ledger import WorkerLedger
from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace
from newsletter.workflow import worker
from newsletter.workflow.control import cancel, resume
from newsletter.workflow.steps import worker_loop
from newsletter.workflow.steps.plan import plan_dispatch
from newsletter.workflow.steps.prepare import prepare
from newsletter.workflow.steps.worker_place import bare_place, open_for_work
from newsletter.workflow.worker import work, worker_status
from newsletter.workflow.workers import read_workers
from tests.support.books import LIST, NOW
from tests.support.mailroom import Mailroom, mailroom
from tests.workflow.conftest import TOML, Reload, write_issue

OTHER = "other.news.example.org"
SLUG = "2026-11"
MANY = 60
OPEN = {"NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false"}


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_loop, "_LOOK_EVERY", 0.02)
    monkeypatch.setattr(worker, "_OPEN_AGAIN", 0.02)


@pytest.fixture
def here(open_workspace: Reload) -> Workspace:
    return open_workspace(**OPEN)


def plan(workspace: Workspace) -> int:
    with open_ledger(workspace, Purpose.SENDING) as ledger:
        return plan_dispatch(workspace, ledger, prepare(workspace, SLUG)).id


class Working:
    """A worker that is asked to end once `meanwhile`, in a thread of its own, has seen what it waits for."""

    def __init__(self) -> None:
        self.status = worker_status()
        self.said: list[str] = []
        self.warned: list[str] = []
        self._heard = threading.Condition()
        self.has_ended = threading.Event()

    def until_said(self, words: str) -> None:
        with self._heard:
            assert self._heard.wait_for(lambda: words in "\n".join(self.said), 60), self.said

    def run(
        self, place: Workspace, meanwhile: Callable[[], None], environ: Mapping[str, str] = {}, only: str = ""
    ) -> int:
        def wait() -> None:
            try:
                meanwhile()
            finally:
                if not self.has_ended.is_set():
                    os.kill(os.getpid(), signal.SIGTERM)

        thread = threading.Thread(target=wait)
        thread.start()
        try:
            return work(
                place, self.status, say=self._say, warn=self._warn, environ=environ, only=[only] if only else ()
            )
        finally:
            self.has_ended.set()
            thread.join()

    def _say(self, words: Said) -> None:
        with self._heard:
            self.said.append(str(words))
            self._heard.notify_all()

    def _warn(self, words: Said) -> None:
        self.warned.append(str(words))
        self._say(words)


@pytest.fixture
def other(tmp_path: Path, room: Mailroom, here: Workspace) -> Workspace:
    """A second newsletter with a ledger and a secret in common."""
    root = tmp_path / "other"
    root.mkdir()
    (root / "newsletter.toml").write_text(TOML.replace(LIST, OTHER), encoding="utf-8")
    (root / "subscribers.csv").write_text("email,name\nnovember@example.org,\n", encoding="utf-8")
    write_issue(root, more="author: 다른 사람\n")
    environ = {
        **OPEN,
        "NEWSLETTER_SMTP__URL": room.url,
        "NEWSLETTER_LEDGER__URL": f"sqlite:///{here.state}/ledger.db",
        "NEWSLETTER_LINKS__SECRET_FILE": str(here.secret_file),
    }
    return find_workspace(root, explicit=None, environ=environ)


@pytest.fixture
def empty(tmp_path: Path, here: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A folder without a file; what it needs comes from the environment, once there is a secret."""

    folder = tmp_path / "empty"
    folder.mkdir()
    place = bare_place(folder, {"NEWSLETTER_LEDGER__URL": f"sqlite:///{here.state}/ledger.db"})
    plan(here)
    monkeypatch.setenv("NEWSLETTER_SECRET_KEY", here.secret_file.read_text(encoding="ascii").strip())
    return place


@pytest.fixture
def empty_of_many(request: pytest.FixtureRequest, here: Workspace) -> Workspace:
    """The same, where an issue for MANY waits."""
    rows = "".join(f"reader{number}@example.com,\n" for number in range(MANY))
    here.csv.write_text(f"email,name\n{rows}", encoding="utf-8")
    found: Workspace = request.getfixturevalue("empty")
    return found


def test_several_newsletters_of_one_ledger_are_served_or_only_one(
    other: Workspace, empty: Workspace, room: Mailroom
) -> None:
    with open_ledger(other, Purpose.READ) as ledger:
        ledger.add_newsletter(OTHER, NOW)
    plan(other)
    first, second = Working(), Working()
    assert first.run(empty, lambda: first.until_said("1 sent"), only=OTHER) == 0
    assert room.recipients() == ["november@example.org"]
    assert second.run(empty, lambda: second.until_said("3 sent")) == 0
    assert sorted(room.recipients()[1:]) == ["hong@example.com", "jane@example.org", "kim@example.net"]


def in_ledger(place: Workspace, change: Callable[[Ledger], object]) -> None:
    with open_ledger(place, Purpose.READ) as ledger:
        change(ledger)


def test_without_published_settings_it_waits_says_so_once_and_goes_on(
    here: Workspace, empty: Workspace, room: Mailroom
) -> None:
    with open_ledger(empty, Purpose.READ) as ledger, ledger._database.write() as connection:
        connection.execute(sa.delete(relay_settings))
    working = Working()

    def publish() -> None:
        working.until_said("no relay settings")
        assert room.mail == []
        resume(here, SLUG)
        room.wait_for(3)

    assert working.run(empty, publish) == 0
    assert [words.splitlines()[0] for words in working.warned] == [
        f"{LIST}: {SLUG} is not sent from here: the ledger has no relay settings for {LIST}"
    ]


def test_a_letter_whose_page_is_not_published_waits_for_it(
    empty: Workspace, room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = "newsletter.ledger.planning.Planning.letterhead"
    real = Ledger.letterhead
    monkeypatch.setattr(head, lambda *of: replace(real(*of), archive_url="https://news.example.org/archive/"))
    working = Working()

    def publish() -> None:
        working.until_said("are not published yet")
        assert room.mail == []
        in_ledger(empty, lambda ledger: ledger.page_published(1, 1, ledger.record(1).planned_at))
        room.wait_for(3)

    assert working.run(empty, publish) == 0
    assert len(working.warned) == 1


def test_a_relay_that_is_down_is_told_once_and_shown(empty: Workspace, room: Mailroom) -> None:
    working = Working()
    away = {"NEWSLETTER_SMTP__URL": "smtp://127.0.0.1:9"}

    def look() -> None:
        working.until_said("ask whoever runs the relay")
        health = working.status.health()
        assert (health.is_alive, health.is_ready, len(health.troubles)) == (True, False, 1)
        assert "newsletter_worker_ready 0\n" in health.to_prometheus()

    assert working.run(empty, look, away) == 0
    assert len(working.warned) == 1
    assert room.mail == []
    assert read_workers(empty).workers == []


def test_a_server_that_comes_back_is_told_and_used(
    empty: Workspace, room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([True, False, False, False])
    real = Ledger.take_back

    def take_back(ledger: Ledger, now: datetime, mine: Lease | None = None) -> None:
        if not next(answers, True):
            raise CannotWriteError(phrase("ledger.lease.lost"))
        real(ledger, now, mine)

    monkeypatch.setattr(Ledger, "take_back", take_back)
    working = Working()

    def look() -> None:
        working.until_said("The ledger answers again")
        room.wait_for(3)

    assert working.run(empty, look) == 0
    assert sum("does not answer" in words for words in working.warned) == 1


def test_a_run_that_began_with_other_settings_ends_and_goes_on_with_those_that_were_published(
    open_workspace: Reload, empty_of_many: Workspace, room: Mailroom, tmp_path_factory: pytest.TempPathFactory
) -> None:
    working, room.delay = Working(), 0.05
    with mailroom(tmp_path_factory.mktemp("new")) as new:

        def publish() -> None:
            room.wait_for(3)
            resume(open_workspace(**OPEN, NEWSLETTER_SMTP__URL=new.url), SLUG)
            working.until_said("other relay settings were published")
            new.wait_for(1)
            new.wait_for(MANY - len(room.mail))

        assert working.run(empty_of_many, publish) == 0
    assert sorted([*room.recipients(), *new.recipients()]) == sorted(f"reader{n}@example.com" for n in range(MANY))


def test_where_nothing_is_planned_it_waits(empty: Workspace, here: Workspace, room: Mailroom) -> None:
    cancel(here, SLUG)
    working = Working()
    assert working.run(empty, lambda: working.until_said("Sends what waits")) == 0
    assert (room.mail, working.warned) == ([], [])


def test_a_signal_while_the_ledger_is_being_opened_ends_it(here: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    plan(here)
    working, ended_by_it = Working(), list[bool]()

    def signalled(place: Workspace) -> WorkerLedger:
        assert not working.status.health().is_ready
        found = open_for_work(place)
        os.kill(os.getpid(), signal.SIGTERM)
        return found

    def wait() -> None:  # for its end; only where that does not come is there a second signal
        ended_by_it.append(working.has_ended.wait(20))

    monkeypatch.setattr(worker, "open_for_work", signalled)
    assert (working.run(here, wait), ended_by_it) == (0, [True])
    assert not working.status.is_starting
