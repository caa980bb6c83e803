"""Each cell of matrix.md: a run in which just that happens, and one more that has to bring it to a right end."""

import asyncio
import shutil
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

import pytest

from newsletter.catalogue import SILENCE
from newsletter.dispatch.run import RunReport
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import DeliveryRecord, Purpose
from newsletter.message.message import Message
from newsletter.smtp.server import Security, SMTPServer, Timeouts
from tests.support.books import LIST, NOW, workspace_at
from tests.support.planned_ledger import copy_planned, folder_in_memory
from tests.support.smtp_runs import Hasty, Sending, address, message_to, policy
from tests.support.smtp_script import Authority, Script, WarpedLoop, authority, scripted

from .matrix import FAULTS, SESSION, STAGES, Cell, cells, impossible

REFUSED = "550 5.1.1 nobody here"
READERS = tuple(f"reader{number}@example.com" for number in range(3))
OFFERS = ("SIZE 50000000", "8BITMIME", "ENHANCEDSTATUSCODES")


@cache
def large() -> tuple[bytes, ...]:
    """More than both machines' buffers hold, so that there is a middle of the body."""
    return message_to("anybody@example.com", b"Subject: large\r\n\r\n" + (b"x" * 998 + b"\r\n") * 16_000).wire


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    """One for each cell, with a dispatch to its three readers."""
    folder = folder_in_memory()
    try:
        copy_planned(folder, len(READERS))
        with open_ledger(workspace_at(folder), Purpose.READ) as book:
            yield book
    finally:
        shutil.rmtree(folder)


@dataclass(frozen=True)
class Scene:
    """A cell, the three readers it is played with, and their dispatch."""

    cell: Cell
    ledger: Ledger
    ca: Authority
    dispatch: int
    readers: tuple[str, ...]

    @property
    def victim(self) -> str:
        return self.readers[self.cell.second]

    def address(self, port: int) -> SMTPServer:
        if self.cell.stage not in ("starttls", "auth"):
            return address(port)
        login = {"username": "hong", "password": "secret"} if self.cell.stage == "auth" else {}
        return SMTPServer("localhost", port, Security.STARTTLS, ca_file=self.ca.ca_file, **login)

    def message(self, recipient: str) -> Message:
        message = message_to(recipient)
        return replace(message, wire=large()) if self.cell.stage == "body" and recipient == self.victim else message

    def sending(self, port: int) -> Sending:
        a_connection_each = self.cell.stage == "quit" or (self.cell.stage in SESSION and self.cell.second)
        changes = {"messages_per_connection": 1} if a_connection_each else {}
        # The time is put forward here, and a question about TLS would be one connection more.
        waiting = Timeouts(silence=None)
        rules = replace(policy(port, connections=1, timeouts=waiting, **changes), server=self.address(port))
        return Sending(self.ledger, self.dispatch, rules, compose=lambda claim: self.message(claim.key))

    def rows(self) -> dict[str, DeliveryRecord]:
        return {row.address: row for row in self.ledger.deliveries(self.dispatch)}


@pytest.fixture
def scene(cell: Cell, ledger: Ledger, ca: Authority) -> Scene:
    record = ledger.find(LIST, "2021-07")
    assert record is not None
    return Scene(cell, ledger, ca, record.id, READERS)


def faults_of(cell: Cell) -> dict[str, list[str]]:
    before = [""] * cell.second
    match cell.stage:
        case "connect":
            return {}
        case "body":
            return {"dot": [*before, cell.does]}
        case "rset":
            return {"rcpt": [*before, REFUSED], "rset": [cell.does]}
        case "lone dot":
            return {"rcpt": [*before, REFUSED], "nobody": [cell.does]}
        case _:
            return {cell.stage: [*before, cell.does]}


@contextmanager
def relay_for(cell: Cell, ca: Authority) -> Iterator[Script]:
    offers = OFFERS + (("PIPELINING",) if cell.pipelined else ()) + (("AUTH PLAIN",) if cell.stage == "auth" else ())
    tls = ca.server("localhost") if cell.stage in ("starttls", "auth") else None
    with scripted(faults_of(cell), offers=offers, starttls=tls, lenient=cell.stage == "lone dot") as script:
        yield script


