"""Mails that ask go behind the pages' backs: each once, again after an outage, never to whom a relay refused."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa
import time_machine

from newsletter.catalogue import Said
from newsletter.ledger.database import Database
from newsletter.ledger.people_ledger import PeopleLedger
from newsletter.ledger.people_tables import sign_ups
from newsletter.ledger.sign_ups import SignUp, ToAsk
from newsletter.message.message import Envelope, Message
from newsletter.settings.model import SmtpTable
from newsletter.settings.workspace import Workspace
from newsletter.smtp.server import SMTPServer
from newsletter.workflow.steps.mail_askers import AskerMails, MakeMail
from newsletter.workflow.steps.pages_ledger import PagesLedger
from tests.support.books import LIST, hash_of, workspace_at
from tests.support.mailroom import PATIENCE, Mailroom, mailroom
from tests.support.postgres import Cluster
from tests.support.smtp_script import scripted

REQUEST = SignUp("id", b"", "", "", "ko", "동의합니다.", "ko", "form", "https://news.example.org/subscribe")
SHORT = timedelta(milliseconds=20)
MINUTE = timedelta(minutes=1)
_Answer = TypeVar("_Answer")
GREYLISTED = "451 4.7.1 greylisted, try again"


class Heard:
    """What an operator was told, and how to wait for it."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._changed = threading.Condition()

    def __call__(self, said: Said) -> None:
        with self._changed:
            self.words.append(str(said))
            self._changed.notify_all()

    def wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.words) >= count, PATIENCE)


class WatchedLedger(PagesLedger):
    """One that tells when a carrier has asked for the next mail in vain."""

    def __init__(self, workspace: Workspace) -> None:
        self.nothing_is_due = threading.Event()
        super().__init__(workspace)

    def ask(self, question: Callable[[PeopleLedger], _Answer]) -> _Answer:
        answer = super().ask(question)
        if answer == []:
            self.nothing_is_due.set()
        return answer


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[PagesLedger]:
    opened = PagesLedger(workspace_at(tmp_path))
    yield opened
    opened.close()


def write(waiting: ToAsk) -> Message:
    data = f"From: a@news.example.org\r\nTo: {waiting.address}\r\nSubject: x\r\n\r\nx\r\n"
    return Message.of(Envelope("a@news.example.org", waiting.key), f"<{waiting.id}@x>", data.encode())


def asked(ledger: PagesLedger, *names: str) -> None:
    for name in names:
        key = f"{name}@example.com"
        request = replace(REQUEST, id=name, key=key, address=key, address_hash=hash_of(key))
        ledger.ask(partial(PeopleLedger.ask, newsletter=LIST, sign_up=request, limits=(), now=datetime.now(UTC)))


def rows(ledger: PagesLedger) -> dict[str, sa.Row[tuple[object, ...]]]:
    def read(book: PeopleLedger) -> dict[str, sa.Row[tuple[object, ...]]]:
        database: Database = book._database
        with database.read() as connection:
            return {row.id: row for row in connection.execute(sa.select(sign_ups))}

    return ledger.ask(read)


@contextmanager
def carrying(
    ledger: PagesLedger,
    root: Path,
    port: int,
    heard: Heard | None = None,
    *,
    rate: str = "20/s",
    make: MakeMail = write,
) -> Iterator[AskerMails]:
    settings = workspace_at(root).settings
    smtp = SmtpTable(url=f"smtp://127.0.0.1:{port}", rate=rate)
    settings = settings.model_copy(update={"smtp": smtp})
    server = SMTPServer.from_settings(settings)
    with AskerMails(settings, server, ledger, make, heard or Heard(), first_wait=SHORT) as mails:
        yield mails


@contextmanager
def relay(root: Path, **replies: str) -> Iterator[Mailroom]:
    with mailroom(root, replies={f"{name}@example.com": reply for name, reply in replies.items()}) as room:
        yield room


def test_each_is_asked_once_over_one_connection_and_by_two_carriers(tmp_path: Path, ledger: PagesLedger) -> None:
    names = [f"reader{number}" for number in range(12)]
    asked(ledger, *names)
    with relay(tmp_path) as room, ExitStack() as both:
        for _ in range(2):
            both.enter_context(carrying(ledger, tmp_path, room.port))
        room.wait_for(12)
    assert sorted(room.recipients()) == sorted(f"{name}@example.com" for name in names)
    assert room.commands.count("QUIT") <= 2
    kept = rows(ledger).values()
    assert all(row.mailed_at is not None and row.due_at is None for row in kept)


def test_who_comes_while_it_runs_is_carried_at_once(tmp_path: Path, ledger: PagesLedger) -> None:
    with relay(tmp_path) as room, carrying(ledger, tmp_path, room.port) as mails:
        for count, name in enumerate(("first", "second"), 1):
            asked(ledger, name)
            mails.wake()
            room.wait_for(count)


