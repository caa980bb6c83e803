"""What a person has to know when TLS with a relay does not come about. Touches: network, by a connection of its own.

Nothing is sent over these connections but the greeting and STARTTLS: neither login nor letter.
"""

import asyncio
import hashlib
import ssl
from contextlib import suppress
from typing import cast

import aiosmtplib

from newsletter.catalogue import Phrase, Said, Verbatim, phrase

from .server import Security, SMTPServer

_SECONDS = 4.0
"""For an answer to such a question: who waits for it has waited already."""

_UNTRUSTED = frozenset({18, 19, 20, 21})
"""OpenSSL's X509_V_ERR_*: self-signed, by an unknown authority, or with a chain that is not complete."""
_OTHER_NAME = frozenset({62, 64})
_NOT_YET, _EXPIRED = 9, 10


async def speaks_tls(server: SMTPServer) -> bool:
    """Whether the port waits for TLS, and not for a client that listens first."""
    try:
        async with asyncio.timeout(_SECONDS):
            _, writer = await asyncio.open_connection(server.host, server.port, ssl=_unverified())
    except ssl.SSLError as error:
        return "ALERT" in (error.reason or "")  # it has understood us, and wants something else
    except (OSError, TimeoutError):
        return False
    writer.transport.abort()
    return True


async def certificate_refused(server: SMTPServer, error: ssl.SSLCertVerificationError) -> Phrase:
    """Why the relay's certificate was not believed, and what to do about it."""
    if error.verify_code in _OTHER_NAME:
        return phrase("smtp.connect.certificate_of_another", host=server.host)
    if error.verify_code == _EXPIRED:
        return phrase("smtp.connect.certificate_expired")
    if error.verify_code == _NOT_YET:
        return phrase("smtp.connect.certificate_not_yet")
    if error.verify_code not in _UNTRUSTED:
        return phrase("smtp.connect.certificate_refused", reason=error.verify_message)
    found = await _fingerprint(server)
    shown: Said = Verbatim(found) if found else phrase("smtp.connect.certificate_not_seen")
    starttls = " -starttls smtp" if server.security is Security.STARTTLS else ""
    where = f"[{server.host}]:{server.port}" if ":" in server.host else f"{server.host}:{server.port}"
    command = f"openssl s_client -connect {where}{starttls} </dev/null | openssl x509 > relay.pem"
    return phrase("smtp.connect.certificate_untrusted", fingerprint=shown, command=command)


async def _fingerprint(server: SMTPServer) -> str:
    """SHA-256 of the relay's certificate, as `openssl x509 -fingerprint` shows it; empty where it was not seen."""
    smtp = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        timeout=_SECONDS,
        use_tls=server.security is Security.TLS,
        start_tls=server.security is Security.STARTTLS,
        tls_context=_unverified(),
        local_hostname="localhost",
    )
    der = None
    with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
        async with asyncio.timeout(2 * _SECONDS):
            await smtp.connect()
        der = smtp.get_transport_info("ssl_object").getpeercert(binary_form=True)
    transport = cast(asyncio.Transport | None, smtp.transport)
    if transport is not None:
        with suppress(AttributeError):  # CPython before 3.11.5, of one that is closed already
            transport.abort()
    smtp.close()
    await asyncio.sleep(0)
    return hashlib.sha256(der).digest().hex(":").upper() if der else ""


def _unverified() -> ssl.SSLContext:
    """To look at what is there, and to trust nothing of it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
