"""Send what a person has had planned, to its end, with what its letters lead to, and tell how that ended.

Touches: the ledger, the network, the archive.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from newsletter.catalogue import Said, phrase
from newsletter.errors import NewsletterError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.progress import Advance
from newsletter.report.ending import Ending
from newsletter.settings.workspace import Workspace

from .click_watch import watching_clicks
from .operator import tell_how_it_ended
from .publish import publish_ahead, publish_archive
from .report_after_run import page_for_operator, with_kept_report
from .returned import tell_returned
from .run import run_dispatch
from .sent_file import with_sent_file


def send_started(
    workspace: Workspace,
    ledger: Ledger,
    record: DispatchRecord,
    *,
    advance: Advance,
    say: Callable[[Said], None],
    first: int | None = None,
    retry_now: bool = False,
) -> Ending:
    """Send what was planned until nothing is due any more, and tell how that ended.

    `say` is told what is published before the first message and behind the last, where there is an archive.
    """
    ahead = _publish_ahead(workspace, ledger, record, say, first)
    with watching_clicks(workspace) as unread:
        ending = run_dispatch(workspace, ledger, record, advance=advance, first=first, retry_now=retry_now)
    ending = with_sent_file(workspace, ledger, record, ending)
    ending = with_kept_report(workspace, ledger, record, ending)
    behind = lead_to_what_is_out(workspace, ledger, say)
    ending = replace(ending, warnings=(*ahead, *unread, *ending.warnings, *behind))
    if not ending.worth_telling:
        return ending
    ending, page = page_for_operator(workspace, ledger, record, ending)
    ending = tell_how_it_ended(workspace, ledger, ending, page)
    returned = tell_returned(workspace, ledger, record, datetime.now(UTC))
    return replace(ending, warnings=(*ending.warnings, *returned))


def lead_to_what_is_out(workspace: Workspace, ledger: Ledger, say: Callable[[Said], None]) -> tuple[Said, ...]:
    """Let the archive lead to what is out; the letters are, so what goes wrong is a warning."""
    try:
        return publish_archive(workspace, ledger, say)
    except NewsletterError as error:
        return (phrase("workflow.publish.not_listed_yet", error=error),)


def _publish_ahead(
    workspace: Workspace, ledger: Ledger, record: DispatchRecord, say: Callable[[Said], None], first: int | None
) -> tuple[Said, ...]:
    """As `publish_ahead`; a canary waits paused, so that nobody goes on with everybody meanwhile."""
    again = None
    if first is not None:
        again = phrase("workflow.publish.begin_canary_again", slug=record.slug, first=first)
    return publish_ahead(workspace, ledger, record, say, again)
