"""One rule: which replies it knows, and what they are about. Touches: nothing."""

import re
from dataclasses import dataclass
from datetime import timedelta

from newsletter.smtp.reply import Reply

from .reply_class import ReplyClass

STAGES = ("connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "dot", "returned")
_WITH_RECIPIENT = frozenset({"rcpt", "data", "dot", "returned"})


@dataclass(frozen=True, slots=True)
class ReplyRule:
    """One table of the file; an empty part matches everything."""

    id: str
    reply_class: ReplyClass
    stages: frozenset[str]
    domains: tuple[str, ...]
    codes: tuple[str, ...]
    enhanced: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    """Each has to be found."""
    unless: re.Pattern[str] | None
    """Must not be found."""
    rest: timedelta
    """Of a quota, or of what is not authenticated: how long nothing is tried. Otherwise nought."""
    is_vague: bool
    """Its words do not say whom they are about: a limit of the session may hide behind them (refusals.py)."""

    @property
    def is_receivers(self) -> bool:
        """It knows the receiver by its domain, so the reply is that receiver's word and not the relay's."""
        return bool(self.domains)

    def matches(self, reply: Reply, domain: str) -> bool:
        return (
            (not self.stages or reply.stage in self.stages)
            and (not self.domains or (reply.stage in _WITH_RECIPIENT and self._is_for(domain)))
            and (not self.codes or any(_code_fits(code, reply.code) for code in self.codes))
            and (not self.enhanced or any(_enhanced_fits(wanted, reply.enhanced) for wanted in self.enhanced))
            and all(pattern.search(reply.text) for pattern in self.patterns)
            and (self.unless is None or self.unless.search(reply.text) is None)
        )

    def _is_for(self, domain: str) -> bool:
        return any(domain == name or domain.endswith(f".{name}") for name in self.domains)


def domain_of(address: str) -> str:
    """The part after the last at sign; the ledger's keys have it as an A-label."""
    return address.rpartition("@")[2]


def _code_fits(wanted: str, code: int) -> bool:
    return f"{code:03}".startswith(wanted)


def _enhanced_fits(wanted: str, enhanced: str) -> bool:
    return enhanced.startswith(wanted[:-1]) if wanted.endswith("*") else enhanced == wanted
