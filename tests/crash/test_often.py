"""Thirty kills of the five hundred that `scripts/kill_often` makes, on both paths and both databases."""

import json
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.ledger import renaming
from newsletter.ledger.lease_watch import Watch
from newsletter.ledger.lock_file import Life
from newsletter.ledger.states import State
from newsletter.smtp.failpoints import Failpoint
from tests.support.smtp_receiver import OFFERS

from .account import BOUND, Account, table
from .mishaps import ANOTHER_LIST_ID, TWO_MACHINES, leave
from .often import kill_often
from .scene import READERS, scene


def test_thirty_kills_lose_nobody_and_double_nobody() -> None:
    usual = OFFERS.now
    accounts = kill_often(30, seed=30)
    assert [account for account in accounts if not account.is_right] == []
    assert {(account.way, account.book) for account in accounts} == {
        (way, book) for way in ("plain", "pipelined") for book in ("SQLite", "PostgreSQL")
    }
    assert sum(account.kills for account in accounts) >= 30
    for where in ("and put back", "after another list_id"):
        assert [account.way for account in accounts if not account.wheres[where]] == []
    wheres = {where for account in accounts for where in account.wheres}
    assert wheres >= {*Failpoint, "both machines", "one of two machines", "asleep past the lease"}
    assert [account.way for account in accounts if not account.left] == []
    assert OFFERS.now == usual


@pytest.mark.parametrize("fault", ["lost", "doubled", "unlisted", "pursued"])
def test_an_account_that_is_wrong_is_said_to_be(tmp_path: Path, fault: str) -> None:
    account = Account("plain", "SQLite", Counter({Failpoint.AFTER_DOT.value: 1}))
    with scene(tmp_path) as play:
        leave(play, random.Random(1))
        play.finish()
        log = play.receiver.log
        lines = log.read_text().splitlines(keepends=True)
        if fault == "lost":
            log.write_text("".join(lines[1:]))
        elif fault == "doubled":
            log.write_text("".join([*lines, lines[0]]))
        elif fault == "pursued":
            (gone,) = play.gone
            log.write_text("".join([*lines, lines[0].replace(json.loads(lines[0])["rcpt"], gone)]))
        else:
            log.write_text("".join([*lines, lines[0].replace("reader", "stranger")]))
        account.close(play)
        assert play.in_state(State.SENT)
    assert not account.is_right
    assert account.lost == (fault == "lost")
    assert account.doubled == (fault == "doubled")
    assert account.pursued == (fault == "pursued")
    assert (account.messages, account.left) == (READERS, 1)


def test_suppressions_that_stay_behind_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renaming, "_move_suppressions", lambda *_names: 0)
    account = Account("plain", "SQLite")
    with scene(tmp_path) as play:
        ANOTHER_LIST_ID(play, account, random.Random(1))
        play.finish()
        account.close(play)
    assert account.pursued
    assert not account.is_right


def test_a_machine_that_is_taken_for_gone_at_once_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Watch, "_life", lambda *_lease: Life.FREE)
    account = Account("plain", "SQLite")
    with scene(tmp_path) as play:
        TWO_MACHINES[0](play, account, random.Random(1))
    assert account.broken == ["taken from another machine before its lease had run out"]
    assert not account.is_right


def test_more_in_doubt_than_the_bound_is_wrong_and_the_table_shows_it() -> None:
    account = Account("plain", "SQLite", Counter({"anywhere": 3}), most_by_one=BOUND)
    assert account.is_right
    worse = replace(account, most_by_one=BOUND + 1)
    assert not worse.is_right
    assert table([worse]).splitlines()[2].endswith(f"| {BOUND + 1} |")
