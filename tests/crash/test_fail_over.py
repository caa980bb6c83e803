"""A standby takes over: whoever sends finds out by itself and pauses, and nobody gets a letter twice."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newsletter.ledger.states import DispatchStatus, State
from tests.support.cli import newsletter
from tests.support.cut_link import CutLink, cut_link
from tests.support.postgres import Cluster, cluster

from .scene import Scene, ended, scene

TAKEN_OVER = "another database server has taken over"


@dataclass
class Pair:
    """A server, a standby that has everything, and a name that leads to the one of them."""

    link: CutLink
    server: Cluster
    standby: Cluster
    play: Scene

    def fail_over(self) -> None:
        self.server.stop(signal.SIGQUIT)
        self.link.sockets = self.standby.sockets
        self.standby.promote()

    def assert_paused(self) -> None:
        record = self.play.ledger.record(self.play.dispatch)
        assert record.status is DispatchStatus.PAUSED
        assert TAKEN_OVER in str(record.reason)

    def go_on(self) -> None:
        self.play.ledger.resume(self.play.dispatch, datetime.now(UTC))
        self.play.finish()
        self.play.assert_account_is_right()


@contextmanager
def pair(root: Path) -> Iterator[Pair]:
    with (
        cluster() as server,
        cut_link(server.sockets) as link,
        scene(root, server.schema(link.port)) as play,
        server.standby() as standby,
    ):
        server.follow()
        yield Pair(link, server, standby, play)


def test_verifying_warns_of_a_standby_for_which_no_commit_waits(tmp_path: Path) -> None:
    with cluster() as server:
        place = {"NEWSLETTER_LEDGER__URL": server.schema()}
        for words in (("init", "."), ("ledger", "init")):
            assert newsletter(*words, cwd=tmp_path, **place).returncode == 0
        assert "synchronous_standby_names" not in newsletter("ledger", "verify", cwd=tmp_path, **place).stderr
        with server.standby():
            warned = newsletter("ledger", "verify", cwd=tmp_path, **place)
            assert "synchronous_standby_names" in warned.stderr
            assert warned.returncode == 0
            server.follow()
            assert "synchronous_standby_names" not in newsletter("ledger", "verify", cwd=tmp_path, **place).stderr


def test_a_run_pauses_on_the_new_server_and_a_person_lets_it_go_on(tmp_path: Path) -> None:
    with pair(tmp_path) as two:
        play = two.play
        play.receiver.delay = 0.05
        process = play.start()
        play.wait_for(60, process)
        two.fail_over()
        assert ended(process) == 77
        two.assert_paused()
        # What the relay said was kept, and is booked though the lease had ended.
        assert play.in_state(State.IN_DOUBT) == set()
        assert set(play.receiver.recipients()) == play.in_state(State.SENT)
        assert ended(play.start()) == 77
        two.go_on()
