"""Fetch a feed that somebody named, once. Touches: network.

https alone, also behind a redirect, and public addresses alone unless somebody says otherwise: a redirect must not make
us knock at doors inside. Limits: 5 MB, 20 seconds altogether, five redirects, no proxy; what is packed is not
unpacked, since it is asked for as it is.
"""

import asyncio
import ssl
from urllib.parse import urljoin, urlsplit

import httpcore

from newsletter import __version__
from newsletter.catalogue import Said, Verbatim, phrase
from newsletter.errors import UnavailableError
from newsletter.printable import printable

from .addresses import Allowed, InsideError, NoSuchHostError, PublicBackend, is_public
from .asking import BadAddressError, tls_error, url_of

LARGEST_FEED = 5_000_000
"""Bytes; a feed with whole articles has some hundred thousand."""
_SECONDS = 20.0
_MOST_HOPS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_SHOWN = 200
_HEADERS: dict[bytes | str, bytes | str] = {
    "User-Agent": f"newsletter-feed/{__version__} (reads a feed once, when its editor asks)",
    "Accept": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


def fetched_feed(
    address: str, *, allowed: Allowed = is_public, tls: ssl.SSLContext | None = None, seconds: float = _SECONDS
) -> bytes:
    """What is at an https address; `allowed` says which IP addresses may be connected to. Raises UnavailableError."""
    context = tls or httpcore.default_ssl_context()
    try:
        return asyncio.run(_fetched(address, allowed, context, seconds))
    except (TimeoutError, httpcore.TimeoutException) as error:
        raise _failed(address, phrase("probes.hosted.is_silent", seconds=f"{seconds:g}")) from error
    except InsideError as error:
        raise _failed(address, phrase("probes.feed.is_inside")) from error
    except NoSuchHostError as error:
        raise _failed(address, phrase("probes.feed.has_no_host")) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, BadAddressError) as error:
        words = tls_error(error) or printable(str(error) or type(error).__name__)[:_MOST_SHOWN]
        raise _failed(address, phrase("probes.hosted.cannot_be_asked", why=Verbatim(words))) from error


async def _fetched(address: str, allowed: Allowed, tls: ssl.SSLContext, seconds: float) -> bytes:
    here = address
    async with (
        asyncio.timeout(seconds),
        httpcore.AsyncConnectionPool(tls, max_connections=1, network_backend=PublicBackend(allowed)) as pool,
    ):
        for _ in range(_MOST_HOPS + 1):
            if urlsplit(here).scheme != "https":
                raise _failed(address, phrase("probes.feed.is_not_https"))
            async with pool.stream("GET", url_of(here), headers=_HEADERS) as response:
                if response.status == 200:
                    return await _body(address, response)
                where = next((value for name, value in response.headers if name.lower() == b"location"), b"")
                if response.status not in _REDIRECTS or not where:
                    raise _failed(address, phrase("probes.hosted.is_refused", status=str(response.status)))
            here = urljoin(here, where.decode("utf-8", "replace"))
    raise _failed(address, phrase("probes.feed.leads_on"))


async def _body(address: str, response: httpcore.Response) -> bytes:
    body = bytearray()
    async for part in response.aiter_stream():
        body += part
        if len(body) > LARGEST_FEED:
            raise _failed(address, phrase("probes.feed.is_too_large", most=LARGEST_FEED // 1_000_000))
    return bytes(body)


def _failed(address: str, why: Said) -> UnavailableError:
    return UnavailableError(phrase("probes.feed.failed", address=printable(address)[:_MOST_SHOWN], why=why))
