"""Fetch what was published, to see that it is really there before a letter leads to it. Touches: network.

The address is the operator's own setting, so it may lead inside: an institute's intranet has archives, too. A redirect
is not followed: what is at the other end is not under our address, and the letter carries ours for ever.
"""

import asyncio
import hashlib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass

import httpcore

from newsletter import __version__
from newsletter.catalogue import Said, Verbatim, phrase
from newsletter.printable import printable

from .addresses import PublicBackend
from .asking import BadAddressError, tls_error, url_of

_AT_ONCE = 4
_MOST_SHOWN = 200
_HEADERS: dict[bytes | str, bytes | str] = {
    "User-Agent": f"newsletter-publish/{__version__} (looks whether what was published is there)",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    # What an older copy in a cache on the way says is not what a reader would be shown tomorrow.
    "Cache-Control": "no-cache",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What has to be at an address: these bytes, by their SHA-256 in hex, or a page with these words in it."""

    url: str
    most: int
    """Bytes; an answer that is longer is something else, and is not read to its end."""
    digest: str = ""
    words: str = ""


class _MissingError(Exception):
    """Why it is not there."""

    def __init__(self, why: Said) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """In seconds."""

    each: float = 30
    altogether: float = 300
    """A site that hangs is not waited for once for every picture."""


def not_there(
    expected: Sequence[Expected],
    *,
    limits: FetchLimits = FetchLimits(),
    tls: ssl.SSLContext | None = None,
) -> dict[str, Said]:
    """Those that are not there, and why.

    `tls` says whose certificates count; left out, those that the system or certifi trusts.
    """
    return asyncio.run(_fetch(expected, limits, tls or httpcore.default_ssl_context()))


async def _fetch(expected: Sequence[Expected], limits: FetchLimits, tls: ssl.SSLContext) -> dict[str, Said]:
    found: dict[str, Said] = {}
    turn = asyncio.Semaphore(_AT_ONCE)

    async def look(one: Expected) -> None:
        async with turn:
            try:
                await _look(pool, one, limits.each)
            except _MissingError as error:
                found[one.url] = error.why

    anywhere = PublicBackend(lambda _address: True)
    async with httpcore.AsyncConnectionPool(tls, max_connections=_AT_ONCE, network_backend=anywhere) as pool:
        tasks = {asyncio.create_task(look(one)): one for one in expected}
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=limits.altogether)
            for task in late:
                task.cancel()
                found[tasks[task].url] = phrase("probes.hosted.is_silent", seconds=f"{limits.altogether:g}")
            for ended in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(ended, Exception):
                    raise ended
    return {one.url: found[one.url] for one in expected if one.url in found}


async def _look(pool: httpcore.AsyncConnectionPool, one: Expected, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds), pool.stream("GET", url_of(one.url), headers=_HEADERS) as response:
            if response.status != 200:
                raise _MissingError(_refused(response))
            body = await _body(response, one.most)
    except (TimeoutError, httpcore.TimeoutException):
        raise _MissingError(phrase("probes.hosted.is_silent", seconds=f"{seconds:g}")) from None
    except (httpcore.NetworkError, httpcore.ProtocolError, BadAddressError) as error:
        told = tls_error(error)
        raise _MissingError(phrase("probes.hosted.cannot_be_asked", why=Verbatim(told or _words(error)))) from error
    if one.digest and hashlib.sha256(body).hexdigest() != one.digest:
        raise _MissingError(phrase("probes.hosted.is_another_file", size=len(body)))
    if one.words and one.words.encode() not in body:
        raise _MissingError(phrase("probes.hosted.is_another_page"))


async def _body(response: httpcore.Response, most: int) -> bytes:
    body = b""
    async for part in response.aiter_stream():
        body += part
        if len(body) > most:
            raise _MissingError(phrase("probes.hosted.is_too_large", most=most))
    return body


def _refused(response: httpcore.Response) -> Said:
    leads = next((value for name, value in response.headers if name.lower() == b"location"), b"")
    if 300 <= response.status < 400 and leads:
        where = printable(leads.decode("utf-8", "replace"))[:_MOST_SHOWN]
        return phrase("probes.hosted.leads_elsewhere", status=str(response.status), where=where)
    return phrase("probes.hosted.is_refused", status=str(response.status))


def _words(error: Exception) -> str:
    return printable(str(error) or type(error).__name__)[:_MOST_SHOWN]
