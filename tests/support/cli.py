"""The command as people and scripts run it: a process of its own, with nothing of the tester's settings."""

import os
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-m", "newsletter"]


def environment(**more: str) -> dict[str, str]:
    """This process's environment without any setting of a newsletter, in English, and with `more`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER_")}
    return {**clean, "TZ": "Asia/Seoul", "NEWSLETTER_LANG": "en", **more}


def newsletter(*words: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end, without a terminal."""
    return subprocess.run(
        [*COMMAND, *words],
        cwd=cwd,
        env=environment(**environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def started(*words: str, cwd: Path, **environ: str) -> subprocess.Popen[str]:
    """Start a command and go on; both streams are pipes."""
    return subprocess.Popen(
        [*COMMAND, *words],
        cwd=cwd,
        env=environment(**environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