@contextmanager
def nobody_for(cell: Cell) -> Iterator[int]:
    """A port at which nobody listens, or nobody takes what comes."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        if cell.fault == "hang":
            taken.listen(0)
            with socket.create_connection(taken.getsockname()):  # the one that fits into the queue
                yield taken.getsockname()[1]
        else:
            yield taken.getsockname()[1]


def play(job: Sending, script: Script | None = None) -> RunReport:
    with asyncio.Runner(loop_factory=WarpedLoop) as runner:
        if script is not None:
            loop = runner.get_loop()
            assert isinstance(loop, WarpedLoop)
            script.sender = loop
        return runner.run(job.start(timer=Hasty().timer))


def first_run(cell: Cell, job: Sending, script: Script) -> RunReport:
    if cell.stage != "connect":
        return play(job, script)
    with nobody_for(cell) as port:
        timeouts = replace(job.policy.timeouts, connect=0.2)
        return play(replace(job, policy=replace(job.policy, server=address(port), timeouts=timeouts)))


def assert_row(scene: Scene, report: RunReport) -> None:
    """What the table says of the reader and the run; of the others, that nothing befell them."""
    cell, stop = scene.cell, report.stopped
    assert (stop and (stop.kind.label, stop.exit_code)) == cell.stopped, stop
    befallen = {scene.victim} if cell.stage not in SESSION else set(scene.readers)
    if cell.stopped and cell.second:
        befallen -= {scene.readers[0]}
    rows = scene.rows()
    for number, key in enumerate(scene.readers):
        row = rows[key]
        if key in befallen:
            assert (row.state, row.attempts) == (cell.state, cell.tries), row
        elif cell.stopped and number > cell.second:
            assert (row.state, row.attempts) == ("planned", 0), row
        else:
            assert (row.state, row.attempts) == ("sent", 1), row


def assert_next(cell: Cell, report: RunReport, script: Script) -> None:
    usual = 3 if cell.stage in SESSION and cell.second else 1
    assert report.out_of_step == (cell.next == "plain")
    if cell.stage not in SESSION:
        assert (report.stepwise_because is SILENCE) == (cell.pipelined and cell.next != "plain")
    if cell.next == "same":
        assert script.greeted == usual
    elif cell.next != "none":
        assert script.greeted > usual


def assert_all_is_well(scene: Scene, befores: dict[str, DeliveryRecord], script: Script) -> None:
    """After the run after it: nobody is left, nobody has it twice, and what arrived is whole."""
    ended = {"planned": "sent", "deferred": "sent"}
    rows = scene.rows()
    for key, before in befores.items():
        assert rows[key].state == ended.get(before.state, before.state)
        assert rows[key].attempts == before.attempts + (before.state in ended)
    assert Counter(script.accepted) == Counter(key for key in scene.readers if rows[key].state == "sent")
    for key, body in zip(script.recipients, script.bodies, strict=True):
        assert body == b"".join(scene.message(key).wire)
    doubted = {key for key in scene.readers if rows[key].state == "in_doubt"}
    assert doubted <= set(script.recipients)
    assert not doubted & set(script.accepted)


@pytest.mark.parametrize("cell", cells(), ids=str)
def test_what_befalls_a_reader_is_what_the_table_says(cell: Cell, scene: Scene) -> None:
    with relay_for(cell, scene.ca) as script:
        job = scene.sending(script.port)
        report = first_run(cell, job, script)
        assert_row(scene, report)
        assert_next(cell, report, script)
        rows = scene.rows()
        again = play(replace(job, now=NOW + timedelta(hours=1)), script)
    assert again.stopped is None
    assert not any(script.faults.values()), "not everything in the script took place"
    assert_all_is_well(scene, rows, script)


def test_every_stage_meets_every_fault_in_both_ways() -> None:
    for path in (False, True):
        met = {(cell.stage, cell.fault) for cell in cells() if cell.pipelined == path} | impossible()
        assert {(stage, fault) for stage in STAGES for fault in FAULTS} <= met
    assert len(cells()) >= 120
    assert {cell.fault for cell in cells()} <= set(FAULTS)
    assert len({str(cell) for cell in cells()}) == len(cells())
