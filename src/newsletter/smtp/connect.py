"""From an address to a connection that is safe to send on: TCP, TLS, EHLO, login. Touches: network.

aiosmtplib (>= 5.1.3) does the greeting, EHLO, STARTTLS and AUTH; then a `SMTPProtocol` takes the transport over.

Limits: no fall-back to HELO, none from TLS to plaintext; STARTTLS that is not offered ends the attempt.
"""

import asyncio
import re
import socket
import ssl
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import aiosmtplib

from .protocol import LinkLostError, SMTPProtocol
from .reply import Reply, reply_of
from .server import Security, SMTPServer
from .timeouts import Timeouts

_NAME_LOOKUP_SECONDS = 2
_FQDN = re.compile(r"(?=.{4,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", re.ASCII)


class ConnectError(Exception):
    """No connection to send on; carries what the relay said, code 0 where it said nothing. Never leaves this stage."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"{reply.stage}: {reply.code or ''} {reply.text}")
        self.reply = reply


@dataclass(frozen=True, slots=True)
class OpenConnection:
    """An open connection after its last EHLO and the login."""

    wire: SMTPProtocol
    extensions: frozenset[str]
    """Upper case, as offered after the last EHLO."""


async def connect(address: SMTPServer, timeouts: Timeouts) -> OpenConnection:
    """Connect, greet, secure, log in. Raises DialError; whatever happens, nothing stays open then."""
    if address.username and address.security is Security.PLAINTEXT:
        raise ConnectError(Reply("auth", 0, "", "a login never travels in plaintext"))
    smtp = aiosmtplib.SMTP(
        hostname=address.host,
        timeout=timeouts.greeting,
        use_tls=address.security is Security.TLS,
        # Never None, which means "if it is offered", so that a man in the middle can strip it: STARTTLS is made
        # below, where it is a step of its own and a failure there has its own name.
        start_tls=False,
        tls_context=address.tls_context(),
        local_hostname="localhost",
    )
    stage = "connect"
    try:
        sock = await _reach(address, timeouts)
        await smtp.connect(sock=sock)
        smtp.local_hostname = await _our_name(sock)
        stage = "ehlo"
        await smtp.ehlo()
        if address.security is Security.STARTTLS:
            stage = "starttls"
            await smtp.starttls()
            await smtp.ehlo()
        if address.username:
            stage = "auth"
            # With TLS the plain mechanisms come first: servers that offer CRAM-MD5 often cannot check it, and every
            # wrong try counts towards a lock-out.
            smtp.AUTH_METHODS = ("plain", "login", "cram-md5")
            await smtp.login(address.username, address.password)
        return _take_over(smtp)
    except BaseException as error:
        smtp.close()
        if isinstance(error, (aiosmtplib.SMTPException, OSError, TimeoutError, LinkLostError, UnicodeError)):
            raise ConnectError(_said(stage, error)) from error
        raise


async def _reach(address: SMTPServer, timeouts: Timeouts) -> socket.socket:
    """A connected socket to the first address of the host that answers; raises the last OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    failure: OSError = OSError(f"{address.host} has no address")
    for family, kind, protocol, _, where in found:
        sock = socket.socket(family, kind, protocol)
        sock.setblocking(False)
        try:
            async with asyncio.timeout(timeouts.connect):
                await loop.sock_connect(sock, where)
        except OSError as error:
            # TimeoutError is an OSError, too.
            failure = error if str(error) else OSError(f"no answer for {timeouts.connect:g} seconds")
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
        raise LinkLostError("the relay closed the connection")
    wire = SMTPProtocol(transport)
    transport.set_protocol(wire)
    return OpenConnection(wire, frozenset(name.upper() for name in smtp.esmtp_extensions))


def _said(stage: str, error: BaseException) -> Reply:
    """What went wrong in the relay's words, or in ours with code 0."""
    if isinstance(error, aiosmtplib.SMTPResponseException) and error.code >= 200:
        return reply_of(stage, error.code, error.message)
    return reply_of(stage, 0, _in_words(error))


def _in_words(error: BaseException) -> str:
    """What a person can act upon; the system's own words name numbers of errors."""
    causes = [error, error.__cause__, error.__context__]
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "there is no such host; look at [smtp] url"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return "nobody answers at this host and port; look at [smtp] url"
    if any(isinstance(cause, ssl.SSLError) and cause.reason == "WRONG_VERSION_NUMBER" for cause in causes):
        return "the port does not speak TLS from the start; smtp:// begins in plain and uses STARTTLS"
    text = error.message if isinstance(error, aiosmtplib.SMTPException) else str(error)
    return text or type(error).__name__
