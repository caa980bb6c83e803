"""Correct an issue that is being sent: whoever has not got it yet gets the corrected letter (docs/design.md 4.4).

Touches: the workspace's files, the ledger. Nothing else of the plan changes: the audience, the sender, the date and
each Message-ID stay. A run in progress goes on with the corrected letter from its next message.

Limits: values of merge fields and the choice of sections were made when the issue was planned. A correction that would
need others is refused, since the ledger could not say what a reader gets.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.catalogue import Said, Verbatim, lines, phrase
from newsletter.edition.edition import Edition
from newsletter.edition.variants import VariantRule
from newsletter.errors import RefusedError
from newsletter.ledger.records import DispatchRecord
from newsletter.ledger.states import REACHED, REVISABLE, DispatchStatus, State
from newsletter.report.layout import labelled
from newsletter.settings.model import Settings
from newsletter.settings.workspace import Workspace

from .steps.compose import with_defaults
from .steps.correction import refuse_other_sections, refuse_unknown_values
from .steps.dispatch import planned_dispatch
from .steps.examine import findings, refuse_errors
from .steps.letter import Letter, default_edition, open_letter
from .steps.prepare import cleared_to_send
from .steps.survey import sizes_alone


@dataclass(frozen=True, slots=True)
class Revision:
    """A correction that may be made."""

    letter: Letter
    editions: dict[str, Edition]
    record: DispatchRecord
    counts: dict[State, int]
    although_like: frozenset[str] = frozenset()

    def summary(self, settings: Settings) -> Said:
        """What would follow, in words for the question."""
        edition = default_edition(self.editions, settings.newsletter.language)
        wait, have = (sum(self.counts[state] for state in states) for states in (REVISABLE, REACHED))
        kept = (phrase("workflow.control.sent"), phrase("workflow.control.keep_theirs", count=have))
        return labelled(
            (phrase("workflow.control.issue"), Verbatim(self.letter.file)),
            (phrase("workflow.control.subject"), Verbatim(with_defaults(edition, edition.subject))),
            (phrase("workflow.control.waiting"), phrase("workflow.control.would_get_it", count=wait)),
            *([kept] if have else []),
        )


def prepare_revision(workspace: Workspace, given: str) -> Revision:
    """Everything that can be refused before the question; writes nothing."""
    with planned_dispatch(workspace, given) as (ledger, record):
        _refuse_ended(record, counts := ledger.counts(record.id))
        letter = open_letter(workspace, given)
        cleared = cleared_to_send(letter, workspace)
        editions = cleared.editions
        refuse_errors(
            findings(letter, editions, workspace, sizes_alone(letter.issue, editions, workspace.settings)), letter
        )
        refuse_unknown_values(workspace, ledger, record, editions)
        refuse_other_sections(workspace, ledger, record, letter, editions)
        return Revision(letter, editions, record, counts, cleared.although_like)


def revise(workspace: Workspace, revision: Revision) -> Said:
    """Make the correction; what to say about it."""
    slug = revision.record.slug
    with planned_dispatch(workspace, slug) as (ledger, _record):
        rule = VariantRule.of(revision.letter.issue, workspace.settings.newsletter.language)
        number = ledger.revise(revision.record.id, revision.editions, revision.although_like, rule)
        status = ledger.record(revision.record.id).status
    revised = phrase("workflow.control.revised", slug=slug, count=number)
    if status is DispatchStatus.PAUSED:
        return lines(revised, phrase("workflow.control.revised_while_paused", slug=slug))
    return lines(revised, phrase("workflow.control.revised_run_goes_on", slug=slug))


def _refuse_ended(record: DispatchRecord, counts: Mapping[State, int]) -> None:
    if record.status is DispatchStatus.CANCELLED:
        raise RefusedError(phrase("workflow.control.revising_cancelled", slug=record.slug))
    if not any(counts[state] for state in REVISABLE):
        raise RefusedError(
            phrase("workflow.control.nobody_waits", slug=record.slug),
            hint=phrase("workflow.control.correct_by_new_issue"),
        )
