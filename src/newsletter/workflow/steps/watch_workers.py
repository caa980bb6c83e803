"""Tell the operator what keeps workers from sending, and where there are none: at once, and daily while it lasts.

Touches: the ledger, for reading; whom the operator's settings name. A worker has no workspace, so it can mail nobody
itself; it tells the ledger.
"""

from datetime import timedelta

from newsletter.catalogue import Phrase, Said, phrase
from newsletter.errors import RunAgainError, UnavailableError
from newsletter.ledger.records import Purpose
from newsletter.ledger.worker_ledger import open_worker_ledger
from newsletter.report.announcement import Announcement, Occasion

from .cron_run import CronRun
from .told import of_words

_SOON = timedelta(minutes=5)
"""After a plan: a worker may just be starting."""


def watch_workers(cron: CronRun) -> int:
    """The exit code: 75 where somebody waits and nobody is at it, 69 where those who are cannot send."""
    newsletter, codes = cron.workspace.settings.newsletter.list_id, [0]
    with open_worker_ledger(cron.workspace, Purpose.READ) as ledger:
        living = [one for one in ledger.all_workers() if one.lives]
        waiting = [one for one in ledger.waiting_dispatches(cron.now) if one.newsletter == newsletter]
    for trouble in {
        str(one): one for worker in living for one in worker.troubles if _is_about(one, newsletter)
    }.values():
        codes.append(UnavailableError.exit_code)
        _tell(cron, f"worker {of_words(trouble)}", trouble, UnavailableError.exit_code)
    late = [one for one in waiting if one.planned_at < cron.now - _SOON]
    if late and not living:
        codes.append(RunAgainError.exit_code)
        _tell(cron, "no worker", phrase("workflow.worker.nobody", slug=late[0].slug), RunAgainError.exit_code)
    return max(codes)


def _tell(cron: CronRun, trouble: str, words: Said, code: int) -> None:
    cron.tell(trouble, Announcement(Occasion.STOPPED, words, exit_code=code, next_command="newsletter workers"))


def _is_about(trouble: Said, newsletter: str) -> bool:
    """What is about none is about all."""
    return isinstance(trouble, Phrase) and dict(trouble.values).get("newsletter", newsletter) == newsletter
