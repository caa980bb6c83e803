"""The kill switch, resolve and revise, while a real run has a message in flight on each of its connections.

The relay's own log is the judge, on each database.
"""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.support.cli import newsletter, started
from tests.support.crowd import CONNECTIONS, EVERYBODY, ISSUE, PEOPLE, Turnstile, crowd, states, turnstile
from tests.support.mailroom import PATIENCE
from tests.support.postgres import Cluster, cluster
from tests.support.smtp_receiver import OFFERS

SEND = ("send", ISSUE, "--yes")
SOME = 20


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turnstile]:
    with turnstile(tmp_path_factory.mktemp("relay")) as relay:
        relay.close(SOME)
        yield relay


@pytest.fixture(params=["sqlite", "postgresql"])
def run(request: pytest.FixtureRequest, workspace: Path, room: Turnstile) -> dict[str, str]:
    """Settings of a run: on SQLite with grouped commands, on PostgreSQL with plain ones."""
    settings = crowd(workspace, room)
    room.offers = OFFERS.usual if request.param == "postgresql" else (*OFFERS.usual, "PIPELINING")
    if request.param == "postgresql":
        server: Cluster = request.getfixturevalue("server")
        settings["NEWSLETTER_LEDGER__URL"] = server.schema()
    return settings


def told(workspace: Path, run: dict[str, str], *words: str) -> str:
    """A command that must go well; what it said."""
    ended = newsletter(*words, cwd=workspace, **run)
    assert ended.returncode == 0, ended.stderr
    return ended.stderr


def test_a_pause_is_honoured_by_every_process_and_resume_goes_on(
    workspace: Path, room: Turnstile, run: dict[str, str]
) -> None:
    # Two commands share what the relay takes: as many for each of them as one has in the other tests.
    run["NEWSLETTER_SMTP__CONNECTIONS"] = str(2 * CONNECTIONS)
    with ExitStack() as stack:
        processes = [stack.enter_context(started(*SEND, cwd=workspace, **run)) for _ in range(2)]
        seen = room.held(2 * CONNECTIONS)
        told(workspace, run, "pause", ISSUE)
        room.open()
        codes = {process.wait(PATIENCE) for process in processes}
        # Where one was so much earlier that it holds everything, the other has ended by itself: 75.
        assert 77 in codes <= {75, 77}
    assert len(room.mail) <= seen + 2 * CONNECTIONS
    assert states(workspace, **run) == {"sent": len(room.mail), "planned": PEOPLE - len(room.mail)}
    assert newsletter(*SEND, cwd=workspace, **run).returncode == 77
    told(workspace, run, "resume", ISSUE)
    told(workspace, run, *SEND)
    assert sorted(room.recipients()) == EVERYBODY


def test_who_is_cancelled_does_not_get_it(workspace: Path, room: Turnstile, run: dict[str, str]) -> None:
    with started(*SEND, cwd=workspace, **run) as process:
        seen = room.held(CONNECTIONS)
        told(workspace, run, "cancel", ISSUE, "--yes")
        room.open()
        assert process.wait(PATIENCE) == 77
    assert len(room.mail) <= seen + CONNECTIONS
    assert states(workspace, **run) == {"sent": len(room.mail), "cancelled": PEOPLE - len(room.mail)}
    assert newsletter("resume", ISSUE, cwd=workspace, **run).returncode == 77


@pytest.mark.parametrize(("run", "decision"), [("sqlite", "--as-sent"), ("postgresql", "--resend")], indirect=["run"])
def test_what_is_in_doubt_is_decided_while_the_next_run_is_at_work(
    workspace: Path, room: Turnstile, run: dict[str, str], decision: str
) -> None:
    with started(*SEND, cwd=workspace, **run) as killed:
        room.held(CONNECTIONS)
        killed.kill()
        room.open()
    room.close(2 * SOME)
    with started(*SEND, cwd=workspace, **run) as process:
        room.held(CONNECTIONS)
        doubtful = states(workspace, **run)["in_doubt"]
        assert 1 <= doubtful <= 2 * CONNECTIONS
        told(workspace, run, "resolve", ISSUE, decision, "--yes")
        room.open()
        assert process.wait(PATIENCE) == 0
    assert states(workspace, **run) == {"sent": PEOPLE}
    received = room.recipients()
    if decision == "--resend":
        assert set(received) == set(EVERYBODY)
        assert PEOPLE <= len(received) <= PEOPLE + doubtful
    else:
        assert len(set(received)) == len(received) >= PEOPLE - doubtful


def test_the_corrected_letter_goes_to_all_who_wait(workspace: Path, room: Turnstile, run: dict[str, str]) -> None:
    with started(*SEND, cwd=workspace, **run) as process:
        before = room.held(CONNECTIONS)
        correct(workspace, "고친 제목")
        told(workspace, run, "revise", ISSUE, "--yes")
        room.open()
        assert process.wait(PATIENCE) == 0, process.stderr
    assert sorted(room.recipients()) == EVERYBODY
    letters = [message_from_bytes(data, policy=policy.default) for _, data in room.mail]
    subjects = ["고친 제목" in letter["Subject"] for letter in letters]
    assert not any(subjects[:before])
    assert all(subjects[before + CONNECTIONS :])
    assert len({letter["Message-ID"] for letter in letters}) == PEOPLE
    assert states(workspace, **run) == {"sent": PEOPLE}
    refused = newsletter("revise", ISSUE, "--yes", cwd=workspace, **run)
    assert (refused.returncode, "Nobody waits" in refused.stderr) == (77, True)


def correct(workspace: Path, subject: str) -> None:
    """Give the issue this subject."""
    path = workspace / "issues" / f"{ISSUE}.yaml"
    rest = re.sub(r"^subject:.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    path.write_text(f"subject: {json.dumps(subject, ensure_ascii=False)}\n{rest}", encoding="utf-8")