def test_a_dead_relay_is_told_once_and_everything_goes_when_it_is_back(tmp_path: Path, ledger: PagesLedger) -> None:
    asked(ledger, "first", "second")
    heard = Heard()
    with relay(tmp_path) as gone:
        port = gone.port
    with carrying(ledger, tmp_path, port, heard) as mails:
        heard.wait_for(1)
        assert all(row.mailed_at is None for row in rows(ledger).values())
    with relay(tmp_path) as room, carrying(ledger, tmp_path, room.port, heard):
        room.wait_for(2)
    assert mails is not None
    assert "wait; they are tried again" in heard.words[0]
    assert len(heard.words) == 1, "the second carrier met a relay that is there"


def test_a_relay_that_comes_back_is_told_too(tmp_path: Path, ledger: PagesLedger) -> None:
    asked(ledger, "first")
    heard = Heard()
    refusals = {"mail": ["550 5.7.1 you may not send", "421 4.3.2 closing"]}
    with scripted(refusals) as script, carrying(ledger, tmp_path, script.port, heard):
        heard.wait_for(2)
    assert script.recipients == ["first@example.com"]
    assert "you may not send" in heard.words[0]
    assert "sent again" in heard.words[1]


@pytest.mark.parametrize(
    ("reply", "tried_again"),
    [("550 5.1.1 no such user", False), (GREYLISTED, True), ("452 4.2.2 mailbox full", True)],
)
def test_what_is_said_of_one_is_about_that_one(
    tmp_path: Path, ledger: PagesLedger, reply: str, tried_again: bool
) -> None:
    asked(ledger, "first", "second")
    heard = Heard()
    with relay(tmp_path, first=reply) as room, carrying(ledger, tmp_path, room.port, heard):
        room.wait_for(1)
    assert room.recipients() == ["second@example.com"]
    assert heard.words == []
    first = rows(ledger)["first"]
    assert first.mailed_at is None
    assert (first.due_at is not None) == tried_again
    if tried_again:
        assert first.due_at > datetime.now(UTC) + timedelta(minutes=4)


def test_a_lost_link_carries_the_same_mail_once_more(tmp_path: Path, ledger: PagesLedger) -> None:
    asked(ledger, "first")
    heard = Heard()
    with scripted({"dot": ["drop"]}) as script, carrying(ledger, tmp_path, script.port, heard):
        heard.wait_for(2)
    assert len(script.bodies) == 2
    assert script.bodies[0] == script.bodies[1]


def test_windows_of_the_rate_hold_here_too(tmp_path: Path, ledger: PagesLedger) -> None:
    asked(ledger, "first", "second")
    heard = Heard()
    with relay(tmp_path) as room, carrying(ledger, tmp_path, room.port, heard, rate="1/h"):
        heard.wait_for(1)
    assert len(room.recipients()) == 1
    assert "used up" in heard.words[0]


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_machine_with_a_wrong_clock_takes_what_is_due_at_once_and_nothing_of_anothers(
    tmp_path: Path, postgres: Cluster, minutes: int
) -> None:
    """By the server's clock two are due, and the third is another's for five minutes more."""
    leases: dict[str, timedelta] = {}

    def look_and_write(waiting: ToAsk) -> Message:
        leases[waiting.id] = rows(book)[waiting.id].due_at - book.now()
        return write(waiting)

    book = WatchedLedger(workspace_at(tmp_path, postgres.schema()))
    with closing(book), relay(tmp_path, grey=GREYLISTED) as room:
        asked(book, "due", "grey", "taken")
        for name, wait in {"due": -2 * MINUTE, "grey": -MINUTE, "taken": 5 * MINUTE}.items():
            book.ask(partial(PeopleLedger.put_sign_up_off, id_=name, until=book.now() + wait))
        wrong = time_machine.travel(datetime.now(UTC) + minutes * MINUTE)
        with wrong, carrying(book, tmp_path, room.port, make=look_and_write):
            assert book.nothing_is_due.wait(PATIENCE)
        now, kept = book.now(), rows(book)
    assert room.recipients() == ["due@example.com"]
    assert leases.keys() == {"due", "grey"}
    assert all(14 * MINUTE < lease <= 15 * MINUTE for lease in leases.values())
    assert now - MINUTE < kept["due"].mailed_at <= now
    assert 4 * MINUTE < kept["grey"].due_at - now <= 5 * MINUTE
    assert (kept["taken"].tries, kept["taken"].mailed_at) == (0, None)


def test_a_process_that_stood_still_for_longer_than_its_lease_writes_no_dot(
    ledger: PagesLedger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another may have taken the mail meanwhile."""
    seconds, heard = [0.0], Heard()
    monkeypatch.setattr("newsletter.workflow.steps.mail_askers.boot_seconds", lambda: seconds[0])

    def write_after_a_long_sleep(waiting: ToAsk) -> Message:
        if not heard.words:
            seconds[0] += 901
        return write(waiting)

    asked(ledger, "first")
    with relay(tmp_path) as room, carrying(ledger, tmp_path, room.port, heard, make=write_after_a_long_sleep):
        heard.wait_for(1)
        (row,) = rows(ledger).values()
    assert "wait; they are tried again" in heard.words[0]
    assert room.recipients() == []
    # It is not put off either: it is whoever's has it now.
    assert row.due_at > datetime.now(UTC) + 14 * MINUTE
