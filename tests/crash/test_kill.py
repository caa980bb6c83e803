"""SIGKILL at every named moment and at moments nobody chose: nobody is lost, nobody gets it twice."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.ledger.states import State
from newsletter.smtp.failpoints import Failpoint
from tests.support.books import NOW
from tests.support.postgres import Cluster, cluster

from .driver import CONNECTIONS
from .scene import READERS, scene

pytestmark = pytest.mark.usefixtures("each_way")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.mark.parametrize("moment", list(Failpoint))
def test_killed_at_a_named_moment_and_started_again(tmp_path: Path, moment: Failpoint) -> None:
    with scene(tmp_path) as play:
        # One commit serves several messages.
        play.kill_at(moment, 20 if moment is Failpoint.BEFORE_COMMIT else 60)
        play.finish()
        play.assert_account_is_right()


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_again_and_again_wherever_it_is(tmp_path: Path, seed: int) -> None:
    points = sorted(random.Random(seed).sample(range(1, READERS // 2), 5))
    with scene(tmp_path) as play:
        for point in points:
            play.kill_after(point)
        play.finish()
        play.assert_account_is_right()


def test_on_postgresql_it_is_the_same(tmp_path: Path, postgres: Cluster) -> None:
    with scene(tmp_path, postgres.schema()) as play:
        for moment in (Failpoint.AFTER_INTENT, Failpoint.AFTER_DOT, Failpoint.BEFORE_COMMIT):
            play.kill_at(moment, 20)
        play.kill_after(120)
        play.finish()
        play.assert_account_is_right()


@pytest.mark.parametrize("moment", [Failpoint.BEFORE_INTENT, Failpoint.AFTER_DOT])
def test_a_canary_that_is_killed_does_not_become_a_mailing_to_everybody(tmp_path: Path, moment: Failpoint) -> None:
    with scene(tmp_path) as play:
        play.kill_at(moment, 3, first=8)
        play.finish(77)
        assert len(play.receiver.recipients()) <= 8
        assert str(play.ledger.record(play.dispatch).reason) == "canary of 8"
        play.ledger.resume(play.dispatch, NOW)
        play.finish()
        play.assert_account_is_right()


def test_what_was_in_flight_is_named_and_held_until_somebody_decides(tmp_path: Path) -> None:
    with scene(tmp_path) as play:
        play.kill_at(Failpoint.AFTER_DOT, 30)
        play.finish()
        doubted = [row.address for row in play.ledger.deliveries(play.dispatch, (State.IN_DOUBT,))]
        assert 1 <= len(doubted) <= 2 * CONNECTIONS
        play.finish()
        assert play.ledger.counts(play.dispatch)[State.IN_DOUBT] == len(doubted)
