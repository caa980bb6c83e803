"""What an import would do, in words for whoever decides. Touches: nothing."""

from collections.abc import Mapping, Sequence

from newsletter.audience.exports.mapping import FIELD, LEFT_OUT, Column
from newsletter.catalogue import Said, Verbatim, lines, phrase
from newsletter.ledger.import_verdicts import ImportVerdict
from newsletter.ledger.imports import ImportRecord
from newsletter.ledger.states import reason_said
from newsletter.printable import one_line
from newsletter.report.layout import Row, labelled

from .exported_people import ReadExport

_LONGEST = 40
_FIELDS_NAMED = 30


def summary_of(
    read: ReadExport,
    verdicts: Mapping[ImportVerdict, int],
    gone: int,
    named: Sequence[str],
    since: ImportRecord | None,
) -> Said:
    """The mapping first, then the counts."""
    told: list[Said] = [labelled(*_mapping(read), *_counts(read, verdicts))]
    if gone and since:
        told.append(_gone(gone, named, since))
    told += _notes(read)
    return lines(*told)


def _mapping(read: ReadExport) -> list[Row]:
    """A line a column that is taken, the others together."""
    files = tuple(file.name for file in read.files)
    rows: list[Row] = [
        (phrase("workflow.import_subscribers.export_of"), Verbatim(read.format)),
        (phrase("workflow.import_subscribers.files"), phrase("workflow.import_subscribers.listed", names=files)),
    ]
    columns = {column.theirs: column for mapping in read.mappings for column in mapping.columns if column.theirs}
    taken = [column for column in columns.values() if column.ours != LEFT_OUT]
    rows += [(Verbatim(f"  {_shown(column.theirs)}"), _meaning(column)) for column in taken[:_FIELDS_NAMED]]
    left_out = tuple(_shown(column.theirs) for column in columns.values() if column.ours == LEFT_OUT)
    if left_out:
        said = phrase("workflow.import_subscribers.listed", names=left_out)
        rows.append((phrase("workflow.import_subscribers.left_out"), said))
    return rows


def _meaning(column: Column) -> Said:
    if column.ours.startswith(FIELD):
        return phrase("workflow.import_subscribers.field", name=_shown(column.ours.removeprefix(FIELD)))
    return Verbatim(column.ours)


def _counts(read: ReadExport, verdicts: Mapping[ImportVerdict, int]) -> list[Row]:
    rows: list[Row] = [
        (
            phrase("workflow.import_subscribers.people"),
            phrase(
                "workflow.import_subscribers.people_counted",
                people=sum(verdicts.values()),
                new=verdicts.get(ImportVerdict.NEW, 0),
                changed=verdicts.get(ImportVerdict.CHANGED, 0),
                unchanged=verdicts.get(ImportVerdict.UNCHANGED, 0),
            ),
        )
    ]
    reasons = tuple(
        phrase("workflow.import_subscribers.reason", reason=reason_said(reason), count=count)
        for reason, count in read.people.reasons().items()
    )
    left_out = {
        phrase("workflow.import_subscribers.without_consent"): read.people.without_consent(),
        phrase("workflow.import_subscribers.left_there"): verdicts.get(ImportVerdict.LEFT_THERE, 0),
        phrase("workflow.import_subscribers.left_before"): verdicts.get(ImportVerdict.LEFT_BEFORE, 0),
        phrase("workflow.import_subscribers.came_back"): verdicts.get(ImportVerdict.CAME_BACK, 0),
        phrase("workflow.import_subscribers.suppressed_here"): verdicts.get(ImportVerdict.SUPPRESSED_HERE, 0),
        phrase("workflow.import_subscribers.bad"): read.bad,
        phrase("workflow.import_subscribers.duplicates"): read.people.duplicates,
    }
    rows += [(label, Verbatim(str(count))) for label, count in left_out.items() if count]
    if reasons:
        rows.append(
            (
                phrase("workflow.import_subscribers.why_left"),
                phrase("workflow.import_subscribers.listed", names=reasons),
            )
        )
    return rows


def _gone(count: int, named: Sequence[str], since: ImportRecord) -> Said:
    more = (
        phrase("workflow.import_subscribers.and_more", count=count - len(named)) if count > len(named) else Verbatim("")
    )
    return phrase(
        "workflow.import_subscribers.gone",
        count=count,
        day=f"{since.at:%Y-%m-%d}",
        named=tuple(one_line(one) for one in named),
        more=more,
    )


def _notes(read: ReadExport) -> list[Said]:
    notes: list[Said] = []
    if read.people.without_consent():
        notes.append(phrase("workflow.import_subscribers.vouch"))
    if not read.says_who_left:
        notes.append(phrase("workflow.import_subscribers.who_left"))
    if read.skipped:
        notes.append(phrase("workflow.import_subscribers.skipped", names=tuple(map(one_line, read.skipped))))
    return notes


def _shown(name: str) -> str:
    return one_line(name)[:_LONGEST]
