"""The ledger as the rest of the program knows it: one object made of its parts. Touches: what its parts touch.

What a method promises stands where it is: plan (`Planning`, `Revising`, `Latecomers`, `Copies`), send (`Leases`,
`Claiming`, `Outcomes`, `Amending`, `Pace`, `Budgets`), decide (`Control`, `Resolving`), people (`Subscriptions`,
`Suppressions`, `Forgetting`, `Imports`, `PeopleInOrder`, `LegalNotices`), one reader (`History`), what came back
(`Returns`, `ReturnLookup`), an issue in numbers (`Accounting`), how it went before (`Experience`), whose book it is
(`Newsletters`, `Renaming`), tell an operator (`Telling`), what is in the archive (`Publishing`, `PageViews`), who is
at it (`AtWork`), whether it is the newest (`Trust`), and what there is (`Queries`).

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
from .forgetting import Forgetting
from .history import History
from .imports import Imports
from .known_keys import KnownKeys
from .latecomers import Latecomers
from .legal_notices import LegalNotices
from .newsletters import Newsletters
from .outcomes import Outcomes
from .pace import Pace
from .page_views import PageViews
from .people_in_order import PeopleInOrder
from .planning import Planning
from .publishing import Publishing
from .queries import Queries
from .readers import LinkHolders
from .renaming import Renaming
from .resolving import Resolving
from .return_lookup import ReturnLookup
from .returned import Returned
from .returns import Returns
from .revising import Revising
from .saying_yes import SayingYes
from .sign_ups import SignUps
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
    Experience,
    Control,
    Resolving,
    AtWork,
    SignUps,
    SayingYes,
    Suppressions,
    Clicks,
    Subscriptions,
    Welcomes,
    LinkHolders,
    KnownKeys,
    Forgetting,
    Imports,
    PeopleInOrder,
    LegalNotices,
    Newsletters,
    Renaming,
    History,
    Accounting,
    Returned,
    Returns,
    ReturnLookup,
    Telling,
    Publishing,
    PageViews,
    Trust,
    Queries,
):
    """The durable book of deliveries and suppressions; made by `open_ledger`, closed by `close` or `with`."""

    def verify(self) -> Iterator[Verdict]:
        """One verdict for each promise of the book, as it is found."""
        yield newest(self.mark.distrust())
        yield from verify(self._database)
