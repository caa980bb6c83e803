"""What one run may do: how fast, how often, how long, when to give up. Touches: nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from newsletter.ledger.run_terms import DomainTerms, RunTerms
from newsletter.settings.model import Settings
from newsletter.settings.rates import Window, kept_windows, slowest_per_second
from newsletter.settings.values import per_second
from newsletter.smtp.server import SMTPServer, Timeouts, account_of

from .reply_rules import ReplyRules, load_reply_rules
from .throttle import Limit


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings of a run, parsed once."""

    server: SMTPServer
    connections: int = 4
    rate: float | None = None
    """Messages a second over all connections; None: as fast as the relay takes them."""
    windows: tuple[Window, ...] = ()
    """Of hours and days, over all runs and processes that send as this account."""
    account: str = ""
    spare: int = 0
    """So many of each window are left for word to the operator."""
    retry: timedelta = timedelta(minutes=5)
    """First wait after a temporary refusal."""
    retry_most: timedelta = timedelta(hours=4)
    """The wait doubles up to this."""
    give_up_after: timedelta = timedelta(hours=48)
    pipelining: bool = True
    """Group commands where the relay offers it."""
    messages_per_connection: int = 500
    """Then a fresh one, which may meet another machine behind the same name."""
    idle: float = 60.0
    """Seconds after which a connection is not trusted any more."""
    mailbox_full_tries: int = 3
    mailbox_full_issues: int = 3
    """A mailbox that was full for so many issues in a row is suppressed."""
    first: int | None = None
    """A canary: so many deliveries by this process alone, then the dispatch is paused."""
    retry_now: bool = False
    """Do not honour the waiting times of what is deferred, nor of domains that rest."""
    due: bool = False
    """Begun by `send --due`: a pause tells that nobody sat at it."""
    timeouts: Timeouts = field(default_factory=Timeouts)
    per_domain: Mapping[str, Limit] = field(default_factory=dict)
    """By domain of recipients, with what is under it; `*` is each other one."""
    rules: ReplyRules | None = None
    """None: the rules of the package."""

    @property
    def relay(self) -> str:
        """The name by which the ledger keeps it."""
        return f"{self.server.host}:{self.server.port}"

    @property
    def shared_as(self) -> str:
        """Whom the relay counts for: who logs in, wherever that is; else the relay has its own."""
        return self.account if "@" in self.account else self.relay

    @property
    def terms(self) -> RunTerms:
        """What the ledger keeps of a run's settings."""
        domains = {name: DomainTerms(limit.connections, limit.rate) for name, limit in self.per_domain.items()}
        return RunTerms(self.relay, self.connections, self.rate, domains)

    @classmethod
    def from_settings(
        cls,
        settings: Settings,
        *,
        root: Path = Path(),
        first: int | None = None,
        retry_now: bool = False,
        due: bool = False,
    ) -> "Policy":
        """`root` is the workspace that paths in the settings are relative to. Raises SettingsError (78)."""
        return cls(
            server=SMTPServer.from_settings(settings, root),
            connections=settings.smtp.connections,
            pipelining=settings.smtp.pipelining,
            messages_per_connection=settings.smtp.messages_per_connection,
            idle=settings.smtp.idle.total_seconds(),
            rate=slowest_per_second(settings.smtp.rate),
            windows=kept_windows(settings.smtp.rate),
            account=account_of(settings.smtp),
            spare=len(settings.operator.notify),
            retry=settings.smtp.retry,
            per_domain={
                domain: Limit(limit.connections, per_second(limit.rate))
                for domain, limit in settings.smtp.per_domain.items()
            },
            give_up_after=settings.schedule.give_up_after,
            rules=_rules(settings, root),
            first=first,
            retry_now=retry_now,
            due=due,
        )


def _rules(settings: Settings, root: Path) -> ReplyRules | None:
    name = settings.smtp.rules
    return load_reply_rules(root, name, settings.variable("smtp.rules")) if name else None
