"""Everything that can be refused before an issue is planned: the approval, the audience, the checks.

Touches: the workspace's files, the ledger for reading.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from newsletter.audience.subscriber import Subscriber
from newsletter.catalogue import Said, phrase
from newsletter.check.audience import AudienceSummary
from newsletter.check.finding import Finding
from newsletter.dispatch.policy import Policy
from newsletter.edition.edition import Edition
from newsletter.edition.likeness import Likeness
from newsletter.errors import RefusedError
from newsletter.ledger.copies import refuse_copies
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import LedgerLostError, LedgerMissingError, Purpose
from newsletter.progress import Advance
from newsletter.report.expected_end import UNLIMITED, Allowance
from newsletter.report.layout import Row
from newsletter.report.plan import due_words, pace_words, plan_words
from newsletter.settings.model import Settings
from newsletter.settings.workspace import Workspace

from .approval import Approval, valid_approval
from .audience import suppressed_in
from .budget import pace_of
from .clicks import read_clicks
from .compose import with_defaults
from .examine import findings, refuse_errors
from .example_sender import refuse_example_sender
from .judged import RowKeeper
from .keys import signer_of
from .letter import Letter, default_edition, open_letter, render_all
from .list_change import ListChange, list_change
from .lost_secret import require_own_secret
from .newsletter import open_own_ledger
from .people import MailingList, people_to_mail
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
    now: datetime
    """When it was prepared, by the ledger's clock where there is one."""
    pace: Allowance = UNLIMITED
    although_like: frozenset[str] = frozenset()
    """Issues that it is like, and is another letter all the same: somebody said so."""
    alike: tuple[Likeness, ...] = ()
    """Issues that it is like, of which nobody said anything yet."""
    list_change: ListChange | None = None
    """How much the audience differs from the last issue's, where that is much."""
    keeper: RowKeeper | None = field(default=None, compare=False, repr=False)
    """The rows as they were judged; None where nobody kept them."""

    def refuse_likeness(self) -> None:
        """RefusedError (77) where it is like another one, for who cannot be asked."""
        refuse_copies(self.alike, self.letter.issue.slug, (), "send")

    def refuse_list_change(self) -> None:
        """ListChangedError (77) where far fewer or more would get it than the last one, for who cannot be asked."""
        if self.list_change is not None:
            raise self.list_change.refusal()

    def as_another_letter(self) -> "Fresh":
        """The same once somebody said so."""
        return replace(self, although_like=self.although_like | {one.slug for one in self.alike}, alike=())

    def summary(self, settings: Settings) -> Said:
        """The plan, in words for the question that follows."""
        edition = default_edition(self.editions, settings.newsletter.language)
        subject = with_defaults(edition, edition.subject)
        further = tuple(self._further(settings.newsletter.timezone))
        pace = pace_words(settings, self.audience.to_mail, self.pace, self.now)
        return plan_words(settings, self.letter.file, subject, self.audience, further, pace)

    def _further(self, zone: str) -> Iterator[Row]:
        if self.letter.issue.publish_at is not None:
            yield phrase("workflow.send.due"), due_words(self.letter.issue.publish_at, self.now, zone)
        if self.warnings:
            warnings = phrase("workflow.send.warnings", count=self.warnings, slug=self.letter.issue.slug)
            yield phrase("workflow.send.check"), warnings
        if self.first_ever:
            yield phrase("workflow.send.ledger"), phrase("workflow.send.ledger_is_made")


def prepare(
    workspace: Workspace, given: str, advance: Advance | None = None, although_like: Collection[str] = ()
) -> Fresh:
    """Do everything that can be refused before the question, for an issue never planned.

    Writes nothing but who left by a web server's log.
    """
    try:
        with open_own_ledger(workspace, Purpose.READ) as ledger:
            read_clicks(workspace, ledger)
            return prepare_fresh(workspace, given, ledger, advance, although_like)
    except LedgerLostError:
        raise
    except LedgerMissingError:
        return prepare_fresh(workspace, given, None, advance, although_like)


