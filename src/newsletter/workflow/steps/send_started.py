"""Send what a person has had planned, to its end, and tell how that ended. Touches: the ledger, the network."""

from dataclasses import replace
from datetime import UTC, datetime

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.progress import Advance
from newsletter.report.ending import Ending
from newsletter.settings.workspace import Workspace

from .operator import tell_how_it_ended
from .returned import tell_returned
from .run import run_dispatch
from .sent_file import with_sent_file


def send_started(
    workspace: Workspace,
    ledger: Ledger,
    record: DispatchRecord,
    *,
    advance: Advance,
    first: int | None = None,
    retry_now: bool = False,
) -> Ending:
    """Send what was planned until nothing is due any more, and tell how that ended."""
    ending = run_dispatch(workspace, ledger, record, advance=advance, first=first, retry_now=retry_now)
    ending = with_sent_file(workspace, ledger, record, ending)
    if not ending.worth_telling:
        return ending
    ending = tell_how_it_ended(workspace, ledger, ending)
    returned = tell_returned(workspace, ledger, record, datetime.now(UTC))
    return replace(ending, warnings=(*ending.warnings, *returned))
