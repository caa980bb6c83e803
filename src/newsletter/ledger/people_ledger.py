"""The ledger with all that it can say of people, for the pages and commands that ask. Touches: what its parts touch.

Sign up and say yes (`SignUps`, `SayingYes`), come back, say why one left (`LinkHolders`), take over and hand over
(`WholeImports`, `Exporting`), one reader, and who was there at a moment (`History`), notices (`LegalNotices`), forget
(`Forgetting`), move all of it to another list_id (`Renaming`), and count who looks at the archive (`PageViews`). It is
a `Ledger` besides: who sends takes that one, and loads none of this.
"""

from datetime import timedelta

from newsletter.settings.workspace import Workspace

from .database import BUSY_SECONDS
from .exporting import Exporting
from .forgetting import Forgetting
from .history import History
from .lease_watch import LEASE_LASTS
from .ledger import Ledger
from .legal_notices import LegalNotices
from .open import open_database
from .page_views import PageViews
from .readers import LinkHolders
from .records import Purpose
from .renaming import Renaming
from .saying_yes import SayingYes
from .sign_ups import SignUps
from .whole_imports import WholeImports


class PeopleLedger(
    SignUps,
    SayingYes,
    LinkHolders,
    WholeImports,
    Exporting,
    History,
    LegalNotices,
    Forgetting,
    Renaming,
    PageViews,
    Ledger,
):
    """Made by `open_people_ledger`, and closed as a `Ledger` is."""


def open_people_ledger(
    workspace: Workspace, purpose: Purpose, *, lease_lasts: timedelta = LEASE_LASTS, patience: int = BUSY_SECONDS
) -> PeopleLedger:
    """As `open_ledger`."""
    database = open_database(workspace, purpose, patience=patience)
    return PeopleLedger(database, workspace.state, lease_lasts=lease_lasts)
