"""A database server that goes away and comes back under processes that send: they wait, and nobody is in doubt."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.ledger.states import State
from tests.support.postgres import Cluster, cluster

from .scene import ended, scene


def restarted(how: signal.Signals) -> Callable[[Cluster], None]:
    def restart(server: Cluster) -> None:
        server.stop(how)
        server.start()

    return restart


def stood_still(server: Cluster) -> None:
    with server.standing_still():
        pass


@pytest.mark.parametrize(
    ("goes_away", "each_way"),
    [
        pytest.param(restarted(signal.SIGINT), "plain", id="shut down"),
        pytest.param(restarted(signal.SIGQUIT), "pipelined", id="crashed"),
        pytest.param(stood_still, "pipelined", id="stood still"),
    ],
    indirect=["each_way"],
)
@pytest.mark.usefixtures("each_way")
def test_two_processes_go_on_when_it_is_back(tmp_path: Path, goes_away: Callable[[Cluster], None]) -> None:
    with cluster() as server, scene(tmp_path, server.schema()) as play:
        play.receiver.delay = 0.05
        processes = [play.start(), play.start()]
        for messages in (40, 90):
            play.wait_for(messages, processes[0])
            goes_away(server)
        assert [ended(process) for process in processes] == [0, 0]
        play.assert_account_is_right()
        assert play.in_state(State.IN_DOUBT) == set()
