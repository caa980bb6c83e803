"""The ledger as the rest of the program knows it: one object made of its parts. Touches: what its parts touch.

What a method promises stands where it is: plan (`Planning`, `Revising`, `Latecomers`, `Copies`), send (`Leases`,
`Claiming`, `Outcomes`, `Amending`, `Pace`, `Budgets`, `Sharing`, `Telegraph`), decide (`Control`, `Resolving`), to whom
(`Subscriptions`, `PeopleInOrder`, `Welcomes`), and whom not (`Suppressions`, `RefusedAddresses`, `Clicks`), what came
back (`Returned`, `Returns`, `ReturnLookup`), an issue in numbers (`Accounting`), how it went before (`Experience`),
whose book it is (`Newsletters`, `KnownKeys`), tell an operator (`Telling`), what is in the archive (`Publishing`), who
is at it (`AtWork`), with what relay settings (`RelaySettingsKept`), whether it is the newest (`Trust`), and what there
is (`Queries`). What only the subscribers' pages and the commands about people ask for is in `people_ledger`: a run that
sends loads none of it.

Synchronous and thread-safe. Times are aware datetimes given by the caller; only leases look at a clock themselves.
Foreign errors arrive translated: CannotWriteError (73) when the disk is full or the database gone.
"""

from collections.abc import Iterator

from .accounting import Accounting
from .amending import Amending
from .at_work import AtWork
from .budgets import Budgets
from .claiming import Claiming
from .clicks import Clicks
from .control import Control
from .copies import Copies
from .experience import Experience
from .known_keys import KnownKeys
from .latecomers import Latecomers
from .news import Telegraph
from .newsletters import Newsletters
from .outcomes import Outcomes
from .pace import Pace
from .people_in_order import PeopleInOrder
from .planning import Planning
from .publishing import Publishing
from .queries import Queries
from .refused_addresses import RefusedAddresses
from .relay_settings import RelaySettingsKept
from .resolving import Resolving
from .return_lookup import ReturnLookup
from .returned import Returned
from .returns import Returns
from .revising import Revising
from .scheduling import Scheduling
from .sharing import Sharing
from .standbys import standbys
from .subscriptions import Subscriptions
from .suppressions import Suppressions
from .telling import Telling
from .trust import Trust
from .verify import Verdict, newest, verify
from .welcomes import Welcomes


class Ledger(
    Planning,
    Revising,
    Latecomers,
    Copies,
    Claiming,
    Outcomes,
    Amending,
    Pace,
    Budgets,
    Sharing,
    Telegraph,
    Experience,
    Control,
    Resolving,
    AtWork,
    Suppressions,
    RefusedAddresses,
    Clicks,
    Subscriptions,
    Welcomes,
    KnownKeys,
    PeopleInOrder,
    Newsletters,
    RelaySettingsKept,
    Scheduling,
    Accounting,
    Returned,
    Returns,
    ReturnLookup,
    Telling,
    Publishing,
    Trust,
    Queries,
):
    """The durable book of deliveries and suppressions; made by `open_ledger`, closed by `close` or `with`."""

    def verify(self) -> Iterator[Verdict]:
        """One verdict for each promise of the book, as it is found."""
        yield newest(self.mark.distrust())
        yield from verify(self._database)

    def may_lose_commits(self) -> bool:
        """Whether a standby follows for which no commit waits: one that took over might not have the last of them."""
        return bool(standbys(self._database).unwaited)
