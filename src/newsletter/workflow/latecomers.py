"""Send an issue to those who joined after its plan, by hand: look, ask (the command line does), plan, run.

Touches: the subscriber file, the ledger, the network. It is the same dispatch, with the words that were approved and
frozen then: its file and its approval are not read again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from newsletter.catalogue import Said, lines, phrase
from newsletter.check.consent_dates import consent_date
from newsletter.dispatch.policy import Policy
from newsletter.errors import RefusedError, UsageError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord, Purpose
from newsletter.ledger.states import UNFINISHED, State
from newsletter.progress import Advance
from newsletter.report.audience import where_from
from newsletter.report.ending import Ending
from newsletter.report.expected_end import Allowance
from newsletter.report.latecomers import age_words, latecomer_words
from newsletter.report.plan import continue_words, pace_words, span_words
from newsletter.settings.workspace import Workspace

from .steps.budget import pace_of
from .steps.clicks import read_clicks
from .steps.compose import with_defaults
from .steps.dispatch import planned_dispatch, why_stopped
from .steps.keys import signer_of
from .steps.latecomers import LateAudience, add_latecomers, find_latecomers
from .steps.latecomers_due import knows_all
from .steps.newsletter import open_own_ledger
from .steps.send_started import send_started
from .steps.sent_file import refuse_forgotten

_OLDEST = timedelta(days=30)
"""Where `[schedule] latecomers` says nothing: who joins later waits for the next issue."""


@dataclass(frozen=True, slots=True)
class LateSending:
    """An issue that was sent, and who joined since."""

    found: LateAudience
    counts: Mapping[State, int]
    """Of those who were planned before."""
    pace: Allowance
    now: datetime
    """By the ledger's clock, when that was found."""

    @property
    def waiting(self) -> int:
        """Who was planned and has not got it: a run with them ended early."""
        return sum(self.counts[state] for state in UNFINISHED)

    @property
    def nothing_to_do(self) -> bool:
        return not self.found.count and not self.waiting

    def summary(self, workspace: Workspace) -> Said:
        """In words for the question; or that nobody joined."""
        found, settings, now = self.found, workspace.settings, self.now
        left_out, zone = found.passed_over.said(found.audience.bad.total), settings.newsletter.timezone
        if not found.count:
            age = age_words(found.record, zone, now)
            nobody = phrase("workflow.latecomers.nobody", age=age, left_out=left_out)
            return lines(nobody, continue_words(found.record, self.counts, zone)) if self.waiting else nobody
        editions = found.issue.editions
        edition = editions.get(settings.newsletter.language) or next(iter(editions.values()))
        return latecomer_words(
            settings,
            found.record,
            found.issue.letterhead,
            with_defaults(edition, edition.subject),
            count=found.count,
            file=where_from(found.audience),
            some=found.some,
            passed_over=left_out,
            pace=pace_words(settings, found.count + self.waiting, self.pace, now),
            now=now,
        )

    def many(self) -> Said | None:
        """What is strange about so many; None where it is nothing."""
        record, count = self.found.record, self.found.count
        if not self.found.is_mass:
            return None
        return phrase("workflow.latecomers.many", slug=record.slug, count=f"{count:,}", total=f"{record.total:,}")


def given_date(text: str) -> date:
    """A day from the command line; UsageError (64) where it is none."""
    found = consent_date(text)
    if found is None:
        raise UsageError(phrase("workflow.latecomers.is_no_date", given=text))
    return found


def require_sent(workspace: Workspace, given: str) -> None:
    """UsageError (64) where it was never planned: who is in the file gets it by `send`."""
    with planned_dispatch(workspace, given, never_planned=_never_sent):
        pass


def prepare_latecomers(workspace: Workspace, given: str, since: date | None, advance: Advance) -> LateSending:
    """Everything that can be refused before the question; writes nothing but who left by a web server's log.

    UsageError (64) where the issue was never planned. RefusedError (77) where it is stopped, or too old for everybody
    who joined to be meant; with `since` it may be of any age.
    """
    with planned_dispatch(workspace, given, readers=True, never_planned=_never_sent) as (ledger, record):
        ledger.require_newest()
        refuse_forgotten(workspace, ledger, record.slug)
        if stopped := why_stopped(record):
            raise stopped
        _refuse_old(workspace, ledger.now() - record.planned_at, record.slug, since)
        _refuse_unknown(ledger, record, since)
        # A setting that cannot work is told before the plan.
        Policy.from_settings(workspace.settings, root=workspace.root)
        signer_of(workspace)
        read_clicks(workspace, ledger)
        found = find_latecomers(workspace, ledger, record, since=since, advance=advance)
        return LateSending(found, ledger.counts(record.id), pace_of(workspace.settings, ledger), ledger.now())


def send_latecomers(
    workspace: Workspace,
    prepared: LateSending,
    *,
    advance: Advance,
    say: Callable[[Said], None] = lambda _words: None,
    retry_now: bool = False,
) -> Ending:
    """Plan them, and send until nothing is due any more."""
    with open_own_ledger(workspace, Purpose.SENDING) as ledger:
        read_clicks(workspace, ledger)
        if prepared.found.count:
            add_latecomers(workspace, ledger, prepared.found)
        record = ledger.record(prepared.found.record.id)
        return send_started(workspace, ledger, record, advance=advance, say=say, retry_now=retry_now)


def _never_sent(slug: str) -> UsageError:
    return UsageError(
        phrase("workflow.latecomers.never_sent", slug=slug), hint=phrase("workflow.latecomers.send_first", slug=slug)
    )


def _refuse_old(workspace: Workspace, age: timedelta, slug: str, since: date | None) -> None:
    limit = workspace.settings.schedule.latecomers or _OLDEST
    if since is None and age > limit:
        raise RefusedError(
            phrase("workflow.latecomers.is_old", slug=slug, age=span_words(age), limit=span_words(limit)),
            hint=phrase("workflow.latecomers.say_since", slug=slug),
        )


def _refuse_unknown(ledger: Ledger, record: DispatchRecord, since: date | None) -> None:
    """A book that was put back knows nobody who joined since it was copied; whoever consented later cannot have it."""
    adopted = ledger.adopted_at()
    if knows_all(ledger, record) or (adopted is not None and since is not None and since > adopted.date()):
        return
    raise RefusedError(
        phrase("workflow.latecomers.book_is_younger", slug=record.slug),
        hint=phrase("workflow.latecomers.say_since_then", slug=record.slug),
    )
