"""The service and the timer of systemd that send what is due, as texts. Touches: nothing.

Quoting is that of systemd.syntax(7) and of the tables in systemd.unit(5): in double quotes, with `\\`, `\"` and `%%`;
a `:` before the program keeps `$` as it is (systemd.service(5)). Hardening is that of systemd.exec(5). In a unit of a
user's own manager only what works without privileges is said; there PrivateUsers= makes the file system's part work.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from .job import CronJob

_SWEPT = ("/tmp", "/var/tmp")  # noqa: S108 - what PrivateTmp= puts others in the place of
_HARDENED = """\
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service
"""
_AS_USER = "PrivateUsers=yes\n"
_AS_ROOT = """\
CapabilityBoundingSet=
AmbientCapabilities=
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RemoveIPC=yes
"""
_NETWORK = """\
Wants=network-online.target
After=network-online.target
"""


@dataclass(frozen=True, slots=True)
class Units:
    """The two files of one workspace: their names, and what stands in them."""

    name: str
    service: str
    timer: str

    @property
    def files(self) -> dict[str, str]:
        return {f"{self.name}.service": self.service, f"{self.name}.timer": self.timer}


def units(job: CronJob, *, newsletter: str, system: bool, user: str | None) -> Units:
    """Of the machine (`system`; as `user`, if named) or of a user's own manager; `newsletter` is what it is called."""
    mark = (
        f"# By `newsletter schedule install`; `newsletter schedule remove` takes it out.\n# Workspace: {_json(job)}\n"
    )
    title = newsletter.replace("%", "%%").rstrip("\\")
    service = (
        f"{mark}\n[Unit]\nDescription=Send what is due of {title}\n{_NETWORK if system else ''}"
        f"\n[Service]\nType=oneshot\n{f'User={user}' + chr(10) if user else ''}{_started(job)}"
        f"{_HARDENED}{_AS_ROOT if system else _AS_USER}{_folders(job)}"
    )
    timer = (
        f"{mark}\n[Unit]\nDescription=Every ten minutes: send what is due of {title}\n"
        "\n[Timer]\nOnCalendar=*:0/10\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"
    )
    return Units(unit_name(job.workspace), service, timer)


def unit_name(workspace: Path) -> str:
    """`newsletter-letter-1f6a0c9d`: the folder as far as it can be read in ASCII, and what tells it from all others."""
    readable = re.sub(r"[^a-z0-9]+", "-", workspace.name.lower())[:40].strip("-")
    digest = hashlib.sha256(str(workspace).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return "-".join(filter(None, ("newsletter", readable, digest)))


def _started(job: CronJob) -> str:
    program, *more = job.program
    words = [f":{program}", *more, "--workspace", str(job.workspace), "send", "--due"]
    variables = "".join(f"Environment={_quoted(f'{name}={value}')}\n" for name, value in job.environ)
    # 75 is that another run goes on by itself (docs/design.md 4.4).
    return f"{variables}ExecStart={' '.join(map(_quoted, words))}\nSuccessExitStatus=75\n"


def _folders(job: CronJob) -> str:
    """What it may write to, and what it needs of a folder that PrivateTmp= hides; `-`: or is not there."""
    lines = [
        f"{'BindPaths' if _is_swept(folder) else 'ReadWritePaths'}={_quoted(f'{may_miss}{folder}')}\n"
        for may_miss, folder in dict.fromkeys((("", job.workspace), *(("-", folder) for folder in job.writable)))
    ]
    lines += [f"BindReadOnlyPaths={_quoted(str(path))}\n" for path in job.needed if _is_swept(path)]
    return "".join(lines)


def _is_swept(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in _SWEPT)


def _quoted(word: str) -> str:
    escaped = word.replace("\\", r"\\").replace('"', r"\"").replace("%", "%%")
    return f'"{escaped}"'


def _json(job: CronJob) -> str:
    """A comment ends with its line, and a backslash at the end would go on (systemd.syntax(7))."""
    return json.dumps(str(job.workspace), ensure_ascii=False)
