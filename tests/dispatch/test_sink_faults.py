"""The fault switches of Postfix's smtp-sink, a receiver that none of us has written, on both paths.

-q hangs up at a command, -Q says 421 and hangs up, -r and -f refuse softly and hard, -A gives up inside the body, -H
reads it late, -W and -w answer late. Of -r and -f smtp-sink says itself that they switch pipelining off.
"""

import shlex
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import State
from newsletter.smtp.server import Timeouts
from tests.support.books import NOW, tally
from tests.support.smtp_receiver import OFFERS
from tests.support.smtp_runs import sending
from tests.support.smtp_sink import smtp_sink

READERS = 20
CONNECTIONS = 2
TROUBLES = 3 + 2 * CONNECTIONS
"""In a row; after them a run ends."""
ALL = {"sent": READERS}
NONE = {"planned": READERS}
OR_RESET = frozenset({"deferred", "in_doubt"})
"""The sink refuses at DATA and closes without reading the message, so that a reset may overtake its reply."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where smtp-sink, as another user, can write: pytest keeps its own folders closed to others."""
    with tempfile.TemporaryDirectory() as path:
        yield Path(path)


@pytest.mark.usefixtures("each_way")
@pytest.mark.parametrize(
    ("options", "states", "stopped"),
    [
        ("-q CONNECT", NONE, "relay"),
        ("-q EHLO", NONE, "relay"),
        ("-q MAIL", {"deferred", "planned"}, "relay"),
        ("-q RCPT", {"deferred", "planned"}, "relay"),
        ("-q DATA", {"deferred", "planned"}, "relay"),
        ("-q .", {"in_doubt", "planned"}, "relay"),
        ("-q QUIT", ALL, None),
        ("-Q CONNECT", NONE, "relay"),
        ("-Q EHLO", NONE, "relay"),
        ("-Q MAIL", NONE, "relay"),
        ("-Q RCPT", {"deferred", "planned"}, "relay"),
        ("-Q DATA", {"deferred", "planned"}, "relay"),
        ("-Q .", {"deferred", "planned"}, "relay"),
        ("-Q QUIT", ALL, None),
        ("-r CONNECT", NONE, "relay"),
        ("-r EHLO", NONE, "relay"),
        ("-r MAIL", NONE, "relay"),
        ("-r RCPT", {"deferred": READERS}, None),
        ("-r RCPT,RSET", {"deferred": READERS}, None),
        ("-r DATA", {"deferred": READERS}, None),
        ("-r .", {"deferred": READERS}, None),
        ("-r QUIT", ALL, None),
        ("-f CONNECT", NONE, "relay"),
        ("-f EHLO", ALL, None),  # its 500 says that it does not know the command, and HELO does
        ("-f MAIL", NONE, "sender"),
        ("-f RCPT", NONE, "content"),  # its 500 is a complaint about the command, not about the reader
        ("-f RCPT,RSET -B '550 5.1.1 unknown'", {"failed": READERS}, None),
        # Nobody is accepted, so it may as well be the relay: all of them are asked for once more.
        ("-f DATA -B '554 5.0.0 no'", {"deferred": READERS}, None),
        ("-f . -B '554 5.0.0 no'", {"deferred": READERS}, None),
        ("-f . -B '552 5.3.4 too big'", NONE, "content"),
        ("-A 0", OR_RESET, None),
        ("-p -A 0", OR_RESET, None),
    ],
)
def test_each_switch_has_its_outcome(
    ledger: Ledger, folder: Path, options: str, states: dict[str, int] | set[str] | frozenset[str], stopped: str | None
) -> None:
    with smtp_sink(folder, *shlex.split(options)) as port:
        job = sending(ledger, READERS, port, connections=CONNECTIONS)
        report = job.run()
    counts = tally(ledger, job.dispatch)
    assert (report.stopped and report.stopped.kind.label) == stopped, report.stopped
    if isinstance(states, frozenset):
        assert set(counts) <= states
    else:
        assert (counts if isinstance(states, dict) else set(counts)) == states
    tried = READERS - counts.get("planned", 0)
    assert tried in (0, READERS) or tried <= TROUBLES + CONNECTIONS
    with smtp_sink(folder) as port:
        # Everybody who may still get it does, from a receiver that is well, and nobody else.
        later = replace(
            job, now=NOW.replace(hour=20), policy=replace(job.policy, server=replace(job.policy.server, port=port))
        )
        assert later.run().stopped is None
    after = tally(ledger, job.dispatch)
    held = {state: count for state, count in counts.items() if state in ("failed", "in_doubt")}
    assert after == {key: n for key, n in {**held, "sent": READERS - sum(held.values())}.items() if n}


@pytest.mark.usefixtures("each_way")
@pytest.mark.parametrize("options", ["-H 1", "-w 1", "-W MAIL:1", "-W RCPT:1"])
def test_a_sink_that_is_slow_is_waited_for(ledger: Ledger, folder: Path, options: str) -> None:
    with smtp_sink(folder, *options.split()) as port:
        job = sending(ledger, 4, port, connections=4)
        assert job.run().stopped is None
    assert tally(ledger, job.dispatch) == {"sent": 4}
    assert len(list(folder.iterdir())) == 4


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "."])
def test_one_that_answers_too_late_is_left_and_only_the_dot_leaves_a_doubt(
    ledger: Ledger, folder: Path, command: str
) -> None:
    stage = {"MAIL": "mail", "RCPT": "rcpt", "DATA": "data", ".": "dot"}[command]
    soon = replace(Timeouts(), **{stage: 0.3})
    with smtp_sink(folder, "-W", f"{command}:20") as port:
        job = sending(ledger, 3, port, connections=1, timeouts=soon)
        job.run()
    states = {row.state for row in ledger.deliveries(job.dispatch)}
    assert states == {State.IN_DOUBT if command == "." else State.DEFERRED}


def test_one_that_answers_what_stands_behind_the_dot_before_the_dot_gets_plain_commands(
    ledger: Ledger, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In groups smtp-sink's delays do not hold back what comes behind them, so they are no test of waiting.
    monkeypatch.setattr(OFFERS, "now", (*OFFERS.usual, "PIPELINING"))
    with smtp_sink(folder, "-W", ".:1") as port:
        job = sending(ledger, 3, port, connections=1)
        report = job.run()
    assert report.out_of_step
    assert tally(ledger, job.dispatch) == {"sent": 3}
    assert len(list(folder.iterdir())) == 3
