"""From an address to a connection that is safe to send on: TCP, TLS, EHLO, login. Touches: network.

aiosmtplib (>= 5.1.3) does the greeting, EHLO, STARTTLS and AUTH; then a `SMTPProtocol` takes the transport over.

Limits: HELO only where neither STARTTLS nor a login needs EHLO; nothing falls back from TLS to plaintext; STARTTLS that
is not offered ends the attempt.
"""

import asyncio
import re
import socket
import ssl
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import aiosmtplib

from newsletter.catalogue import Phrase, phrase
from newsletter.settings.system_reason import known_reason

from .login import SubmissionSMTP
from .protocol import SMTPProtocol
from .reply import Reply, no_reply, reply_of
from .reply_parser import LinkLostError
from .server import Security, SMTPServer, Timeouts
from .tls_questions import certificate_refused, speaks_tls

_NAME_LOOKUP_SECONDS = 2
_FQDN = re.compile(r"(?=.{4,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", re.ASCII)


class ConnectError(Exception):
    """No connection to send on; carries what the relay said, code 0 where it said nothing. Never leaves this stage."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"{reply.stage}: {reply}")
        self.reply = reply


@dataclass(frozen=True, slots=True)
class OpenConnection:
    """An open connection after its last EHLO and the login."""

    protocol: SMTPProtocol
    extensions: frozenset[str]
    """Upper case, as offered after the last EHLO."""


async def connect(server: SMTPServer, timeouts: Timeouts) -> OpenConnection:
    """Connect, greet, secure, log in. Raises ConnectError; whatever happens, nothing stays open then."""
    if server.username and server.security is Security.PLAINTEXT:
        raise ConnectError(no_reply("auth", phrase("smtp.server.login_in_plaintext")))
    smtp = SubmissionSMTP(
        hostname=server.host,
        timeout=timeouts.greeting,
        use_tls=server.security is Security.TLS,
        # Never None, which means "if it is offered", so that a man in the middle can strip it: STARTTLS is made
        # below, where it is a step of its own and a failure there has its own name.
        start_tls=False,
        tls_context=server.tls_context(),
        local_hostname="localhost",
    )
    stage = "connect"
    try:
        sock = await _open_socket(server, timeouts)
        await _greeted(smtp, sock, server, timeouts)
        smtp.local_hostname = await _our_name(sock)
        stage = "ehlo"
        await smtp.greet(may_be_plain=server.security is not Security.STARTTLS and not server.username)
        if server.security is Security.STARTTLS:
            stage = "starttls"
            await smtp.starttls()
            await smtp.ehlo()
        if server.username:
            stage = "auth"
            # With TLS the plain mechanisms come first: servers that offer CRAM-MD5 often cannot check it, and every
            # wrong try counts towards a lock-out.
            smtp.AUTH_METHODS = ("plain", "login", "cram-md5")
            await smtp.login(server.username, server.password)
        return _take_over(smtp)
    except BaseException as error:
        smtp.close()
        for _ in range(2):  # a transport closes its socket in the next rounds of the loop
            await asyncio.sleep(0)
        if isinstance(error, (aiosmtplib.SMTPException, OSError, TimeoutError, LinkLostError, UnicodeError)):
            refused = _certificate_error(error)
            said = no_reply(stage, await certificate_refused(server, refused)) if refused else _said(stage, error)
            raise ConnectError(said) from error
        raise


async def _greeted(smtp: aiosmtplib.SMTP, sock: socket.socket, server: SMTPServer, timeouts: Timeouts) -> None:
    """The relay has spoken first, as SMTP wants it. One that waits for TLS would be silent until both give up."""
    greeting = asyncio.ensure_future(smtp.connect(sock=sock))
    try:
        if server.security is not Security.TLS:
            await asyncio.wait({greeting}, timeout=timeouts.silence)
            if not greeting.done() and await speaks_tls(server):
                raise ConnectError(no_reply("connect", phrase("smtp.connect.tls_from_the_start")))
        await greeting
    finally:
        if not greeting.done():
            greeting.cancel()
            await asyncio.gather(greeting, return_exceptions=True)


async def _open_socket(server: SMTPServer, timeouts: Timeouts) -> socket.socket:
    """A connected socket to the first address of the host that answers; raises what the last one came to."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    failure: Exception = ConnectError(no_reply("connect", phrase("smtp.connect.no_address", host=server.host)))
    for family, kind, protocol, _, where in found:
        sock = socket.socket(family, kind, protocol)
        sock.setblocking(False)
        try:
            async with asyncio.timeout(timeouts.connect):
                await loop.sock_connect(sock, where)
        except OSError as error:
            # TimeoutError is an OSError, too.
            silent = phrase("smtp.connect.silent", seconds=f"{timeouts.connect:g}")
            failure = error if str(error) else ConnectError(no_reply("connect", silent))
            sock.close()
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise failure


async def _our_name(sock: socket.socket) -> str:
    """Our name for EHLO: the host's full name, else the address literal RFC 5321 4.1.3 asks for."""
    try:
        async with asyncio.timeout(_NAME_LOOKUP_SECONDS):
            name = await asyncio.to_thread(_full_name)
    except TimeoutError:
        name = ""
    if name:
        return name
    ip = sock.getsockname()[0].partition("%")[0]
    return f"[IPv6:{ip}]" if ":" in ip else f"[{ip}]"


@lru_cache(maxsize=1)
def _full_name() -> str:
    """The machine's full name; empty if it has none that a relay could believe."""
    name = socket.getfqdn().rstrip(".").lower()
    believable = _FQDN.fullmatch(name) and not name.endswith((".arpa", ".localdomain", ".local"))
    return name if believable else ""


def _take_over(smtp: aiosmtplib.SMTP) -> OpenConnection:
    transport = cast(asyncio.Transport | None, smtp.transport)
    if transport is None or transport.is_closing():
        raise LinkLostError(phrase("smtp.lost.closed_by_relay"))
    protocol = SMTPProtocol(transport)
    transport.set_protocol(protocol)
    return OpenConnection(protocol, frozenset(name.upper() for name in smtp.esmtp_extensions))


def _said(stage: str, error: BaseException) -> Reply:
    """What went wrong in the relay's words, or in ours with code 0."""
    if isinstance(error, aiosmtplib.SMTPResponseException) and error.code >= 200:
        return reply_of(stage, error.code, error.message)
    if (reason := _reason(error)) is not None:
        return no_reply(stage, reason)
    text = error.message if isinstance(error, aiosmtplib.SMTPException) else str(error)
    return reply_of(stage, 0, text or type(error).__name__)


def _certificate_error(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """Why the relay's certificate was refused, wherever the library has put that."""
    return next((cause for cause in _causes(error) if isinstance(cause, ssl.SSLCertVerificationError)), None)


def _causes(error: BaseException) -> list[BaseException | None]:
    """The error itself, and what the library has made it from."""
    return [error, error.__cause__, error.__context__]


def _reason(error: BaseException) -> Phrase | None:
    """What a person can act upon; the system's own words name numbers of errors. None: the library's words will do."""
    if isinstance(error, LinkLostError):
        return error.reason
    causes = _causes(error)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return phrase("smtp.connect.no_such_host")
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return phrase("smtp.connect.nobody_answers")
    if any(isinstance(cause, ssl.SSLError) and cause.reason == "WRONG_VERSION_NUMBER" for cause in causes):
        return phrase("smtp.connect.no_tls_from_the_start")
    known = (known_reason(cause) for cause in causes if isinstance(cause, OSError))
    return next(filter(None, known), None)
