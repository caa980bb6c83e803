"""Correct an issue that is being sent: whoever has not got it yet gets the corrected letter (DESIGN 4.4).

Touches: the workspace's files, the ledger. Nothing else of the plan changes: the audience, the sender, the date and
each Message-ID stay. A run that is on goes on with the corrected letter from its next message.

Limits: values of merge fields and the choice of sections were made when the issue was planned. A correction that would
need others is refused, since the ledger could not say what a reader gets.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from newsletter.audience.subscriber import Subscriber
from newsletter.edition.edition import Edition
from newsletter.errors import RefusedError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.ledger.states import REACHED, REVISABLE, DispatchStatus, State
from newsletter.report.states_and_times import counted
from newsletter.settings.model import Settings
from newsletter.settings.workspace import Workspace

from .steps.audience import choose_variant, everybody, subscriber_file
from .steps.compose import with_defaults
from .steps.dispatch import planned_dispatch
from .steps.examine import findings, refuse_errors
from .steps.letter import Letter, default_edition, open_letter
from .steps.prepare import editions_to_send
from .steps.survey import sizes_alone

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Revision:
    """A correction that may be made."""

    letter: Letter
    editions: dict[str, Edition]
    record: DispatchRecord
    counts: dict[State, int]

    def summary(self, settings: Settings) -> str:
        """What would follow, in words for the question."""
        edition = default_edition(self.editions, settings.newsletter.language)
        wait, have = (sum(self.counts[state] for state in states) for states in (REVISABLE, REACHED))
        return "\n".join(
            [
                f"Issue    {self.letter.file}",
                f"Subject  {with_defaults(edition, edition.subject)}",
                f"Waiting  {counted(wait, 'subscriber')} would get the corrected letter",
                f"Sent     {counted(have, 'subscriber')} keep what they were sent",
            ]
        )


def prepare_revision(workspace: Workspace, given: str) -> Revision:
    """Everything that can be refused before the question; writes nothing."""
    with planned_dispatch(workspace, given) as (ledger, record):
        _refuse_ended(record, counts := ledger.counts(record.id))
        letter = open_letter(workspace, given)
        editions = editions_to_send(letter, workspace)
        refuse_errors(
            findings(letter, editions, workspace, sizes_alone(letter.issue, editions, workspace.settings)), letter
        )
        _refuse_unknown_values(ledger, record, editions)
        _refuse_other_sections(workspace, ledger, record, letter, editions)
        return Revision(letter, editions, record, counts)


def revise(workspace: Workspace, revision: Revision) -> str:
    """Make the correction; what to say about it."""
    slug = revision.record.slug
    with planned_dispatch(workspace, slug) as (ledger, _record):
        number = ledger.revise(revision.record.id, revision.editions)
        status = ledger.record(revision.record.id).status
    go_on = f"newsletter resume {slug}, then " if status is DispatchStatus.PAUSED else ""
    return (
        f"{slug}: {counted(number, 'subscriber')} get the corrected letter.\n"
        f"A run that is on goes on with it; to start one: {go_on}newsletter send {slug}"
    )


def _refuse_ended(record: DispatchRecord, counts: Mapping[State, int]) -> None:
    if record.status is DispatchStatus.CANCELLED:
        raise RefusedError(f"{record.slug} was cancelled; nobody is sent it any more.")
    if not any(counts[state] for state in REVISABLE):
        raise RefusedError(
            f"Nobody waits for {record.slug} any more, so nobody would get the corrected letter.",
            hint="A correction for those who have it is an issue of its own.",
        )


def _refuse_unknown_values(ledger: Ledger, record: DispatchRecord, editions: Mapping[str, Edition]) -> None:
    """Only the values that the planned letter merged were kept."""
    _, planned = ledger.frozen(record.id)
    stricter: dict[str, frozenset[str]] = {}
    for variant, edition in editions.items():
        if (former := planned.get(variant)) is None:
            continue
        kept = {"name", *(hole.key for hole in former.holes)}
        if new := sorted(
            key for hole in edition.holes if (key := hole.key) not in kept and not key.startswith("link.")
        ):
            raise RefusedError(
                f"The corrected letter merges subscriber.{new[0]}, which the planned one did not, so it was not kept.",
                hint="Take the merge field out; or cancel, and send the rest a new issue.",
            )
        stricter[variant] = edition.required_keys() - former.required_keys()
    if not any(stricter.values()):
        return
    lacking = (row for row in ledger.waiting(record.id) if stricter.get(row.variant, frozenset()) - row.values.keys())
    if some := list(islice(lacking, 1)):
        raise RefusedError(
            f"The corrected letter needs a value that some who wait do not have (line {some[0].line} of the "
            "subscriber file is the first).",
            hint='Give the merge field a default: {{ subscriber.name | default("구독자") }}',
        )


def _refuse_other_sections(
    workspace: Workspace, ledger: Ledger, record: DispatchRecord, letter: Letter, editions: Mapping[str, Edition]
) -> None:
    """A variant's name counts its sections: with others, the same name could be other readers' letter."""
    _, planned = ledger.frozen(record.id)
    if all(edition.variant == edition.language for edition in (*planned.values(), *editions.values())):
        return
    choose = choose_variant(letter.issue, workspace)
    moved = 0
    for batch in _batches(everybody(subscriber_file(workspace))):
        chosen = {one.key: choose(one) for one in batch}
        moved += sum(chosen[row.key] != row.variant for row in ledger.waiting(record.id, list(chosen)))
    if moved:
        raise RefusedError(
            f"{counted(moved, 'subscriber')} who wait would now get other sections than were planned for them.",
            hint="Keep the sections with only_for, and the tags, as they were when it was planned.",
        )


def _batches(people: Iterator[Subscriber]) -> Iterator[list[Subscriber]]:
    while batch := list(islice(people, _BATCH)):
        yield batch
