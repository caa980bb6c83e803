"""Debian's own cron and crontab with a spool of their own: what they write and start is a folder of the test.

The spool is compiled into both, so each runs in a mount namespace in which that folder lies over /var/spool/cron; the
machine's own tables, units and mail are not seen there. That needs root, or `sudo` without a password; where neither is
there, these tests fail: what is sent by itself each month is no place to skip.
"""

import grp
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from .cli import PATIENCE, environment

_MAILER = "/usr/sbin/sendmail"
_SCRIPT = """set -e
mount --bind "$1/spool" /var/spool/cron
mount --bind "$1/units" /etc/systemd/system
mount --bind "$1/empty" /etc/cron.d
mount --bind /dev/null /etc/crontab
mount -t tmpfs none /run
box=$1
shift
case $1 in /usr/sbin/cron)
    mount --bind "$box/sendmail" /usr/sbin/sendmail
    export LD_PRELOAD="$box/soon.so"
esac
exec "$@"
"""

_CALLS = """
import contextlib, io, json, os, sys
from newsletter.__main__ import exit_code_of
for line in sys.stdin:
    words, cwd, environ = json.loads(line)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environ)
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        code = exit_code_of(words)
    print(json.dumps([code, out.getvalue(), err.getvalue()]), flush=True)
"""


@dataclass(frozen=True)
class CronBox:
    """Folders in place of the machine's."""

    root: Path
    _calls: "list[subprocess.Popen[str]]" = field(default_factory=list)
    """The process in the box that runs our commands, once there was one: to load it takes longer than most of them."""

    @classmethod
    @contextmanager
    def made(cls, root: Path) -> Iterator["CronBox"]:
        """In an empty folder."""
        for program in ("cron", "crontab", "unshare"):
            if shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin") is None:
                pytest.fail(f"these tests need the program {program} (Debian: apt install cron util-linux)")
        for name in ("spool/crontabs", "units", "empty", "mail"):
            (root / name).mkdir(parents=True)
        mailer = root / "sendmail"
        mailer.write_text(f'#!/bin/sh\ncat > "$(mktemp {root}/mail/XXXXXX)"\n', encoding="ascii")
        mailer.chmod(0o755)
        box = cls(root)
        box.run("chown", f":{grp.getgrnam('crontab').gr_gid}", str(root / "spool/crontabs"))
        box.run("chmod", "1730", str(root / "spool/crontabs"))
        try:
            yield box
        finally:
            for calls in box._calls:
                calls.communicate()  # it reads until then

    @property
    def units(self) -> Path:
        return self.root / "units"

    def newsletter(self, *words: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
        """One of our commands, in the box; what cron starts is a process of its own."""
        if not self._calls:
            command = [*self._enter(), sys.executable, "-c", _CALLS]
            pipe = subprocess.PIPE
            self._calls.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment(), text=True))
        (calls,) = self._calls
        assert calls.stdin
        assert calls.stdout
        calls.stdin.write(f"{json.dumps([words, str(cwd), environment(**environ)])}\n")
        calls.stdin.flush()
        code, out, err = json.loads(calls.stdout.readline())
        return subprocess.CompletedProcess(words, code, out, err)

    def table(self) -> str:
        """What the real `crontab -l` shows; empty where there is none."""
        return self.run("crontab", "-l").stdout

    def put(self, table: str) -> None:
        ended = self.run("crontab", "-", given=table)
        assert ended.returncode == 0, ended.stderr

    def mails(self) -> list[str]:
        """What cron has mailed."""
        return [path.read_text(encoding="utf-8") for path in (self.root / "mail").iterdir()]

    @contextmanager
    def daemon(self) -> Iterator[None]:
        """A cron that starts what is in the table, each minute and first in two seconds, while the block runs."""
        source = Path(__file__).with_name("soon.c")
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", self.root / "soon.so", source], check=True)
        with subprocess.Popen([*self._enter(), "/usr/sbin/cron", "-f"], env=environment()) as cron:
            try:
                yield
            finally:
                cron.kill()  # all that it started goes with its namespace

    def run(
        self, *command: str, cwd: Path | None = None, given: str = "", **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Any command, in the box."""
        ended = subprocess.run(
            [*self._enter(), *command],
            cwd=cwd,
            env=environment(**environ),
            input=given,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        if "unshare" in ended.stderr or "mount:" in ended.stderr:
            pytest.fail(f"a mount namespace is needed to keep cron away from this machine's tables: {ended.stderr}")
        return ended

    def _enter(self) -> list[str]:
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n", "--preserve-env"]
        return [*sudo, "unshare", "-m", "-p", "-f", "--kill-child", "sh", "-c", _SCRIPT, "sh", str(self.root)]
