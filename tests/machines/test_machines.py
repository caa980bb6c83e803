"""Some of the schedules that `scripts/kill_machines` plays: four machines, one PostgreSQL, one relay."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.support.repository import ROOT

from .network import apart
from .schedule import Kind, Mishap, schedule

SEEDS = (136, 137)
"""One on each path, and all that befalls a dispatch both ways."""


def test_whatever_befalls_the_machines_nobody_is_lost_and_nobody_gets_it_twice() -> None:
    with ThreadPoolExecutor() as both:  # most of it is waiting
        for ended in both.map(played, SEEDS):
            assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"
            assert ended.stderr.count(": right (") == 1


def played(seed: int) -> "subprocess.CompletedProcess[str]":
    words = ("tests.machines.often", "--schedules", "1", "--seed", str(seed))
    return subprocess.run(
        apart(sys.executable, "-m", *words), cwd=ROOT, capture_output=True, text=True, timeout=280, check=False
    )


def test_in_these_schedules_each_thing_befalls_both_ways() -> None:
    ways: dict[Kind, Callable[[Mishap], bool]] = {
        Kind.STOP: lambda one: one.leases > 1,
        Kind.CUT: lambda one: one.leases > 1,
        Kind.CLOCK: lambda one: one.minutes > 0,
        Kind.RESTART: lambda one: one.fast,
        Kind.KILL: lambda one: one.returns,
    }
    mishaps = [mishap for seed in SEEDS for mishap in schedule(seed).mishaps]
    for kind, way in ways.items():
        assert {way(one) for one in mishaps if one.kind is kind} == {True, False}, kind
    assert {one.kind for one in mishaps} == set(Kind)
    assert {seed % 2 for seed in SEEDS} == {0, 1}
