"""What `status` tells of a real run: that it is at it, how far it is, that it was killed, that it paused itself."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.cli import newsletter, started
from tests.support.crowd import CONNECTIONS, ISSUE, PEOPLE, Turnstile, crowd, turnstile
from tests.support.mailroom import PATIENCE

SEND = ("send", ISSUE, "--yes")
SOME = 20


@pytest.fixture
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turnstile]:
    with turnstile(tmp_path_factory.mktemp("relay")) as relay:
        relay.close(SOME)
        yield relay


@pytest.fixture
def run(workspace: Path, room: Turnstile) -> dict[str, str]:
    return crowd(workspace, room)


def status(workspace: Path, run: dict[str, str]) -> dict[str, Any]:
    ended = newsletter("status", ISSUE, "--json", cwd=workspace, **run)
    assert ended.returncode == 0, ended.stderr
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def words(workspace: Path, run: dict[str, str]) -> str:
    return newsletter("status", ISSUE, cwd=workspace, **run).stdout


def test_a_run_is_seen_while_it_lives_when_it_was_killed_and_when_it_is_done(
    workspace: Path, room: Turnstile, run: dict[str, str]
) -> None:
    with started(*SEND, cwd=workspace, **run) as process:
        room.held(CONNECTIONS)
        told = status(workspace, run)
        assert told["standing"] == "running"
        assert [(one["pid"], one["lives"]) for one in told["processes"]] == [(process.pid, True)]
        assert (told["done"], told["percent"]) == (told["states"]["sent"], told["states"]["sent"] * 100 // PEOPLE)
        assert f"at it: process {process.pid} on " in words(workspace, run)
        process.kill()
        room.open()
    told = status(workspace, run)
    assert [(one["pid"], one["lives"]) for one in told["processes"]] == [(process.pid, False)]
    assert (told["rate"], told["expected_end"]) == (None, None)
    assert f"process {process.pid} on " in words(workspace, run)
    assert f"No process is at it. To go on: newsletter send {ISSUE}" in words(workspace, run)
    assert newsletter(*SEND, cwd=workspace, **run).returncode in (0, 75)
    assert status(workspace, run)["standing"] == "finished"
    assert status(workspace, run)["processes"] == []
    assert " done (" not in words(workspace, run)


def test_a_person_who_pauses_is_named(workspace: Path, room: Turnstile, run: dict[str, str]) -> None:
    with started(*SEND, cwd=workspace, **run) as process:
        room.held(CONNECTIONS)
        assert newsletter("pause", ISSUE, cwd=workspace, **run, LOGNAME="hong").returncode == 0
        room.open()
        assert process.wait(PATIENCE) == 77
    paused = status(workspace, run)["paused"]
    assert paused["by"].startswith("hong@")
    assert paused["reason"] == "by hand"
    assert f"paused by {paused['by']}, " in words(workspace, run)


def test_a_canary_says_which_process_paused(workspace: Path, room: Turnstile, run: dict[str, str]) -> None:
    room.open()
    with started(*SEND, "--first", "2", cwd=workspace, **run) as process:
        assert process.wait(PATIENCE) == 0
    assert status(workspace, run)["paused"]["by"].startswith(f"the run itself (process {process.pid} on ")
