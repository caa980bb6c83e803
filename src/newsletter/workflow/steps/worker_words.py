"""What a worker says, and when: each trouble once while it lasts. Touches: what `say` and `warn` touch."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from newsletter.catalogue import Phrase, Said, Verbatim, lines, phrase
from newsletter.dispatch.stop import StopKind
from newsletter.errors import NewsletterError
from newsletter.ledger.records import DispatchRecord
from newsletter.report.ending import Ending

from .worker_state import LEDGER, WorkerStatus

_QUIET = frozenset({StopKind.ASKED, StopKind.LEASE, StopKind.BUDGET, StopKind.QUOTA, StopKind.PAUSED, StopKind.LEDGER})
"""Ends of runs that wait for no person, or that somebody wanted."""


@dataclass(frozen=True, slots=True)
class WorkerWords:
    """The voice of one worker, and its memory of what was said."""

    status: WorkerStatus
    say: Callable[[Said], None]
    warn: Callable[[Said], None]

    def begins(self, where: str) -> None:
        self.status.is_starting = False
        self.say(phrase("workflow.worker.begins", ledger=where))

    def only_about(self, records: Iterable[DispatchRecord]) -> None:
        """What was in the way of others is over: they were sent elsewhere, paused or cancelled."""
        self.status.keep_troubles({LEDGER, *map(_key, records)})

    def ledger_is_gone(self, error: NewsletterError) -> None:
        self._meets(LEDGER, phrase("workflow.worker.ledger_gone", why=_kept(error)))

    def ledger_answers(self) -> None:
        self.status.heard_at = time.monotonic()
        if self.status.is_over(LEDGER):
            self.warn(phrase("workflow.worker.ledger_back"))

    def settings_changed(self, newsletter: str) -> None:
        self.say(phrase("workflow.worker.settings_changed", newsletter=newsletter))

    def drains(self, runs: int) -> None:
        self.status.is_draining = True
        if runs:
            self.say(phrase("workflow.worker.drains", count=runs))

    def cannot_send(self, record: DispatchRecord, error: NewsletterError) -> None:
        """It is tried again by itself, and told once."""
        trouble = phrase("workflow.worker.cannot_send", **_named(record), why=_kept(error))
        self._meets(_key(record), trouble, hint=error.hint)

    def has_a_bug(self, record: DispatchRecord, error: Exception) -> None:
        kind, words = type(error).__name__, str(error)
        self._meets(_key(record), phrase("workflow.worker.bug", **_named(record), kind=kind, words=words))

    def has_ended(self, record: DispatchRecord, ending: Ending) -> None:
        """A run, however."""
        stopped = ending.report.stopped
        if stopped is not None and stopped.kind not in _QUIET:
            trouble = phrase("workflow.worker.cannot_send", **_named(record), why=stopped.reason)
            if stopped.kind.pauses or self.status.meets(_key(record), trouble):
                self.warn(ending.summary())
            return
        self.status.is_over(_key(record))
        if ending.has_changed:
            (self.warn if ending.unauthenticated else self.say)(lines(ending.headline(), ending.counts_words()))

    def _meets(self, what: str, trouble: Phrase, hint: Said | None = None) -> None:
        if self.status.meets(what, trouble):
            self.warn(trouble if hint is None else lines(trouble, hint))


def _key(record: DispatchRecord) -> str:
    return f"{record.newsletter} {record.slug}"


def _named(record: DispatchRecord) -> dict[str, str]:
    return {"newsletter": record.newsletter, "slug": record.slug}


def _kept(error: NewsletterError) -> Said:
    """As the ledger can keep it."""
    return error.message if isinstance(error.message, Phrase) else Verbatim(str(error.message))
