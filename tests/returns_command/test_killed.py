"""Killed at any of its steps, a reading of returns loses no message and counts none twice. Real SIGKILL."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.return_tables import returns
from newsletter.returns.sources import maildir as maildir_module
from newsletter.returns.sources import mbox as mbox_module
from newsletter.workflow.returns import read_returns
from newsletter.workflow.steps.return_sources import NamedSources
from tests.returns_command.conftest import Scene, maildir, mbox_of, messages_in

READERS = [f"reader{number}@example.com" for number in range(3)]
LETTER = b"Subject: a person's letter\n\nGood morning.\n"
_FORK = multiprocessing.get_context("fork")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (maildir_module, mbox_module):
        monkeypatch.setattr(module, "READ_AT_ONCE", 2)


def expected(scene: Scene) -> list[bytes]:
    scene.send("2026-11", *READERS)
    bounces = [scene.bounce(key, message_id=scene.message_id("2026-11", key)) for key in READERS]
    return [*bounces[:2], LETTER, *bounces[2:]]


def read(scene: Scene, named: NamedSources) -> None:
    summary = read_returns(scene.workspace, named, advance=lambda *_: None)
    assert summary.failures == []


def killed_at(step: int, scene: Scene, named: NamedSources) -> bool:
    """A process of its own dies before its step of that number; False where it came to its end before."""
    process = _FORK.Process(target=_dies, args=(step, scene, named))
    process.start()
    process.join(60)
    assert process.exitcode in {0, -signal.SIGKILL}
    return process.exitcode != 0


def _dies(step: int, scene: Scene, named: NamedSources) -> None:
    """Whatever writes to the disk is a step, and so is each commit of the ledger, before and behind it."""
    left = step

    def counted(do: Callable[..., object]) -> Callable[..., object]:
        def instead(*given: object, **named_ones: object) -> object:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return do(*given, **named_ones)

        return instead

    with pytest.MonkeyPatch.context() as patch:
        for name in ("fsync", "truncate"):
            patch.setattr(os, name, counted(getattr(os, name)))
        for name in ("rename", "replace", "unlink"):
            patch.setattr(Path, name, counted(getattr(Path, name)))
        patch.setattr(Ledger, "suppress_full", counted(Ledger.suppress_full))
        patch.setattr(Ledger, "keep_returns", counted(Ledger.keep_returns))
        patch.setattr(mbox_module.Mbox, "put_away", counted(mbox_module.Mbox.put_away))
        patch.setattr(maildir_module.Maildir, "put_away", counted(maildir_module.Maildir.put_away))
        read(scene, named)
    os._exit(0)


def kept_events(scene: Scene) -> int:
    with scene.ledger() as book, book._database.read() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(returns)).scalar_one()


def test_a_maildir(quick: Scene, tmp_path: Path) -> None:
    messages = expected(quick)
    steps = 0
    for number in range(1, 100):
        folder = maildir(tmp_path / f"in{number}", *messages)
        named = NamedSources(maildir=folder)
        died = killed_at(number, quick, named)
        read(quick, named)
        assert sorted(messages_in(folder / ".processed")) == sorted(set(messages) - {LETTER})
        assert messages_in(folder / ".unparsed") == [LETTER]
        assert messages_in(folder) == []
        assert kept_events(quick) == len(READERS), "counted twice"
        steps += died
        if not died:
            break
    assert steps > 6


def test_an_mbox_to_which_somebody_delivers_meanwhile(quick: Scene, tmp_path: Path) -> None:
    messages = expected(quick)
    late = b"Subject: came later\n\nGood evening.\n"
    steps = 0
    for number in range(1, 200):
        box = tmp_path / f"in{number}"
        box.write_bytes(mbox_of(*messages))
        named = NamedSources(mbox=box)
        died = killed_at(number, quick, named)
        with box.open("ab") as file:
            file.write(mbox_of(late))
        read(quick, named)
        assert sorted(messages_in(box.with_name(f"{box.name}.processed"))) == sorted(set(messages) - {LETTER})
        assert messages_in(box.with_name(f"{box.name}.unparsed")) == [LETTER, late]
        assert box.read_bytes() == b""
        assert not box.with_name(f"{box.name}.reading").exists()
        assert kept_events(quick) == len(READERS), "counted twice"
        steps += died
        if not died:
            break
    assert steps > 12
