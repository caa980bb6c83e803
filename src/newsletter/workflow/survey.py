"""Count an audience before anything is planned: how many, in which variant, and what is wrong with the file.

Touches: the subscriber file, a temporary file. Limits: memory does not grow with the audience; of what is wrong, only
the first few are kept by name.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from newsletter.audience.read import read_subscribers
from newsletter.audience.subscriber import BadRow, Subscriber
from newsletter.errors import InputError, Problem

_T = TypeVar("_T")

NAMED = 20
"""So many bad rows and missing values are named one by one; a person mends those first."""


@dataclass(slots=True)
class Survey:
    """The audience of one issue in numbers. Duplicates and bad rows are in no total."""

    file: str
    people: int = 0
    suppressed: int = 0
    duplicates: int = 0
    bad: int = 0
    bad_rows: list[BadRow] = field(default_factory=list)
    missing: int = 0
    missing_values: list[Problem] = field(default_factory=list)
    variants: Counter[str] = field(default_factory=Counter)

    def left_out(self) -> list[str]:
        """The bad rows by name, as many as were kept, and how many more there are."""
        lines = [str(Problem(row.reason, file=self.file, line=row.line)) for row in self.bad_rows]
        more = self.bad - len(lines)
        return [*lines, f"… and {more} more bad rows"] if more else lines

    @property
    def to_mail(self) -> int:
        return self.people - self.suppressed


def survey(
    path: Path,
    *,
    variant_of: Callable[[Subscriber], str],
    needed: Mapping[str, frozenset[str]],
    is_suppressed: Callable[[Subscriber], bool],
) -> Survey:
    """Read the whole file once. `needed` maps a variant to the keys that must have a value, having no default."""
    result = Survey(file=path.name)
    with first_time() as is_first:
        for row in read_subscribers(path):
            if isinstance(row, BadRow):
                result.bad += 1
                _keep(result.bad_rows, row)
            elif is_first(row.key):
                _count(result, row, variant_of, needed, is_suppressed)
            else:
                result.duplicates += 1
    return result


@contextmanager
def first_time() -> Iterator[Callable[[str], bool]]:
    """Yield a function that says whether a key comes for the first time; what it remembers lies on disk."""
    # An empty name is a private file, which SQLite keeps in memory while small and on disk when it grows.
    with closing(sqlite3.connect("", isolation_level=None)) as seen:
        seen.execute("CREATE TABLE seen (key TEXT PRIMARY KEY) WITHOUT ROWID")
        seen.execute("BEGIN")
        yield lambda key: seen.execute("INSERT OR IGNORE INTO seen VALUES (?)", (key,)).rowcount == 1


def _count(
    result: Survey,
    subscriber: Subscriber,
    variant_of: Callable[[Subscriber], str],
    needed: Mapping[str, frozenset[str]],
    is_suppressed: Callable[[Subscriber], bool],
) -> None:
    result.people += 1
    if is_suppressed(subscriber):
        result.suppressed += 1
        return
    variant = variant_of(subscriber)
    result.variants[variant] += 1
    for key in sorted(needed.get(variant, frozenset()) - subscriber.values().keys()):
        result.missing += 1
        _keep(result.missing_values, _missing(result.file, subscriber.line, key))


def _missing(file: str, line: int, key: str) -> Problem:
    column = key.removeprefix("fields.")
    return Problem(
        f"merge-missing: no value for {{{{ subscriber.{key} }}}}, and the issue gives no default",
        file=file,
        line=line,
        hint=f'Fill the column "{column}", or write a default in the issue: {{{{ subscriber.{key} | default("…") }}}}',
    )


def _keep(kept: list[_T], one: _T) -> None:
    if len(kept) < NAMED:
        kept.append(one)


def refuse_bad_audience(result: Survey, max_bad_rows: float) -> None:
    """Raise InputError (65) for too many bad rows, a missing merge value, or nobody at all."""
    rows = result.people + result.duplicates + result.bad
    if rows and result.bad / rows > max_bad_rows:
        raise InputError(
            "\n".join(result.left_out()),
            hint=f"{result.bad} of {rows} rows are bad; [audience] max_bad_rows allows {max_bad_rows * 100:g} %.",
        )
    if result.missing:
        more = result.missing - len(result.missing_values)
        raise InputError(problems=result.missing_values, hint=f"… and {more} more." if more else "")
    if not result.people:
        raise InputError(
            f"{result.file}: there is nobody in it.",
            hint="It needs a header line with email, and a row for each subscriber.",
        )


def everybody(path: Path) -> Iterator[Subscriber]:
    """The good rows of a file, one by one."""
    return (row for row in read_subscribers(path) if isinstance(row, Subscriber))
