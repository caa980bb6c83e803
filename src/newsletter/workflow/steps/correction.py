"""What keeps a corrected letter from those who wait for it: values that were not kept, another choice of sections.

Touches: the subscriber file, the ledger, reading. Values of merge fields and the choice of sections were made when the
issue was planned, and the ledger could not say what a reader gets of a letter that needs others.
"""

from collections.abc import Iterator, Mapping
from itertools import islice

from newsletter.audience.read import find_subscriber
from newsletter.audience.subscriber import Subscriber
from newsletter.catalogue import Said, phrase
from newsletter.edition.edition import Edition
from newsletter.errors import RefusedError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.settings.workspace import Workspace

from .audience import choose_variant
from .letter import Letter
from .people import people_to_mail

_BATCH = 500


def refuse_unknown_values(
    workspace: Workspace, ledger: Ledger, record: DispatchRecord, editions: Mapping[str, Edition]
) -> None:
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
                phrase("workflow.control.unknown_merge_field", key=new[0]),
                hint=phrase("workflow.control.take_field_out"),
            )
        stricter[variant] = edition.required_keys() - former.required_keys()
    if not any(stricter.values()):
        return
    lacking = (row for row in ledger.waiting(record.id) if stricter.get(row.variant, frozenset()) - row.values.keys())
    if first := next(lacking, None):
        raise RefusedError(_lacks_a_value(workspace, first.address), hint=phrase("workflow.control.give_default"))


def _lacks_a_value(workspace: Workspace, address: str) -> Said:
    """By the line of the file as it is now; who signed up stands on none, though the plan counts them on behind it."""
    row = find_subscriber(workspace.csv, address) if workspace.csv.exists() else None
    if row is not None:
        return phrase("workflow.control.needs_missing_value", line=row.line)
    return phrase("workflow.control.sign_up_lacks_value", address=address)


def refuse_other_sections(
    workspace: Workspace, ledger: Ledger, record: DispatchRecord, letter: Letter, editions: Mapping[str, Edition]
) -> None:
    """A variant's name counts its sections: with others, the same name could be other readers' letter."""
    _, planned = ledger.frozen(record.id)
    if all(edition.variant == edition.language for edition in (*planned.values(), *editions.values())):
        return
    choose = choose_variant(letter.issue, workspace)
    moved = 0
    for batch in _batches(people_to_mail(workspace, ledger).everybody()):
        chosen = {one.key: choose(one) for one in batch}
        moved += sum(chosen[row.key] != row.variant for row in ledger.waiting(record.id, list(chosen)))
    if moved:
        raise RefusedError(
            phrase("workflow.control.other_sections", count=moved), hint=phrase("workflow.control.keep_sections")
        )


def _batches(people: Iterator[Subscriber]) -> Iterator[list[Subscriber]]:
    while batch := list(islice(people, _BATCH)):
        yield batch
