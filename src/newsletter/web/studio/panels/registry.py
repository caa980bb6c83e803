"""The list of panels, in the order of their tabs; how to add one is told in `__init__.py` beside. Touches: nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from newsletter.web.studio.model import Asked
from newsletter.web.studio.workspace_letters import Snapshot

from .audience import audience_panel
from .findings import findings_panel
from .issues import issues_panel
from .review import review_panel
from .sizes import sizes_panel


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: its name, also in the address and of the template, and what makes that which it shows.

    `make` may block for seconds and be called from several threads. UsageError: there is no such issue; what else is
    wrong with one the findings tell, and the panel is empty.
    """

    name: str
    make: Callable[[Snapshot, Asked], object]


PANELS = (
    Panel("findings", findings_panel),
    Panel("sizes", sizes_panel),
    Panel("audience", audience_panel),
    Panel("issues", issues_panel),
    Panel("review", review_panel),
)
