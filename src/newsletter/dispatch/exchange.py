"""News between this run and those of other commands and machines, by way of the ledger. Touches: the ledger.

What this one has to tell is gathered by its siblings' outbox; what others have told is taken as the siblings' words are
(hearing.py), a second or two late, where the pipes of one command take milliseconds.
"""

import json
from functools import partial

from newsletter.ledger.leases import Lease
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.sharing import Sharers

from .domain_limits import DomainLimits
from .group_commit import GroupCommit
from .news_as_json import as_told, from_told
from .siblings import Accepted, Elsewhere, News, Siblings

_MANY = 50
"""Leases; of most of them nothing is kept any more."""


class Exchange:
    """Owner of what was told and heard."""

    def __init__(
        self,
        ledger: Ledger,
        commits: GroupCommit,
        lease: Lease,
        siblings: Siblings,
        limits: DomainLimits,
        *,
        account: str,
        dispatch: int,
    ) -> None:
        self._ledger = ledger
        self._commits = commits
        self._lease = lease
        self._siblings = siblings
        self._limits = limits
        self._account = account
        self._dispatch = dispatch
        self._told = 0
        self._had_others = False
        self._heard: dict[int, int] = {}
        """The number of the last bulletin of each lease."""

    async def begin(self) -> None:
        """What was told before is in the lessons already."""
        self._heard = await self._commits.ask(partial(self._ledger.last_told, self._account))

    async def go_by(self, seen: Sharers) -> None:
        """Tell and hear, where somebody else is there who has not heard it by a pipe."""
        mine, command = self._lease.id, self._siblings.command
        others = any(one.lease != mine and not (command and one.command == command) for one in seen.all)
        await self.exchange()
        self._siblings.outbox.is_open = self._had_others = others

    async def exchange(self) -> None:
        """Tell all and hear all, also the last word of one that has just ended."""
        await self.tell()
        if not self._had_others:
            return
        since = partial(self._ledger.told_since, self._account, self._lease, self._siblings.command, dict(self._heard))
        for bulletin in await self._commits.ask(since):
            if bulletin.number <= self._heard.get(bulletin.lease, 0):
                continue  # heard at the same time by somebody else of this run
            self._heard[bulletin.lease] = bulletin.number
            for told in json.loads(bulletin.told):
                if (news := from_told(told)) is not None:
                    self._siblings.heard.put_nowait(Elsewhere(news, bulletin.dispatch == self._dispatch))
        if len(self._heard) > _MANY:
            kept = await self._commits.ask(partial(self._ledger.last_told, self._account))
            self._heard = {lease: number for lease, number in self._heard.items() if lease in kept}

    async def tell(self) -> None:
        """What was gathered. It is in the ledger when this returns."""
        news = self._siblings.outbox.take()
        told = [one for each in news if (one := as_told(self._shortened(each))) is not None]
        if told:
            self._told += 1
            await self._commits.ask(
                partial(
                    self._ledger.tell_others,
                    self._account,
                    self._lease,
                    self._siblings.command,
                    self._dispatch,
                    self._told,
                    json.dumps(told, ensure_ascii=False),
                )
            )

    def _shortened(self, news: News) -> News:
        """Of accepted letters to tens of thousands of domains only those count whose pace is looked after."""
        if not isinstance(news, Accepted):
            return news
        domains = type(news.domains)()
        for domain, count in news.domains.items():
            domains[domain if self._limits.looks_after(domain) else ""] += count
        return Accepted(domains)
