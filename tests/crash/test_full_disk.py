"""A disk that fills up in the middle of a run: exit 73, no further dot, and once there is room the rest is sent.

The ledger lies on a small tmpfs of its own, in a mount namespace that goes with the process.
"""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import State
from tests.support.books import planned, workspace_at
from tests.support.smtp_receiver import receiving
from tests.support.smtp_runs import log_of

from .driver import CONNECTIONS

READERS = 300
ROOM = 200
"""KB for the ledger's log to grow into: some 40 of the 75 commits that 300 readers take."""
_SCRIPT = """
set -eu
mount -t tmpfs -o size=16m tmpfs "$SMALL"
cp -a "$ROOT/.newsletter" "$SMALL/"
free=$(df -k --output=avail "$SMALL" | tail -n 1)
head -c "$((free - ROOM))k" /dev/zero >"$SMALL/ballast"
code=0
"$@" || code=$?
echo "$code"
rm "$SMALL/ballast"
"$@"
rm -rf "$ROOT/.newsletter"
cp -a "$SMALL/.newsletter" "$ROOT/"
"""


def test_a_disk_that_fills_up_stops_the_run_and_loses_nobody(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch = planned(book, READERS, lot=20)
    small = tmp_path / "small"
    small.mkdir()
    with receiving(log_of(tmp_path)) as receiver:
        url = "sqlite:///.newsletter/ledger.db"
        words = [sys.executable, "-m", "tests.crash.driver", str(small), url, str(dispatch), str(receiver.port)]
        alone = "-m" if os.geteuid() == 0 else "-Urm"
        ended = subprocess.run(
            ["unshare", alone, "sh", "-c", _SCRIPT, "sh", *words],
            env={**os.environ, "SMALL": str(small), "ROOT": str(tmp_path), "ROOM": str(ROOM)},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=False,
        )
        received = Counter(receiver.recipients())
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == "73"
    with open_ledger(workspace, Purpose.READ) as book:
        sent = {row.address for row in book.deliveries(dispatch, (State.SENT,))}
        doubted = {row.address for row in book.deliveries(dispatch, (State.IN_DOUBT,))}
        assert [found.promise for found in book.verify() if found.broken] == []
    assert [who for who, times in received.items() if times > 1] == []
    assert sent <= received.keys() <= sent | doubted
    assert len(sent | doubted) == READERS
    assert len(doubted) <= 2 * CONNECTIONS
