"""Everything that can be refused before an issue is planned: the approval, the audience, the checks.

Touches: the workspace's files, the ledger for reading.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from newsletter.audience.subscriber import Subscriber
from newsletter.catalogue import Said, phrase
from newsletter.check.audience import AudienceSummary
from newsletter.check.finding import Finding
from newsletter.dispatch.policy import Policy
from newsletter.edition.edition import Edition
from newsletter.errors import RefusedError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import LedgerLostError, LedgerMissingError, Purpose
from newsletter.progress import Advance
from newsletter.report.expected_end import UNLIMITED, Allowance
from newsletter.report.layout import Row
from newsletter.report.plan import due_words, pace_words, plan_words
from newsletter.settings.model import Settings
from newsletter.settings.workspace import Workspace

from .approval import approved_editions
from .audience import subscriber_file, suppressed_in
from .budget import pace_of
from .compose import with_defaults
from .examine import findings, refuse_errors
from .keys import signer_of
from .letter import Letter, default_edition, open_letter, render_all
from .newsletter import open_own_ledger
from .sent_file import refuse_forgotten
from .survey import survey


@dataclass(frozen=True, slots=True)
class Fresh:
    """An issue that was never planned: what it would be sent as, and to whom."""

    letter: Letter
    editions: dict[str, Edition]
    audience: AudienceSummary

    warnings: int
    """Findings that do not stop a send."""
    first_ever: bool
    """There is no ledger yet, so nothing is known of earlier sendings."""
    pace: Allowance = UNLIMITED

    def summary(self, settings: Settings) -> Said:
        """The plan, in words for the question that follows."""
        edition = default_edition(self.editions, settings.newsletter.language)
        subject = with_defaults(edition, edition.subject)
        further = tuple(self._further(settings.newsletter.timezone))
        pace = pace_words(settings, self.audience.to_mail, self.pace, datetime.now(UTC))
        return plan_words(settings, self.letter.file, subject, self.audience, further, pace)

    def _further(self, zone: str) -> Iterator[Row]:
        if self.letter.issue.publish_at is not None:
            yield phrase("workflow.send.due"), due_words(self.letter.issue.publish_at, datetime.now(UTC), zone)
        if self.warnings:
            warnings = phrase("workflow.send.warnings", count=self.warnings, slug=self.letter.issue.slug)
            yield phrase("workflow.send.check"), warnings
        if self.first_ever:
            yield phrase("workflow.send.ledger"), phrase("workflow.send.ledger_is_made")


def prepare(workspace: Workspace, given: str, advance: Advance | None = None) -> Fresh:
    """Do everything that can be refused before the question, for an issue never planned; writes nothing."""
    try:
        with open_own_ledger(workspace, Purpose.READ) as ledger:
            return prepare_fresh(workspace, given, ledger, advance)
    except LedgerLostError:
        raise
    except LedgerMissingError:
        return prepare_fresh(workspace, given, None, advance)


def prepare_fresh(workspace: Workspace, given: str, ledger: Ledger | None, advance: Advance | None = None) -> Fresh:
    """Load, take the approved editions, check, and count the audience."""
    letter = open_letter(workspace, given)
    refuse_forgotten(workspace, ledger, letter.issue.slug)
    subscriber_file(workspace)
    # A setting that cannot work is told before the plan.
    Policy.from_settings(workspace.settings, root=workspace.root)
    signer_of(workspace)
    editions = editions_to_send(letter, workspace)
    is_suppressed = suppressed_in(workspace, ledger) if ledger else None
    audience, found = check_to_send(workspace, letter, editions, is_suppressed, advance)
    return Fresh(
        letter,
        editions,
        audience,
        warnings=len(found),
        first_ever=ledger is None,
        pace=pace_of(workspace.settings, ledger),
    )


def check_to_send(
    workspace: Workspace,
    letter: Letter,
    editions: dict[str, Edition],
    is_suppressed: Callable[[Subscriber], bool] | None,
    advance: Advance | None = None,
) -> tuple[AudienceSummary, tuple[Finding, ...]]:
    """The audience in numbers, and the warnings; what is wrong with it or with the issue is an InputError (65)."""
    path = subscriber_file(workspace)
    audience = survey(letter.issue, editions, workspace.settings, path, is_suppressed, advance)
    found = findings(letter, editions, workspace, audience)
    refuse_errors(found, letter)
    _refuse_missing_variants(letter, editions, audience)
    return audience, found


def editions_to_send(letter: Letter, workspace: Workspace) -> dict[str, Edition]:
    """The approved editions, byte for byte; freshly rendered ones where `[schedule] require_approval` is off."""
    if workspace.settings.schedule.require_approval:
        return approved_editions(letter, workspace)
    return render_all(letter, workspace)


def _refuse_missing_variants(letter: Letter, editions: dict[str, Edition], audience: AudienceSummary) -> None:
    missing = sorted(audience.variants.keys() - editions.keys())
    if missing:
        raise RefusedError(
            phrase("workflow.approve.edition_is_missing", file=letter.file, editions=tuple(missing)),
            hint=phrase("workflow.approve.to_approve_all", slug=letter.issue.slug),
        )
