"""Many schedules, one after the other, each judged: `scripts/kill_machines --schedules 200 --seed 1`.

It prints how far it is, then an account, and ends with 1 if a single one is wrong. Touches: processes, namespaces, a
PostgreSQL of its own, a temporary folder. Limits: it runs apart (network.py), for it makes a bridge.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.workflow.steps.keys import links_of
from tests.crash.often import WAYS
from tests.crash.scene import READERS, Scene
from tests.support.books import planned, workspace_at
from tests.support.postgres import Cluster, cluster
from tests.support.smtp_receiver import OFFERS, receiving
from tests.support.smtp_runs import log_of

from .judge import Verdict, table
from .network import HERE, NET, network
from .play import Play
from .schedule import MACHINES, schedule

_THINKS = 0.3
"""Seconds the relay takes for each message, so that nobody is done before all has happened."""


def play_often(
    schedules: int,
    seed: int,
    lasts: timedelta,
    *,
    say: Callable[[str], None] = lambda _line: None,
    tells: bool = False,
) -> list[Verdict]:
    """So many, on both paths in turn; one that is wrong `tells` all that happened, and so do the others if wanted."""
    verdicts = [Verdict(way, "PostgreSQL") for way in WAYS]
    usual = OFFERS.now
    with cluster(listen=(HERE, NET)) as server:
        for number in range(seed, seed + schedules):
            verdict = verdicts[number % len(verdicts)]
            OFFERS.now = WAYS[verdict.way]
            began, before = time.monotonic(), len(verdict.broken)
            try:
                play = _play(server, number, verdict, lasts)
            finally:
                OFFERS.now = usual
            wrong = verdict.broken[before:]
            for line in play.told if wrong or tells else ():
                say(line)
            took = time.monotonic() - began
            say(f"seed {number}, {verdict.way}, {took:.0f} s: {'; '.join(wrong) or 'right'} ({schedule(number)})")
    return verdicts


def _play(server: Cluster, seed: int, verdict: Verdict, lasts: timedelta) -> Play:
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        machines = stack.enter_context(network(root, MACHINES))
        url = server.schema()
        workspace = workspace_at(root, url)
        links_of(workspace, create=True)  # whoever sends has a secret before a ledger
        ledger = stack.enter_context(open_ledger(workspace, Purpose.SENDING))
        receiver = stack.enter_context(receiving(log_of(root), delay=_THINKS, host=HERE))
        scene = Scene(root, url, ledger, planned(ledger, READERS, lot=10), receiver)
        plan = schedule(seed)
        play = Play(scene, server, machines, plan, lasts)
        play.go()
        verdict.judge(scene, plan, play.runs, play.broken)
    return play


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Let mishaps befall several machines that send one issue; judge them.")
    parser.add_argument("--schedules", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1, help="Of the first schedule; the others follow.")
    parser.add_argument("--lease", type=float, default=6.0, help="Seconds that a lease lasts; the real one: 60.")
    parser.add_argument("--tell", action="store_true", help="Of each schedule what happened when.")
    given = parser.parse_args(arguments)

    def say(line: str) -> None:
        sys.stderr.write(f"{line}\n")

    verdicts = play_often(given.schedules, given.seed, timedelta(seconds=given.lease), say=say, tells=given.tell)
    sys.stdout.write(f"{table(verdicts)}\n")
    return 0 if all(verdict.is_right for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
