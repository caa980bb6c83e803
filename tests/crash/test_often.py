"""Thirty kills of the five hundred that `scripts/kill_often` makes, on both paths and both databases."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.ledger.states import State
from newsletter.smtp.failpoints import Failpoint
from tests.support.smtp_receiver import OFFERS

from .often import BOUND, Account, kill_often, table
from .scene import READERS, scene


def test_thirty_kills_lose_nobody_and_double_nobody() -> None:
    usual = OFFERS.now
    accounts = kill_often(30, seed=30)
    assert [account for account in accounts if not account.is_right] == []
    assert {(account.way, account.book) for account in accounts} == {
        (way, book) for way in ("plain", "pipelined") for book in ("SQLite", "PostgreSQL")
    }
    assert sum(account.kills for account in accounts) >= 30
    assert [account.way for account in accounts if not account.wheres["and put back"]] == []
    assert set(Failpoint) <= {where for account in accounts for where in account.wheres}
    assert OFFERS.now == usual


@pytest.mark.parametrize("fault", ["lost", "doubled", "unlisted"])
def test_an_account_that_is_wrong_is_said_to_be(tmp_path: Path, fault: str) -> None:
    account = Account("plain", "SQLite", Counter({Failpoint.AFTER_DOT.value: 1}))
    with scene(tmp_path) as play:
        play.finish()
        log = play.receiver.log
        lines = log.read_text().splitlines(keepends=True)
        if fault == "lost":
            log.write_text("".join(lines[1:]))
        elif fault == "doubled":
            log.write_text("".join([*lines, lines[0]]))
        else:
            log.write_text("".join([*lines, lines[0].replace("reader", "stranger")]))
        account.close(play)
        assert play.in_state(State.SENT)
    assert not account.is_right
    assert account.lost == (fault == "lost")
    assert account.doubled == (fault == "doubled")
    assert account.messages == READERS


def test_more_in_doubt_than_the_bound_is_wrong_and_the_table_shows_it() -> None:
    account = Account("plain", "SQLite", Counter({"anywhere": 3}), most_by_one=BOUND)
    assert account.is_right
    worse = replace(account, most_by_one=BOUND + 1)
    assert not worse.is_right
    assert table([worse]).splitlines()[2].endswith(f"| {BOUND + 1} |")
