"""Visit the links of a letter, politely: of one host one at a time and with a pause, of few hosts at once.

Touches: network. Limits: without a proxy; what is not reached in the time for all together is told as not visited.
"""

import asyncio
import ssl
from collections.abc import Iterable
from dataclasses import dataclass

import httpcore

from newsletter.check.outside import LinkAnswer, VisitResult
from newsletter.progress import Advance

from .addresses import Allowed, PublicBackend, is_public
from .asking import ask
from .turns import Turns


@dataclass(frozen=True, slots=True)
class Manners:
    """How much we ask of others, in seconds, and of how many hosts at once."""

    request: float = 10
    pause: float = 0.5
    """Between two requests to one host."""
    hosts: int = 6
    altogether: float = 180


def visit(
    addresses: Iterable[str],
    advance: Advance,
    *,
    manners: Manners = Manners(),
    allowed: Allowed = is_public,
    tls: ssl.SSLContext | None = None,
) -> dict[str, LinkAnswer]:
    """How each address answers; `allowed` says which IP addresses may be connected to, `tls` whose certificates count.

    Left out, these are public addresses, and the certificates that the system or certifi trusts.
    """
    context = tls or httpcore.default_ssl_context()
    return asyncio.run(_visit(list(dict.fromkeys(addresses)), advance, manners, allowed, context))


async def _visit(
    addresses: list[str], advance: Advance, manners: Manners, allowed: Allowed, tls: ssl.SSLContext
) -> dict[str, LinkAnswer]:
    answers = dict.fromkeys(addresses, LinkAnswer(VisitResult.NOT_VISITED))
    turns = Turns(manners.pause, manners.hosts)
    done = 0

    async def one(address: str) -> None:
        nonlocal done
        answers[address] = await ask(pool, address, turns, manners.request)
        done += 1
        advance(done, len(addresses))

    async with httpcore.AsyncConnectionPool(
        tls, max_connections=manners.hosts, max_keepalive_connections=0, network_backend=PublicBackend(allowed)
    ) as pool:
        tasks = [asyncio.create_task(one(address)) for address in addresses]
        if tasks:
            await asyncio.wait(tasks, timeout=manners.altogether)
        for task in tasks:
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended
    return answers
