"""Ask one address once: HEAD, then GET where HEAD is refused, redirects followed and noted. Touches: network.

Only the head of an answer is read, at most some 100 KB (httpcore's bound); then the connection is closed.
"""

import asyncio
import ssl
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

import httpcore

from newsletter import __version__
from newsletter.check.outside import LinkAnswer, VisitResult, address_of

from .addresses import InsideError, NoSuchHostError
from .turns import LeftAloneError, Turns

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_ENOUGH = 429  # too many requests: asks to be left alone
_GONE = frozenset({404, 410})
_MOST_HOPS = 8
_LONGEST = 2_048
"""Characters of an address that a redirect may lead to."""
_SAFE = "!$&'()*+,;=:@/?%~-._"
_HEADERS: dict[bytes | str, bytes | str] = {
    "User-Agent": f"newsletter-check/{__version__} (checks the links of a letter before it is sent)",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    # Nothing is asked twice of one host at once, and nothing is read of a body: a new connection is cheaper than both.
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class Head:
    """The status and, of a redirect, where to."""

    status: int
    location: str = ""


class BadAddressError(Exception):
    """An address that cannot be asked for at all."""


async def ask(pool: httpcore.AsyncConnectionPool, address: str, turns: Turns, seconds: float) -> LinkAnswer:
    """How an address answers; each request may take `seconds`. Never raises for what the other side does."""
    try:
        return await _follow(pool, address, turns, seconds)
    except (TimeoutError, httpcore.TimeoutException):
        return LinkAnswer(VisitResult.SILENT)
    except LeftAloneError:
        return LinkAnswer(VisitResult.REFUSED, _ENOUGH)
    except (httpcore.NetworkError, httpcore.ProtocolError, BadAddressError) as error:
        return _failed(error)


async def _follow(pool: httpcore.AsyncConnectionPool, address: str, turns: Turns, seconds: float) -> LinkAnswer:
    here, moved_to, for_good = address, "", True
    for _ in range(_MOST_HOPS + 1):
        head = await _head_of(pool, here, turns, seconds)
        there = _joined(here, head.location) if head.status in _REDIRECTS else ""
        if not there:
            return _judged(head, moved_to)
        for_good = for_good and head.status in _FOR_GOOD
        here = there
        moved_to = there if for_good else moved_to
    return LinkAnswer(VisitResult.LOOP)


def _joined(here: str, location: str) -> str:
    """Where a redirect leads, in ASCII, since it is shown; empty where that is nothing to visit, as `mailto:`."""
    try:
        address = address_of(urljoin(here, location)) if 0 < len(location) <= _LONGEST else ""
        return bytes(url_of(address)).decode("ascii") if address else ""
    except (ValueError, BadAddressError):
        return ""


async def _head_of(pool: httpcore.AsyncConnectionPool, address: str, turns: Turns, seconds: float) -> Head:
    """HEAD costs the other side least; where it is refused, also by silence, GET has the last word."""
    try:
        head = await _request(pool, "HEAD", address, turns, seconds)
    except (httpcore.ReadError, httpcore.RemoteProtocolError):
        head = None
    if head and (head.status < 400 or head.status == _ENOUGH):
        return head
    return await _request(pool, "GET", address, turns, seconds)


async def _request(pool: httpcore.AsyncConnectionPool, method: str, address: str, turns: Turns, seconds: float) -> Head:
    url = url_of(address)
    host = url.host.decode("ascii")
    async with (
        turns.turn(host),
        asyncio.timeout(seconds),
        pool.stream(method, url, headers=_HEADERS) as response,
    ):
        if response.status == _ENOUGH:
            turns.leave_alone(host)
        locations = [value for name, value in response.headers if name.lower() == b"location"]
        return Head(response.status, locations[0].decode("utf-8", "replace").strip() if locations else "")


def url_of(address: str) -> httpcore.URL:
    """The address in ASCII: IDNA for the host, percent signs for the rest; a login in it is left out.

    Raises BadAddressError.
    """
    try:
        parts = urlsplit(address)
        host = unquote(parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
        netloc = f"[{host}]{port}" if ":" in host else f"{host}{port}"
        path = quote(parts.path, safe=_SAFE) or "/"
        return httpcore.URL(urlunsplit((parts.scheme, netloc, path, quote(parts.query, safe=_SAFE), "")))
    except ValueError as error:
        raise BadAddressError(address) from error


def _judged(head: Head, moved_to: str) -> LinkAnswer:
    if head.status in _GONE:
        return LinkAnswer(VisitResult.GONE, head.status)
    if head.status >= 500:
        return LinkAnswer(VisitResult.FAILING, head.status)
    if 200 <= head.status < 300:
        return LinkAnswer(VisitResult.FINE, head.status, moved_to)
    return LinkAnswer(VisitResult.REFUSED, head.status)


def _failed(error: Exception) -> LinkAnswer:
    for kind, answer in _FAILURES.items():
        if isinstance(error, kind):
            tls = tls_error(error)
            return LinkAnswer(VisitResult.NO_TLS, detail=tls) if tls else LinkAnswer(answer)
    raise error


# In the order of asking: the first are kinds of the last.
_FAILURES: dict[type[Exception], VisitResult] = {
    InsideError: VisitResult.INSIDE,
    NoSuchHostError: VisitResult.NO_HOST,
    BadAddressError: VisitResult.UNREADABLE,
    httpcore.ConnectError: VisitResult.NOBODY,
    httpcore.NetworkError: VisitResult.CUT,
    httpcore.ProtocolError: VisitResult.NO_HTTP,
}


def tls_error(error: BaseException | None) -> str:
    """What TLS complained of, if it did: httpcore tells it as a failure to connect."""
    while error:
        if isinstance(error, ssl.SSLCertVerificationError):
            return str(error.verify_message)
        if isinstance(error, ssl.SSLError):
            return str(error.reason or error)
        error = error.__cause__ or error.__context__
    return ""
