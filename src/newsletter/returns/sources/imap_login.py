"""A link to an IMAP server: protected, and logged in. Touches: the network; starts the token command.

TLS by default; plaintext only towards this machine (docs/design.md 4.1). A login never leaves it unprotected. What a
server or the network says is translated here into UnavailableError (69).
"""

import imaplib
import os
import shlex
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

from newsletter.catalogue import SILENCE, Said, Verbatim, phrase
from newsletter.errors import Problem, SettingsError, UnavailableError
from newsletter.printable import one_line
from newsletter.settings.returns import ReturnsTable, is_plaintext
from newsletter.settings.system_reason import system_reason

IMAP_TIMEOUT = 60.0
"""Seconds for each step: a server that searches a large folder takes its time."""
_TOKEN_TIMEOUT = 60
_LONGEST_TOKEN = 16_384
_PORTS = {"imaps": 993, "imap": 143}
_OUR_SETTINGS = "NEWSLETTER_"


@dataclass(frozen=True, slots=True)
class ImapServer:
    """Where the mailbox is, and how one gets in. `str()` is fit for a log."""

    host: str
    port: int
    implicit_tls: bool
    plaintext: bool
    user: str
    password: str = field(default="", repr=False)
    token_command: str = field(default="", repr=False)
    ca_file: Path | None = None
    folder: str = ""
    """Of the URL; empty: those of the settings."""

    @classmethod
    def of(cls, url: str, returns: ReturnsTable, root: Path) -> "ImapServer":
        """Raises SettingsError (78) where there is neither password nor token command, or the file of certificates is
        none."""
        parts = urlsplit(url)
        password = returns.password.get_secret_value() if returns.password else ""
        if not password and not returns.token_command:
            raise _wrong("returns.imap", phrase("returns.imap.no_password"), phrase("returns.imap.give_the_password"))
        return cls(
            parts.hostname or "",
            parts.port or _PORTS[parts.scheme],
            parts.scheme == "imaps" or parts.port == _PORTS["imaps"],
            is_plaintext(url, returns.tls),
            unquote(parts.username or ""),
            password,
            returns.token_command,
            _ca_file(returns.ca_file, root),
            unquote(parts.path.strip("/")),
        )

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS["imaps" if self.implicit_tls else "imap"] else f":{self.port}"
        return f"{'imaps' if self.implicit_tls else 'imap'}://{host}{port}"


def log_in(server: ImapServer) -> BaseMailBox:
    """A link that is logged in, with no folder selected. UnavailableError (69) where that cannot be."""
    token = _token(server.token_command) if server.token_command else ""
    with translated(server):
        mailbox = _connect(server)
        try:
            if token:
                mailbox.xoauth2(server.user, token, initial_folder=None)
            elif "AUTH=PLAIN" in mailbox.client.capabilities:
                mailbox.login_utf8(server.user, server.password, initial_folder=None)
            else:
                mailbox.login(server.user, server.password, initial_folder=None)
        except (imaplib.IMAP4.error, ImapToolsError, UnicodeError) as error:
            if isinstance(error, imaplib.IMAP4.abort):
                raise
            mailbox.client.shutdown()
            raise UnavailableError(
                phrase("returns.imap.login_refused", server=str(server), said=_said(error)),
                hint=phrase("returns.imap.look_at_the_token" if token else "returns.imap.look_at_the_password"),
            ) from error
        return mailbox


@contextmanager
def translated(server: ImapServer) -> Iterator[None]:
    """UnavailableError (69) for whatever the server, the link or its certificate is the cause of."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise UnavailableError(
            phrase("returns.imap.certificate_refused", server=str(server), why=Verbatim(error.verify_message)),
            hint=phrase("returns.imap.name_the_ca_file"),
        ) from error
    except (imaplib.IMAP4.error, ImapToolsError, OSError) as error:
        raise UnavailableError(
            phrase("returns.imap.failed", server=str(server), why=_said(error)),
            hint=phrase("returns.imap.what_was_read_is_kept"),
        ) from error


def _connect(server: ImapServer) -> BaseMailBox:
    if server.plaintext:
        return MailBoxUnencrypted(server.host, server.port, timeout=IMAP_TIMEOUT)
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=server.ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if server.ca_file is not None:
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    kind = MailBox if server.implicit_tls else MailBoxStartTls
    return kind(server.host, server.port, timeout=IMAP_TIMEOUT, ssl_context=context)


def _token(command: str) -> str:
    """The first line that it prints. It gets our environment but for our settings, in which passwords may be."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_OUR_SETTINGS)}
    try:
        ended = subprocess.run(  # noqa: S603 - the operator's own command, without a shell
            shlex.split(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=_TOKEN_TIMEOUT,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        why = system_reason(error) if isinstance(error, OSError) else Verbatim(type(error).__name__)
        raise UnavailableError(phrase("returns.imap.no_token", why=why), hint=_token_hint()) from error
    token = ended.stdout[:_LONGEST_TOKEN].decode("ascii", "replace").strip().partition("\n")[0].strip()
    if ended.returncode or not token or not token.isprintable():
        why = phrase("returns.imap.token_status", status=str(ended.returncode))
        raise UnavailableError(phrase("returns.imap.no_token", why=why), hint=_token_hint())
    return token


def _token_hint() -> Said:
    return phrase("returns.imap.run_the_token_command")


def _said(error: Exception) -> Said:
    """The system's reason, or the server's words on one line."""
    if isinstance(error, TimeoutError):
        return phrase("returns.imap.silent", seconds=f"{IMAP_TIMEOUT:g}")
    if isinstance(error, OSError):
        return system_reason(error)
    return Verbatim(one_line(str(error))[:500])


def _ca_file(name: str, root: Path) -> Path | None:
    if not name:
        return None
    try:
        ssl.create_default_context(cafile=root / name)
    except OSError as error:  # also ssl's own
        reason = phrase("returns.imap.no_certificates", file=name, reason=system_reason(error))
        raise _wrong("returns.ca_file", reason) from error
    return root / name


def _wrong(path: str, words: Said, hint: Said = SILENCE) -> SettingsError:
    return SettingsError(problems=[Problem(words, path=path, hint=hint)])
