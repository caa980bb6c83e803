"""What a command costs before it does anything: CPU seconds of whole processes, the best and the median of ten.

python benchmarks/start_up.py [COMMAND]

COMMAND is the `newsletter` to measure (default: the one on the PATH). The letter is the example, approved, to its 14
readers; the relay is Postfix's smtp-sink. Touches: processes, a temporary folder.
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 10
FIRST_SEND = "send 2021-07 --yes"
MEASURED = (("--help", False), ("status 2021-07", True), ("send --due", True), ("check", False), (FIRST_SEND, False))
"""The words, and whether the letter was sent before."""


def seconds(command: str, words: str, cwd: Path, environ: dict[str, str]) -> float:
    """User and system time of one process, which must end well."""
    process = subprocess.Popen(
        [command, *words.split()], cwd=cwd, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, (words, process.returncode)
    return usage.ru_utime + usage.ru_stime


def workspace(folder: Path) -> Path:
    """The repository's own letter, with its example subscribers."""
    shutil.copytree(ROOT / "issues", folder / "issues")
    shutil.copy(ROOT / "newsletter.toml", folder)
    shutil.copy(ROOT / "subscribers.example.csv", folder / "subscribers.csv")
    return folder


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else "newsletter"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {**os.environ, "NEWSLETTER_SMTP__URL": f"smtp://127.0.0.1:{port}", "NEWSLETTER_SMTP__RATE": ""}
    user = ["-u", "root"] if os.geteuid() == 0 else []
    sink = shutil.which("smtp-sink", path=f"{os.environ['PATH']}:/usr/sbin") or "smtp-sink"
    with tempfile.TemporaryDirectory() as made, subprocess.Popen([sink, *user, f"127.0.0.1:{port}", "100"]) as relay:
        folder = Path(made)
        try:
            approved, sent = workspace(folder / "approved"), folder / "sent"
            seconds(command, "approve 2021-07 --yes --by Jane", approved, environ)
            shutil.copytree(approved, sent)
            seconds(command, FIRST_SEND, sent, environ)
            for words, afterwards in MEASURED:
                taken = []
                for number in range(ROUNDS):
                    fresh = folder / f"{number}"
                    shutil.copytree(sent if afterwards else approved, fresh)
                    taken.append(seconds(command, words, fresh, environ))
                    shutil.rmtree(fresh)
                print(f"| `{words}` | {min(taken):.2f} | {statistics.median(taken):.2f} |", flush=True)
        finally:
            relay.terminate()


if __name__ == "__main__":
    main()
