"""Write out everybody: the subscriber file, sign-ups, who left and why. Touches: the ledger, reading; a file.

The people are read in a stream and each comes once: those of the file first, then sign-ups, then who is in neither and
must not be mailed. What is written is for this user only, and takes its place when it is whole.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice
from pathlib import Path

from newsletter.audience.exports.formats import OWN_EXPORT
from newsletter.audience.exports.formula import would_run
from newsletter.audience.exports.writing import KnownPerson, TableForm, form_of, is_for
from newsletter.catalogue import Said, phrase
from newsletter.errors import RefusedError
from newsletter.printable import one_line
from newsletter.progress import Advance
from newsletter.settings.workspace import Workspace

from .steps.known_people import KnownPeople, known_people

_ROWS_AT_ONCE = 500
_NAMED = 20


@dataclass(slots=True)
class SubscriberExport:
    """One export: `chunks` are its CSV, and what is counted is whole when they have ended."""

    form: TableForm
    people: KnownPeople
    format: str
    left: bool
    marked: bool
    written: int = 0
    unconfirmed: int = 0
    """Who is not taken along to another system, since they never said yes."""
    suppressed: int = 0
    """Who left and has no place in this file."""
    would_run: list[str] = field(default_factory=list)

    def chunks(self, advance: Advance) -> Iterator[str]:
        """The file's text, piece by piece."""
        yield ("\ufeff" if self.marked else "") + _lines([self.form.header])
        coming = self.people.everybody(advance)
        while batch := list(islice(coming, _ROWS_AT_ONCE)):
            rows = [self.form.row(one) for one in batch if self._belongs(one)]
            self.written += len(rows)
            if rows:
                yield _lines(rows)

    def _belongs(self, one: KnownPerson) -> bool:
        own = self.format == OWN_EXPORT
        if is_for(self.form, one, own=own, left=self.left):
            return True
        if not own and one.email and would_run(one.email):
            self.would_run.append(one.email)
        elif one.reason:
            self.suppressed += 1
        elif one.status == "unconfirmed":
            self.unconfirmed += 1
        return False

    def to_json(self, out: Path | None) -> Mapping[str, object]:
        """For scripts; keys are only ever added."""
        return {
            "format": self.format,
            "file": str(out) if out else None,
            "written": self.written,
            "unconfirmed": self.unconfirmed,
            "suppressed": self.suppressed,
            "would_run": len(self.would_run),
        }

    def notes(self) -> list[Said]:
        """What whoever takes the file must know."""
        notes: list[Said] = []
        if self.suppressed and not self.left:
            notes.append(phrase("workflow.export_subscribers.left_elsewhere", count=self.suppressed))
        if self.unconfirmed:
            notes.append(phrase("workflow.export_subscribers.unconfirmed", count=self.unconfirmed))
        if self.would_run:
            named = tuple(map(one_line, self.would_run[:_NAMED]))
            notes.append(phrase("workflow.export_subscribers.would_run", count=len(self.would_run), named=named))
        return notes


@contextmanager
def subscriber_export(
    workspace: Workspace, format_: str, *, left: bool = False, marked: bool = False
) -> Iterator[SubscriberExport]:
    """For one of the formats; `left`: only who is not mailed any more; `marked`: with a byte order mark."""
    with known_people(workspace) as people:
        form = form_of(format_, people.field_names())
        yield SubscriberExport(form, people, format_, left, marked or form.marked)


def refuse_place(out: Path, *, yes: bool) -> None:
    """RefusedError (77) for a file that is there, without `yes`."""
    if out.exists() and not yes:
        raise RefusedError(
            phrase("workflow.export_subscribers.is_there", path=str(out)),
            hint=phrase("workflow.export_subscribers.say_yes"),
        )


def _lines(rows: Iterable[Sequence[str]]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
