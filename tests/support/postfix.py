"""A real Postfix of its own: configuration, queue, log and Maildir in a temporary folder, three ports on loopback.

One port offers pipelining, one does not, one speaks TLS from the start; the first two offer STARTTLS. Everybody under
example.com and news.example.org has the one mailbox; some addresses are refused, one is returned. With mailboxes that
are named, each of those has its own, and who else is written to is returned as unknown. Postfix starts only as root.
Touches: processes, disk.
"""

import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from .smtp_script import Authority, authority

PATIENCE = 60
"""Seconds to wait for what must come; it only bounds a hang."""
SIZE_LIMIT = 300_000
NOBODY = "nobody-here@example.com"
LATER = "come-back@example.com"
GONE = "gone@example.com"
"""Taken at the door, and returned to the sender, who has the same mailbox."""

_MAIN = """
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
maillog_file = {root}/log
maillog_file_prefixes = {root}
myhostname = relay.example.com
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
alias_maps =
message_size_limit = {size}
virtual_mailbox_limit = {size}
virtual_mailbox_domains = example.com, news.example.org
transport_maps = inline:{{ {{ {gone} = no-such-user: }} }}
virtual_mailbox_base = {root}/mail
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{uid}
smtpd_peername_lookup = no
local_header_rewrite_clients =
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions =
    check_recipient_access inline:{{ {{ {nobody} = 550 5.1.1 nobody here }}, {{ {later} = 450 4.2.0 come back }} }}
smtpd_tls_security_level = may
smtpd_tls_chain_files = {root}/relay.pem
"""
_NAMED = """
virtual_mailbox_domains = {domains}
transport_maps =
virtual_mailbox_base = /
virtual_mailbox_maps = inline:{{ {boxes} }}
recipient_delimiter = +
smtpd_reject_unlisted_recipient = no
"""
_MASTER = """
127.0.0.1:{pipelined} inet n - n - - smtpd
127.0.0.1:{plain} inet n - n - - smtpd
    -o smtpd_discard_ehlo_keywords=pipelining,silent-discard
127.0.0.1:{tls} inet n - n - - smtpd
    -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
no-such-user unix - n n - - pipe
    user=nobody argv=/bin/sh -c {{ exit 67 }}
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass
class Postfix:
    """A running instance."""

    root: Path
    ca: Authority
    ports: dict[str, int]
    """pipelined, plain, tls."""
    _running: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def log(self) -> str:
        return (self.root / "log").read_text(errors="replace")

    def start(self) -> None:
        command = [_program(), "-c", str(self.root / "etc"), "start-fg"]
        self._running = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)]
        for port in self.ports.values():
            _wait_for(partial(_answers, port), self)

    def stop(self) -> None:
        """At once, whatever it is at; what it has taken is in its queue."""
        # The process that was started is a shell: ended by itself it would leave the daemon behind.
        subprocess.run([_program(), "-c", str(self.root / "etc"), "abort"], capture_output=True, check=False)
        for process in self._running:
            process.wait(PATIENCE)
        for port in self.ports.values():
            _wait_for(partial(_is_silent, port), self)

    def mail(self, count: int) -> list[bytes]:
        """So many messages as they were delivered, once they are here; CRLF as on the wire. They are taken away."""
        box = self.root / "mail" / "box" / "new"
        _wait_for(lambda: box.is_dir() and len(list(box.iterdir())) >= count, self)
        files = list(box.iterdir())
        messages = [file.read_bytes().replace(b"\n", b"\r\n") for file in files]
        for file in files:
            file.unlink()
        return messages

    def delivered(self) -> set[str]:
        """Queue ids that the log says are in the mailbox."""
        return set(re.findall(r"virtual\[\d+\]: (\w+): .*status=sent \(delivered to maildir\)", self.log))


@contextmanager
def postfix(named: Mapping[str, Path] | None = None) -> Iterator[Postfix]:
    """With `named`, the Maildir of each address; what is behind a `+` is the same address."""
    if os.geteuid() != 0:
        pytest.skip("Postfix starts only as root")
    root = Path(tempfile.mkdtemp(prefix="newsletter-postfix-"))
    instance = Postfix(root, authority(root), dict(zip(("pipelined", "plain", "tls"), _free_ports(3), strict=True)))
    try:
        _write(instance, named or {})
        instance.start()
        yield instance
    finally:
        instance.stop()
        shutil.rmtree(root, ignore_errors=True)


def _write(instance: Postfix, named: Mapping[str, Path]) -> None:
    root, user = instance.root, pwd.getpwnam("nobody")
    root.chmod(0o755)
    for name in ("etc", "queue", "data", "mail"):
        (root / name).mkdir()
    shutil.chown(root / "data", "postfix")
    shutil.chown(root / "mail", user.pw_uid)
    instance.ca.write_server(root / "relay.pem", "localhost")
    main = _MAIN.format(root=root, uid=user.pw_uid, size=SIZE_LIMIT, nobody=NOBODY, later=LATER, gone=GONE)
    (root / "etc" / "main.cf").write_text(main + _with_boxes(named))
    (root / "etc" / "master.cf").write_text(_MASTER.format(**instance.ports))


def _with_boxes(named: Mapping[str, Path]) -> str:
    """The last word on a setting counts."""
    if not named:
        return ""
    domains = sorted({address.partition("@")[2] for address in named})
    boxes = ", ".join(f"{{ {address} = {path}/ }}" for address, path in named.items())
    return _NAMED.format(domains=", ".join(domains), boxes=boxes)


def _free_ports(count: int) -> list[int]:
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [server.getsockname()[1] for server in taken]
    for server in taken:
        server.close()
    return ports


def _program() -> str:
    program = shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.fail("Postfix is not installed (Debian: apt install postfix)")
    return program


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def _is_silent(port: int) -> bool:
    return not _answers(port)


def _wait_for(happened: Callable[[], bool], instance: Postfix) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > deadline:
            log = instance.root / "log"
            pytest.fail(f"Postfix is not where it should be:\n{log.read_text() if log.exists() else 'no log'}")
        time.sleep(0.05)
