"""A real IMAP server, Dovecot, on two free ports of this machine: plaintext with STARTTLS, and TLS.

Touches: processes, the disk. All its files are in one folder. As root it runs as Debian's own users; the mailbox is a
Maildir, in which tests put messages, and the tokens of XOAUTH2 are JSON Web Tokens that it verifies itself.
"""

import base64
import getpass
import grp
import hashlib
import hmac
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.smtp_script import Authority, authority

USER, PASSWORD = "bounces@example.org", "secret-of-the-mailbox"
PATIENCE = 60
"""Seconds to wait for what must come; it only bounds a hang."""
_TOKEN_KEY = b"a key that only this server and its tests know"
_CONFIG = """\
auth_failure_delay = 0
protocols = imap
listen = 127.0.0.1
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {group}
mail_location = maildir:{root}/mail
mail_max_userip_connections = 0
first_valid_uid = 0
first_valid_gid = 0
ssl = yes
ssl_cert = <{root}/server.pem
ssl_key = <{root}/server.pem
ssl_dh =
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
namespace inbox {{
  inbox = yes
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {root}/oauth2.conf
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""
_OAUTH2 = """\
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={root}/keys/
username_attribute = sub
"""


_OWNER = "nobody" if os.geteuid() == 0 else getpass.getuser()
"""Of the mail: Dovecot serves none that is root's."""


@dataclass(frozen=True)
class Dovecot:
    """Where it listens, and where its mail lies."""

    root: Path
    port: int
    tls_port: int

    ca: Authority

    @property
    def inbox(self) -> Path:
        return self.root / "mail"

    def messages(self, folder: str = "") -> list[bytes]:
        """What lies in a folder, INBOX where none is named."""
        where = self.inbox / f".{folder}" if folder else self.inbox
        return [path.read_bytes() for part in ("new", "cur") for path in sorted((where / part).glob("*"))]

    def empty(self) -> None:
        shutil.rmtree(self.inbox, ignore_errors=True)
        for part in ("tmp", "new", "cur"):
            (self.inbox / part).mkdir(parents=True)
        for path in (self.inbox, *self.inbox.iterdir()):
            shutil.chown(path, _OWNER)

    def deliver(self, *messages: bytes) -> None:
        for number, message in enumerate(messages):
            path = self.inbox / "new" / f"1669000000.{number}.mx"
            path.write_bytes(message)
            shutil.chown(path, _OWNER)


def token(user: str = USER, key: bytes = _TOKEN_KEY) -> str:
    """As an OAuth 2.0 server would give it (RFC 7519, HS256)."""
    parts = [{"alg": "HS256", "typ": "JWT"}, {"sub": user, "exp": 4_000_000_000}]
    said = b".".join(_base64(json.dumps(part).encode()) for part in parts)
    return (said + b"." + _base64(hmac.digest(key, said, hashlib.sha256))).decode()


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    root = Path(tempfile.mkdtemp(prefix="newsletter-dovecot-"))
    root.chmod(0o755)
    server = Dovecot(root, *_free_ports(), authority(root))
    _write_files(server)
    process = subprocess.Popen([_program(), "-F", "-c", str(root / "dovecot.conf")], stdin=subprocess.DEVNULL)
    try:
        _wait_for(server)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
        shutil.rmtree(root, ignore_errors=True)


def _write_files(server: Dovecot) -> None:
    root = server.root
    server.empty()
    for name in ("run", "state", "home"):
        (root / name).mkdir()
    server.ca.write_server(root / "server.pem", "localhost")
    keys = root / "keys" / "default" / "HS256"
    keys.mkdir(parents=True)
    (keys / "default").write_bytes(base64.b64encode(_TOKEN_KEY))
    login, internal = ("dovenull", "dovecot") if os.geteuid() == 0 else (getpass.getuser(),) * 2
    owner, group = pwd.getpwnam(_OWNER), grp.getgrgid(pwd.getpwnam(internal).pw_gid)
    values = {
        "root": root,
        "login": login,
        "internal": internal,
        "group": group.gr_name,
        "uid": owner.pw_uid,
        "gid": owner.pw_gid,
        "port": server.port,
        "tls_port": server.tls_port,
        "password": PASSWORD,
    }
    (root / "dovecot.conf").write_text(_CONFIG.format(**values))
    (root / "oauth2.conf").write_text(_OAUTH2.format(**values))


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


def _program() -> str:
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.fail("Dovecot is not installed (Debian: apt install dovecot-imapd)")
    return program


def _wait_for(server: Dovecot) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _answers(server.tls_port):
        if time.monotonic() > deadline:
            log = server.root / "log"
            pytest.fail(f"Dovecot does not answer:\n{log.read_text() if log.exists() else 'no log'}")
        time.sleep(0.05)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def _base64(octets: bytes) -> bytes:
    return base64.urlsafe_b64encode(octets).rstrip(b"=")
