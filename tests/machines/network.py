"""Machines of one kernel that meet on a bridge: each has a network, a boot id, a host name and a clock of its own.

    relay, PostgreSQL, the judge         10.77.0.1 on the bridge
    m1, m2 …                             10.77.0.11, .12 …, each behind a link that can be cut

Touches: processes, namespaces. A machine is a process that waits in three namespaces (network, mounts, host name), with
a boot id of its own mounted over the kernel's; who sends on it enters them first.
Limits: all of it is made inside namespaces of the harness's own (`apart`), where nothing else is in the way and with
which it goes. That needs root, or `sudo` without a password.
"""

import ctypes
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = "10.77.0.1"
"""Where the relay and the database are."""
NET = "10.77.0.0/24"
_BRIDGE = "town"
_ENTERED = ("net", "uts", "mnt")
"""The mounts last: what follows is seen in them."""
_WAITS = """set -e
hostname "$1"
mount --bind "$2" /proc/sys/kernel/random/boot_id
echo made
read -r linked
ip link set lo up
ip address add "$3" dev eth0
ip link set eth0 up
echo "$linked"
exec cat
"""


@dataclass(frozen=True)
class Machine:
    """One that waits to be worked on."""

    name: str
    root: Path
    """Its own folder: nothing of the other machines' is in it."""
    waits: "subprocess.Popen[str]"

    @property
    def number(self) -> int:
        return self.waits.pid

    def cut(self) -> None:
        """Whatever is on its way to it and from it is lost until `mend`; nobody is told."""
        _run("ip", "link", "set", self.name, "down")

    def mend(self) -> None:
        _run("ip", "link", "set", self.name, "up")


def apart(*command: str) -> list[str]:
    """The same command in namespaces of its own; all that it starts ends with it, whatever happens to it."""
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n", "--preserve-env"]
    return [*sudo, "unshare", "-n", "-m", "-p", "-f", "--kill-child", "--mount-proc", *command]


@contextmanager
def network(root: Path, machines: int) -> Iterator[list[Machine]]:
    """So many machines on a new bridge; `root` has a folder for each."""
    _run("ip", "link", "set", "lo", "up")
    _run("ip", "link", "add", _BRIDGE, "type", "bridge")
    _run("ip", "address", "add", f"{HERE}/24", "dev", _BRIDGE)
    _run("ip", "link", "set", _BRIDGE, "up")
    try:
        with ExitStack() as running:
            yield [running.enter_context(_machine(root, number)) for number in range(1, machines + 1)]
    finally:
        _run("ip", "link", "delete", _BRIDGE)


@contextmanager
def _machine(root: Path, number: int) -> Iterator[Machine]:
    name = f"m{number}"
    folder = root / name
    folder.mkdir()
    boot_id = root / f"{name}.boot_id"
    boot_id.write_text(f"{uuid.uuid4()}\n", encoding="ascii")
    words = ["unshare", "-n", "-m", "-u", "sh", "-c", _WAITS, "sh", name, str(boot_id), f"10.77.0.{10 + number}/24"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as waits:
        assert waits.stdin is not None
        try:
            _hear(waits, "made")
            _run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", str(waits.pid))
            _run("ip", "link", "set", name, "master", _BRIDGE, "up")
            waits.stdin.write("linked\n")
            _hear(waits, "linked")
            yield Machine(name, folder, waits)
        finally:
            # The kernel takes the link away with the machine, but some time later: the next one has the same name.
            subprocess.run(("ip", "link", "del", name), check=False, stderr=subprocess.DEVNULL)
            waits.stdin.close()  # it reads until then


def enter(machine: int) -> None:
    """From here on this process, which must have one thread only, is on the machine with this number."""
    libc = ctypes.CDLL(None, use_errno=True)
    for kind in _ENTERED:
        with Path(f"/proc/{machine}/ns/{kind}").open("rb") as namespace:
            if libc.setns(namespace.fileno(), 0) != 0:
                raise OSError(ctypes.get_errno(), f"the {kind} of machine {machine} cannot be entered")


def _hear(waits: "subprocess.Popen[str]", word: str) -> None:
    assert waits.stdout is not None
    heard = waits.stdout.readline().strip()
    if heard != word:
        raise OSError(f"a machine cannot be made here: {heard or 'its own words are above'}")


def _run(*words: str) -> None:
    subprocess.run(words, check=True)


def main(arguments: Sequence[str]) -> None:
    """Run a module apart: `python -m tests.machines.network tests.machines.often --seed 1`."""
    command = apart(sys.executable, "-m", *arguments)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
