"""The power goes: what was not synced is there, or not, or in part; nobody is lost, nobody gets it twice.

The process runs with `durable.c` before its libc, which keeps each file as of its last fsync. It is killed, and every
512 octets of the ledger that differ from what was synced become the one or the other, by lot: a disk promises no more.
"""

import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import State
from tests.support.books import planned, workspace_at
from tests.support.smtp_receiver import receiving
from tests.support.smtp_runs import log_of

from .driver import CONNECTIONS

READERS = 120
SECTOR = 512
"""Octets that a disk writes wholly or not at all."""
URL = "sqlite:///.newsletter/ledger.db"


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("shim") / "durable.so"
    source = Path(__file__).with_name("durable.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", str(built), str(source), "-ldl"], check=True)
    return built


def start(root: Path, dispatch: int, port: int, shim: Path, durable: Path) -> subprocess.Popen[bytes]:
    environ = {
        **os.environ,
        "LD_PRELOAD": str(shim),
        "DURABLE_FOLDER": str(durable),
        "DURABLE_OF": str(root / ".newsletter"),
    }
    words = [sys.executable, "-m", "tests.crash.driver", str(root), URL, str(dispatch), str(port)]
    return subprocess.Popen(words, env=environ, cwd=Path(__file__).parents[2])


def cut(ledger: Path, durable: Path, lots: random.Random) -> None:
    """What a disk has when the power comes back. The index of the log (-shm) is made anew."""
    ledger.with_name("ledger.db-shm").unlink(missing_ok=True)
    for kept in durable.iterdir():
        if kept.suffix == ".part":
            continue
        file = ledger.with_name(kept.name)
        before, after = kept.read_bytes(), file.read_bytes() if file.exists() else b""
        size = max(len(before), len(after)) if lots.random() < 0.5 else len(before)
        found = bytearray(size)
        for at in range(0, size, SECTOR):
            old, new = before[at : at + SECTOR], after[at : at + SECTOR]
            chosen = new if old != new and lots.random() < 0.5 else old
            found[at : at + len(chosen)] = chosen
        file.write_bytes(bytes(found[:size]))


@pytest.mark.parametrize("seed", range(3))
def test_after_a_power_cut_the_account_is_right(tmp_path: Path, shim: Path, seed: int) -> None:
    lots = random.Random(seed)
    workspace = workspace_at(tmp_path, URL)
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch = planned(book, READERS, lot=20)
    state, durable = tmp_path / ".newsletter", tmp_path / "durable"
    durable.mkdir()
    cuts = 0
    with receiving(log_of(tmp_path)) as receiver:
        for point in sorted(lots.sample(range(1, READERS - 20), 3)):
            for file in state.glob("ledger.db*"):
                shutil.copy(file, durable / file.name)
            process = start(tmp_path, dispatch, receiver.port, shim, durable)
            receiver.wait_for(point)
            process.kill()
            process.wait()
            cut(state / "ledger.db", durable, lots)
            cuts += 1
        assert start(tmp_path, dispatch, receiver.port, shim, durable).wait() == 0
        received = Counter(receiver.recipients())
    with open_ledger(workspace, Purpose.READ) as book:
        sent = {row.address for row in book.deliveries(dispatch, (State.SENT,))}
        doubted = {row.address for row in book.deliveries(dispatch, (State.IN_DOUBT,))}
        assert [found.promise for found in book.verify() if found.broken] == []
    assert [who for who, times in received.items() if times > 1] == []
    assert sent <= received.keys() <= sent | doubted
    assert len(sent | doubted) == READERS
    assert len(doubted) <= cuts * 2 * CONNECTIONS
