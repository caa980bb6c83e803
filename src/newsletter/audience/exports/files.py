"""The CSV files of an export, out of a zip too, each with its header read. Touches: those files, a folder for a zip's.

What a zip holds is never written under the names that it gives, and no more of it than a list can be: a small file that
grows to a full disk is refused before it is there. Limits: at most 50 CSV files; no password.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TextIO

from newsletter.catalogue import SILENCE, Said, Verbatim, phrase
from newsletter.csv_file.encoding import encoding_of
from newsletter.csv_file.rows import CsvRow, delimiter_of, rows
from newsletter.errors import CannotWriteError, InputError, Problem
from newsletter.printable import one_line
from newsletter.settings.system_reason import system_reason

from .formats import StandingThere

_ZIP = b"PK\x03\x04"
_MOST_FILES = 50
_MOST_GROWTH = 200
"""Times: CSV of people comes out of a zip 5 to 20 times as large."""
_LEAST_ALLOWED = 50 * 1024 * 1024
_BLOCK = 1 << 20
_SPREADSHEET_FOLDERS = ("xl/", "word/", "content.xml", "META-INF/")
_LONGEST_NAME = 100
_BY_NAME = {
    "subscribed": StandingThere.SUBSCRIBED,
    "unsubscribed": StandingThere.UNSUBSCRIBED,
    "cleaned": StandingThere.BAD_ADDRESS,
    "nonsubscribed": StandingThere.UNCONFIRMED,
    "non-subscribed": StandingThere.UNCONFIRMED,
}
"""What Mailchimp's files are called: `unsubscribed_members_export_1a2b.csv`, `cleaned_email_audience_export_…`."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One CSV file. `name` is what a person knows it by."""

    path: Path
    name: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    first_line: int
    lines: int

    @property
    def standing(self) -> StandingThere | None:
        """Everybody's in it, where its name says so."""
        return _BY_NAME.get(PurePosixPath(self.name).name.casefold().partition("_")[0])

    def rows(self) -> Iterator[CsvRow]:
        """Behind the header, one at a time."""
        with _opened(self.path, self.name, self.encoding) as file:
            for _ in range(self.first_line - 1):
                file.readline()
            yield from rows(file, self.delimiter, self.first_line)


@contextmanager
def export_files(path: Path, aside: Path) -> Iterator[tuple[ExportFile, ...]]:
    """All CSV files of an export. InputError where there is none, or one that cannot be read.

    `aside` is a folder where those of a zip are kept until the end, in one that only this user can enter.
    """
    if not path.is_file():
        said = phrase("audience.file.is_no_file") if path.exists() else phrase("audience.file.does_not_exist")
        raise InputError(problems=[Problem(said, path.name)])
    try:
        with path.open("rb") as file:
            is_zip = file.read(len(_ZIP)) == _ZIP
    except OSError as error:
        said = phrase("audience.file.cannot_be_read", why=system_reason(error))
        raise InputError(problems=[Problem(said, path.name)]) from error
    if not is_zip or path.suffix.lower() in (".xlsx", ".ods"):
        yield (_file(path, path.name),)
        return
    try:
        aside.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = TemporaryDirectory(prefix=ASIDE, dir=aside)
    except OSError as error:
        raise _cannot_write(aside, error) from error
    with folder as made:
        yield tuple(_file(part, name) for part, name in _unpacked(path, Path(made)))


ASIDE = "import-csv-"
"""How folders with a zip's files begin."""


def _file(path: Path, name: str) -> ExportFile:
    encoding = encoding_of(path, name)
    with _opened(path, name, encoding.name) as file:
        delimiter, skipped = delimiter_of(file)
        file.seek(0)
        for _ in range(skipped):
            file.readline()
        header = next(rows(file, delimiter, skipped + 1), None)
    if header is None:
        raise _bad(name, 1, phrase("audience.file.is_empty"), phrase("audience.file.first_line_names_columns"))
    if header.problem:
        raise _bad(name, header.line, header.problem)
    return ExportFile(
        path, name, encoding.name, delimiter, header.cells, header.line + header.lines, encoding.line_ends
    )


def _unpacked(path: Path, folder: Path) -> Iterator[tuple[Path, str]]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(path, archive)
            allowed = max(_LEAST_ALLOWED, path.stat().st_size * _MOST_GROWTH)
            for number, member in enumerate(members):
                made = folder / f"{number}.csv"
                allowed -= _copy(archive, member, made, allowed, path)
                yield made, one_line(member.filename)[:_LONGEST_NAME]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise _bad(path.name, None, phrase("audience.export.bad_zip", why=Verbatim(one_line(str(error))))) from error


def _members(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Its CSV files, in the order of their names; what a Mac puts beside each is none."""
    members = [
        one
        for one in archive.infolist()
        if one.filename.lower().endswith(".csv") and not one.filename.startswith("__MACOSX/") and not one.is_dir()
    ]
    if not members:
        if any(name.startswith(_SPREADSHEET_FOLDERS) for name in archive.namelist()):
            said = phrase("csv_file.encoding.is_spreadsheet")
            raise _bad(path.name, None, said, phrase("csv_file.encoding.save_as_csv"))
        raise _bad(path.name, None, phrase("audience.export.zip_holds_no_csv"))
    if len(members) > _MOST_FILES:
        raise _bad(path.name, None, phrase("audience.export.zip_holds_too_many", most=_MOST_FILES))
    return sorted(members, key=lambda one: one.filename)


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, made: Path, allowed: int, path: Path) -> int:
    """How many octets there were; what the zip says of itself is not believed."""
    size = 0
    try:
        with archive.open(member) as source, made.open("xb") as target:
            while block := source.read(_BLOCK):
                size += len(block)
                if size > allowed:
                    raise _bad(path.name, None, phrase("audience.export.zip_is_bomb"))
                target.write(block)
    except OSError as error:
        raise _cannot_write(made.parent, error) from error
    except zlib.error as error:
        raise zipfile.BadZipFile(str(error)) from error
    return size


@contextmanager
def _opened(path: Path, name: str, encoding: str) -> Iterator[TextIO]:
    try:
        with path.open(encoding=encoding, newline="") as file:
            yield file
    except OSError as error:
        raise _bad(name, None, phrase("audience.file.cannot_be_read", why=system_reason(error))) from error
    except UnicodeDecodeError as error:
        raise _bad(name, None, phrase("audience.file.was_changed")) from error


def _cannot_write(folder: Path, error: OSError) -> CannotWriteError:
    return CannotWriteError(phrase("audience.export.no_room", folder=str(folder), why=system_reason(error)))


def _bad(name: str, line: int | None, said: Said, hint: Said = SILENCE) -> InputError:
    return InputError(problems=[Problem(said, name, line, hint=hint)])
