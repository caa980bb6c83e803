"""Read another system's export into people, each once. Touches: the export, temporary files.

Limits: of bad rows the first twenty are named and the rest counted, so that memory does not grow with the file.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.audience.exports.files import ExportFile, export_files
from newsletter.audience.exports.formats import PLAIN_LIST, ExportFormat, StandingThere, export_formats, recognised
from newsletter.audience.exports.mapping import ColumnMapping, columns_named, mapping_of, parse_choices, small
from newsletter.audience.exports.person import FileFacts, PersonReader
from newsletter.audience.exports.staged import StagedPeople
from newsletter.audience.subscriber import BadRow, row_hint
from newsletter.catalogue import phrase
from newsletter.errors import InputError, Problem
from newsletter.progress import Advance
from newsletter.settings.workspace import Workspace

_NAMED = 20
_STEP = 256
"""Lines between two calls of `advance`."""


@dataclass(frozen=True, slots=True)
class GivenExport:
    """What somebody says of an export."""

    path: Path
    format: str = ""
    """Empty: recognised by its columns."""
    map: tuple[str, ...] = ()
    """`Their column=our key`."""
    standing: StandingThere | None = None
    vouched: str = ""
    """Where those said yes of whom it knows no consent."""


@dataclass(slots=True)
class ReadExport:
    """What was read."""

    file: str
    format: str
    people: StagedPeople
    files: list[ExportFile] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    """Other files of a zip, with nobody's address."""
    mappings: list[ColumnMapping] = field(default_factory=list)
    rows: int = 0
    bad: int = 0
    problems: list[Problem] = field(default_factory=list)
    """The first of the bad rows."""
    says_who_left: bool = True

    def mapping(self) -> dict[str, str]:
        """Of all its files: their column -> ours."""
        return {theirs: ours for one in self.mappings for theirs, ours in one.to_json().items() if theirs}


@contextmanager
def read_export(
    workspace: Workspace, given: GivenExport, hash_of: Callable[[str], bytes], advance: Advance
) -> Iterator[ReadExport]:
    """InputError (65) where it cannot be read, or nobody is in it; UsageError (64) for a mapping that does not fit."""
    choices = parse_choices(given.map)
    people = StagedPeople(hash_of)
    try:
        with export_files(given.path, workspace.state) as files:
            mapped = _mapped(files, given, choices)
            read = ReadExport(given.path.name, next(iter(mapped.values())).format.name, people)
            read.skipped = [file.name for file in files if file.name not in mapped]
            with_addresses = [(file, mapped[file.name]) for file in files if file.name in mapped]
            _read_all(workspace, given, with_addresses, read, advance)
            if not people.count:
                nobody = Problem(phrase("workflow.import_subscribers.nobody"), given.path.name)
                raise InputError(problems=[nobody, *read.problems])
            yield read
    finally:
        people.close()


def _mapped(files: Sequence[ExportFile], given: GivenExport, choices: Mapping[str, str]) -> dict[str, ColumnMapping]:
    """By the names of those files that hold addresses."""
    found: dict[str, ColumnMapping] = {}
    for file in files:
        names = small(file.header)
        format_ = export_formats()[given.format] if given.format else recognised(names)
        if format_ is None and "email" in choices.values():
            format_ = export_formats()[PLAIN_LIST]
        if format_ is None:
            continue
        mapping = mapping_of(format_, file.header, {k: v for k, v in choices.items() if _is_in(k, names, files)})
        if mapping.places("email"):
            found[file.name] = mapping
    if not found:
        hint = phrase("audience.export.say_the_column")
        said = phrase("audience.export.is_not_known", columns=columns_named(files[0].header))
        raise InputError(problems=[Problem(said, files[0].name, 1, hint=hint)])
    return found


def _is_in(column: str, names: frozenset[str], files: Sequence[ExportFile]) -> bool:
    """In a zip, a choice is for those files that have the column; in a single file it must be there."""
    return len(files) == 1 or column.casefold() in names


def _read_all(
    workspace: Workspace,
    given: GivenExport,
    files: Sequence[tuple[ExportFile, ColumnMapping]],
    read: ReadExport,
    advance: Advance,
) -> None:
    total, before = sum(file.lines for file, _ in files), 0
    now = datetime.now(UTC)
    for file, mapping in files:
        standing = given.standing or file.standing
        reader = PersonReader(mapping, FileFacts(_zone(workspace, mapping.format), now, standing, given.vouched))
        read.files.append(file)
        read.mappings.append(mapping)
        read.says_who_left &= reader.says_standing
        for row in file.rows():
            read.rows += 1
            person = reader(row)
            if isinstance(person, BadRow):
                _note(read, file, person)
            else:
                read.people.add(person)
            if read.rows % _STEP == 0:
                advance(min(before + row.line, total), total)
        before += file.lines
    advance(total, total)


def _zone(workspace: Workspace, format_: ExportFormat) -> ZoneInfo:
    return ZoneInfo(format_.zone or workspace.settings.newsletter.timezone)


def _note(read: ReadExport, file: ExportFile, row: BadRow) -> None:
    read.bad += 1
    if len(read.problems) < _NAMED:
        read.problems.append(Problem(row.reason, file.name, row.line, hint=row_hint(row.reason)))
