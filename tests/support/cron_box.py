"""Debian's own cron and crontab with a spool of their own: what they write and start is a folder of the test.

The spool is compiled into both, so each runs in a mount namespace in which that folder lies over /var/spool/cron; the
machine's own tables, units and mail are not seen there. That needs root, or `sudo` without a password; where neither is
there, these tests fail: what is sent by itself each month is no place to skip.
"""

import grp
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from .cli import COMMAND, PATIENCE, environment

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


@dataclass(frozen=True)
class CronBox:
    """Folders in place of the machine's."""

    root: Path

    @classmethod
    def made(cls, root: Path) -> "CronBox":
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
        return box

    @property
    def units(self) -> Path:
        return self.root / "units"

    def newsletter(self, *words: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
        return self.run(*COMMAND, *words, cwd=cwd, **environ)

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
