"""Two processes at the same time share one dispatch and never double it; one of them may die."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.ledger.schema import leases
from newsletter.smtp.failpoints import Failpoint
from tests.support.postgres import cluster

from .driver import CONNECTIONS
from .scene import Scene, scene

pytestmark = pytest.mark.usefixtures("each_way")


def both(play: Scene) -> None:
    """Two undisturbed runs, at once; slow replies see to it that neither is done before the other begins."""
    play.receiver.delay = 0.02
    processes = [play.start(), play.start()]
    for process in processes:
        process.join()
        assert process.exitcode == 0
        process.close()


def assert_both_have_sent(play: Scene) -> None:
    """Over no more connections than one has."""
    with play.ledger._database.read() as book:
        senders = book.execute(sa.select(leases.c.id).where(leases.c.begun > 0)).all()
    assert len(senders) == 2
    assert play.receiver.most_at_once <= CONNECTIONS


def test_two_processes_share_the_work(tmp_path: Path) -> None:
    with scene(tmp_path) as play:
        both(play)
        play.assert_account_is_right()
        assert_both_have_sent(play)


def test_on_postgresql_they_do_as_well(tmp_path: Path) -> None:
    with cluster() as server, scene(tmp_path, server.schema()) as play:
        both(play)
        play.assert_account_is_right()
        assert_both_have_sent(play)


def test_one_of_two_may_die(tmp_path: Path) -> None:
    with scene(tmp_path) as play:
        play.receiver.delay = 0.02
        survivor = play.start()
        play.kill_at(Failpoint.AFTER_DOT, 20)
        survivor.join()
        assert survivor.exitcode == 0
        play.finish()
        play.assert_account_is_right()
