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

from newsletter.audience.read import read_layout, read_subscribers
from newsletter.audience.subscriber import BadRow, Subscriber
from newsletter.check.audience import NAMED, Lines
from newsletter.check.columns import OPENING, column_of, meant, place_of_field
from newsletter.check.material import texts_of
from newsletter.edition.edition import Edition
from newsletter.errors import InputError, Problem
from newsletter.issue.load import problem_in
from newsletter.message.escape import is_link

from .letter import Letter


@dataclass(slots=True)
class Survey:
    """The audience of one issue in numbers. Duplicates and bad rows are in no total."""

    file: str
    people: int = 0
    suppressed: int = 0
    duplicates: int = 0
    bad: int = 0
    bad_rows: list[BadRow] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    missing: dict[str, Lines] = field(default_factory=dict)
    """Rows without a value that their edition needs, by the merge field's key."""
    dead_links: dict[str, Lines] = field(default_factory=dict)
    """Rows with a value that stands for a whole link and is none, by the merge field's key."""
    variants: Counter[str] = field(default_factory=Counter)

    def left_out(self) -> list[str]:
        """The bad rows by name, as many as were kept, and how many more there are."""
        lines = [str(Problem(f"{row.reason} (left out)", file=self.file, line=row.line)) for row in self.bad_rows]
        more = self.bad - len(lines)
        return [*lines, f"… and {more} more bad rows"] if more else lines

    @property
    def to_mail(self) -> int:
        return self.people - self.suppressed


def survey(
    path: Path,
    *,
    variant_of: Callable[[Subscriber], str],
    editions: Mapping[str, Edition],
    is_suppressed: Callable[[Subscriber], bool],
) -> Survey:
    """Read the whole file once, and hold each row against the edition of its variant."""
    result = Survey(file=path.name, columns=read_layout(path).columns)
    wanted = {name: (edition.required_keys(), edition.link_keys()) for name, edition in editions.items()}
    with first_time() as is_first:
        for row in read_subscribers(path):
            if isinstance(row, BadRow):
                result.bad += 1
                if len(result.bad_rows) < NAMED:
                    result.bad_rows.append(row)
            elif is_first(row.key):
                _count(result, row, variant_of, wanted, is_suppressed)
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
    wanted: Mapping[str, tuple[frozenset[str], frozenset[str]]],
    is_suppressed: Callable[[Subscriber], bool],
) -> None:
    result.people += 1
    if is_suppressed(subscriber):
        result.suppressed += 1
        return
    variant = variant_of(subscriber)
    result.variants[variant] += 1
    required, links = wanted.get(variant, (frozenset(), frozenset()))
    values = subscriber.values()
    for key in sorted(required - values.keys()):
        result.missing.setdefault(key, Lines()).add(subscriber.line, "")
    for key in sorted(links & values.keys()):
        if not is_link(values[key]):
            result.dead_links.setdefault(key, Lines()).add(subscriber.line, "")


def _missing_values(result: Survey, letter: Letter) -> list[Problem]:
    """A column that is not there is told once, where the issue asks for it; an empty cell by its row."""
    problems: list[Problem] = []
    for key, lines in result.missing.items():
        if column_of(key) not in result.columns:
            problems.append(_no_column(result, letter, key))
            continue
        problems += [_empty_cell(result.file, line, key) for line, _ in lines.first]
        if lines.total > len(lines.first):
            more = lines.total - len(lines.first)
            problems.append(Problem(f"merge-missing: and {more} more rows without {column_of(key)}", file=result.file))
    return problems


def _no_column(result: Survey, letter: Letter, key: str) -> Problem:
    near = meant(key, result.columns)
    path, nth = place_of_field(texts_of(letter.issue), key)
    return problem_in(
        letter.path,
        workspace_root=Path(letter.path.as_posix().removesuffix(letter.file)),
        where=path,
        message=f"merge-missing: {result.file} has no column `{column_of(key)}`"
        + (f"; did you mean `{near}`?" if near else ""),
        hint=f"Its header has: {', '.join(filter(None, result.columns))}",
        sought=OPENING,
        nth=nth,
    )


def _empty_cell(file: str, line: int, key: str) -> Problem:
    column = key.removeprefix("fields.")
    return Problem(
        f"merge-missing: no value for {{{{ subscriber.{key} }}}}, and the issue gives no default",
        file=file,
        line=line,
        hint=f'Fill the column "{column}", or write a default in the issue: {{{{ subscriber.{key} | default("…") }}}}',
    )


def _dead_links(result: Survey) -> Iterator[Problem]:
    for key, lines in result.dead_links.items():
        column = column_of(key)
        for line, _ in lines.first:
            said = f"link-placeholder: `{column}` is used as a link, and is no address that begins with https://"
            yield Problem(said, file=result.file, line=line)
        if lines.total > len(lines.first):
            yield Problem(f"link-placeholder: and {lines.total - len(lines.first)} more rows", file=result.file)


def refuse_bad_audience(result: Survey, letter: Letter, max_bad_rows: float) -> None:
    """Raise InputError (65) for too many bad rows, a value that is missing or makes a dead link, or nobody at all."""
    rows = result.people + result.duplicates + result.bad
    if rows and result.bad / rows > max_bad_rows:
        raise InputError(
            "\n".join(result.left_out()),
            hint=f"{result.bad} of {rows} rows are bad; [audience] max_bad_rows allows {max_bad_rows * 100:g} %.",
        )
    if result.missing:
        raise InputError(problems=_missing_values(result, letter))
    if result.dead_links:
        raise InputError(problems=[*_dead_links(result)])
    if not result.people:
        raise InputError(
            f"{result.file}: there is nobody in it.",
            hint="It needs a header line with email, and a row for each subscriber.",
        )


def everybody(path: Path) -> Iterator[Subscriber]:
    """The good rows of a file, one by one."""
    return (row for row in read_subscribers(path) if isinstance(row, Subscriber))
