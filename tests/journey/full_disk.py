"""One tick of cron while the disk has no room: the workspace's state lies on a small tmpfs, in a mount namespace."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

ROOM = 120
"""KB that the ledger may still grow by: enough to plan, and too little for the run."""
_SCRIPT = """
set -eu
mount -t tmpfs -o size=24m tmpfs "$SMALL"
cp -a "$STATE/." "$SMALL/"
free=$(df -k --output=avail "$SMALL" | tail -n 1)
head -c "$((free - ROOM))k" /dev/zero >"$SMALL/ballast"
mount --bind "$SMALL" "$STATE"
code=0
"$@" || code=$?
rm "$STATE/ballast"
umount "$STATE"
cp -a "$SMALL/." "$STATE/"
exit "$code"
"""
_PROCESS = """
import sys, datetime, time_machine
time_machine.travel(datetime.datetime.fromisoformat(sys.argv[1])).start()
sys.argv = ["newsletter", *sys.argv[2:]]
from newsletter.__main__ import main
main()
"""


def tick_on_a_full_disk(workspace: Path, when: datetime, relay: str) -> int:
    """The exit code of cron's command."""
    small = workspace.parent / "small"
    small.mkdir(exist_ok=True)
    alone = "-m" if os.geteuid() == 0 else "-Urm"
    command = [sys.executable, "-c", _PROCESS, when.isoformat(), "--quiet", "send", "--due"]
    ended = subprocess.run(
        ["unshare", alone, "sh", "-c", _SCRIPT, "sh", *command],
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER_")},
            "NEWSLETTER_SMTP__URL": relay,
            "NEWSLETTER_SMTP__RATE": "",
            "NEWSLETTER_LANG": "en",
            "SMALL": str(small),
            "STATE": str(workspace / ".newsletter"),
            "ROOM": str(ROOM),
        },
        cwd=workspace,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "No space" not in ended.stderr.splitlines()[0:1], ended.stderr
    return ended.returncode