def prepare_fresh(
    workspace: Workspace,
    given: str,
    ledger: Ledger | None,
    advance: Advance | None = None,
    although_like: Collection[str] = (),
    *,
    goes_by_date: bool = False,
) -> Fresh:
    """Load, take the approved editions, check, and count the audience. `goes_by_date`: it is sent since it is due.

    A likeness to another issue is refused where the approval says nothing of it; where none is needed it is in
    `Fresh.alike`, but for the slugs in `although_like`.
    """
    letter = open_letter(workspace, given)
    refuse_forgotten(workspace, ledger, letter.issue.slug)
    people = people_to_mail(workspace, ledger)
    refuse_example_sender(workspace)
    if ledger is not None:
        require_own_secret(workspace, ledger)
    # A setting that cannot work is told before the plan.
    Policy.from_settings(workspace.settings, root=workspace.root)
    signer_of(workspace)
    cleared = cleared_to_send(letter, workspace)
    if ledger is not None and cleared.approval is not None:
        newest = ledger.scheduled(workspace.settings.newsletter.list_id, letter.issue.slug)
        if newest is not None:
            from .newest_approval import refuse_old_approval  # of most newsletters one machine has the files

            zone = workspace.settings.newsletter.timezone
            refuse_old_approval(newest, letter, cleared.approval, zone, goes_by_date=goes_by_date)
    editions, agreed = cleared.editions, cleared.although_like.union(although_like)
    alike = _unanswered(workspace, letter, cleared, agreed, ledger) if ledger else ()
    is_suppressed = suppressed_in(workspace, ledger) if ledger else None
    keeper = RowKeeper(people, editions)
    audience, found = check_to_send(workspace, letter, editions, people, is_suppressed, advance, keeper)
    return Fresh(
        letter,
        editions,
        audience,
        warnings=len(found),
        first_ever=ledger is None,
        now=ledger.now() if ledger else datetime.now(UTC),
        pace=pace_of(workspace.settings, ledger),
        although_like=agreed,
        alike=alike,
        list_change=_change(workspace, letter, audience, ledger) if ledger else None,
        keeper=keeper,
    )


def _change(workspace: Workspace, letter: Letter, audience: AudienceSummary, ledger: Ledger) -> ListChange | None:
    return list_change(ledger, workspace.settings.newsletter.list_id, letter.issue.slug, audience.to_mail)


def _unanswered(
    workspace: Workspace, letter: Letter, cleared: "Cleared", agreed: Collection[str], ledger: Ledger
) -> tuple[Likeness, ...]:
    slug = letter.issue.slug
    found = ledger.likenesses(workspace.settings.newsletter.list_id, slug, cleared.editions)
    if workspace.settings.schedule.require_approval:
        refuse_copies(found, slug, agreed)
    refuse_copies((one for one in found if one.is_copy), slug, ())
    return tuple(one for one in found if one.slug not in agreed)


def check_to_send(
    workspace: Workspace,
    letter: Letter,
    editions: dict[str, Edition],
    people: MailingList,
    is_suppressed: Callable[[Subscriber], bool] | None,
    advance: Advance | None = None,
    keeper: RowKeeper | None = None,
) -> tuple[AudienceSummary, tuple[Finding, ...]]:
    """The audience in numbers, and the warnings; what is wrong with it or with the issue is an InputError (65).

    `keeper` is given the rows for a plan.
    """
    audience = survey(letter.issue, editions, workspace.settings, people, is_suppressed, advance, keeper)
    found = findings(letter, editions, workspace, audience)
    refuse_errors(found, letter)
    _refuse_missing_variants(letter, editions, audience)
    return audience, found


@dataclass(frozen=True, slots=True)
class Cleared:
    """What may be sent of an issue."""

    editions: dict[str, Edition]
    although_like: frozenset[str] = frozenset()
    """Issues that it is like, as whoever approved it knew."""
    approval: Approval | None = None
    """None where none is needed."""


def cleared_to_send(letter: Letter, workspace: Workspace) -> Cleared:
    """The approved editions, byte for byte; freshly rendered ones where `[schedule] require_approval` is off."""
    if workspace.settings.schedule.require_approval:
        approval = valid_approval(letter, workspace)
        return Cleared(dict(approval.editions), frozenset(approval.although_like), approval)
    return Cleared(render_all(letter, workspace))


def _refuse_missing_variants(letter: Letter, editions: dict[str, Edition], audience: AudienceSummary) -> None:
    missing = sorted(audience.variants.keys() - editions.keys())
    if missing:
        raise RefusedError(
            phrase("workflow.approve.edition_is_missing", file=letter.file, editions=tuple(missing)),
            hint=phrase("workflow.approve.to_approve_all", slug=letter.issue.slug),
        )
