"""Some of the schedules that `scripts/kill_machines` plays: four machines, one PostgreSQL, one relay."""

import subprocess
import sys

from tests.support.repository import ROOT

from .network import apart

SEED, SCHEDULES = 42, 3
"""Among them are stops and cuts beyond a lease, both ways for the database to end, and a machine that drains."""


def test_whatever_befalls_the_machines_nobody_is_lost_and_nobody_gets_it_twice() -> None:
    words = ("tests.machines.often", "--schedules", str(SCHEDULES), "--seed", str(SEED))
    ended = subprocess.run(
        apart(sys.executable, "-m", *words), cwd=ROOT, capture_output=True, text=True, timeout=280, check=False
    )
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"
    assert ended.stderr.count(": right (") == SCHEDULES
