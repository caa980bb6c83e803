"""Count an issue's audience and try every merge, in one pass: how many, which letter, and what is wrong with the rows.

Touches: the subscriber file, what git says of it, the ledger, reading. Limits: memory does not grow with the audience.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from newsletter.audience.read import Layout, read_layout, read_subscribers
from newsletter.audience.subscriber import BadRow, Subscriber
from newsletter.check.audience import AudienceSummary
from newsletter.check.counting import Questions, count
from newsletter.edition.edition import Edition
from newsletter.edition.variants import languages_of, variant_chooser
from newsletter.errors import InputError
from newsletter.issue.model import Issue
from newsletter.probes.git import keeping_of
from newsletter.progress import Advance
from newsletter.settings.model import Settings
from newsletter.settings.workspace import Workspace

from .audience import first_time, known_suppressed, subscriber_file
from .judged import RowKeeper
from .letter import Letter
from .newsletter import placed_in_settings
from .trial import ComposingTrial

_STEP = 256
"""Lines between two calls of `advance`."""


def sizes_alone(issue: Issue, editions: Mapping[str, Edition], settings: Settings) -> AudienceSummary:
    """A summary of nobody: what the editions weigh with the issue's defaults."""
    summary = AudienceSummary()
    try:
        trial = ComposingTrial(editions, settings, issue.slug)
        summary.extents = {name: trial.plain(edition) for name, edition in editions.items()}
    except InputError as error:  # a template's fault, or the settings': it is the same for everybody
        summary.failed.add(0, error.message)
    return summary


def known_audience(
    workspace: Workspace,
    letter: Letter,
    editions: Mapping[str, Edition],
    advance: Advance | None = None,
    *,
    or_example: bool = True,
) -> AudienceSummary:
    """The audience in numbers, for who only looks; without a file, nobody.

    The example's subscribers may do, and who is suppressed is known where a ledger is at hand.
    """
    settings, wanted = workspace.settings, workspace.settings.audience.csv
    is_suppressed, refused = known_suppressed(workspace)
    stranger = placed_in_settings(workspace, refused) if refused else None
    try:
        path = subscriber_file(workspace, or_example=or_example)
    except InputError:  # whether there is one is the business of `send`
        summary = sizes_alone(letter.issue, editions, settings)
        return replace(summary, wanted=wanted, stranger=stranger)
    summary = survey(letter.issue, editions, settings, path, is_suppressed, advance)
    return replace(summary, wanted="" if path == workspace.csv else wanted, stranger=stranger)


def survey(
    issue: Issue,
    editions: Mapping[str, Edition],
    settings: Settings,
    path: Path,
    is_suppressed: Callable[[Subscriber], bool] | None,
    advance: Advance | None = None,
    keeper: RowKeeper | None = None,
) -> AudienceSummary:
    """Read the subscriber file once, and hold each row against the edition of its variant.

    `is_suppressed` is None where no ledger is known; `keeper` is given the good rows, where they are to be planned. A
    file that cannot be read as a whole has nobody in it, and the summary says why. Raises InputError where it is
    changed while it is read.
    """
    summary = sizes_alone(issue, editions, settings)
    summary.file = path.name
    if path.name == Path(settings.audience.csv).name:
        summary.keeping = keeping_of(path)
    try:
        layout = read_layout(path)
    except InputError as error:
        summary.unreadable = error.problems
        return summary
    summary.columns = tuple(filter(None, layout.columns))
    return survey_rows(rows_told(path, layout, advance), summary, issue, editions, settings, is_suppressed, keeper)


def survey_rows(
    rows: Iterable[Subscriber | BadRow],
    summary: AudienceSummary,
    issue: Issue,
    editions: Mapping[str, Edition],
    settings: Settings,
    is_suppressed: Callable[[Subscriber], bool] | None,
    keeper: RowKeeper | None = None,
) -> AudienceSummary:
    """The same for rows from anywhere, added to a summary of nobody."""
    summary.suppressed = None if is_suppressed is None else 0
    language = settings.newsletter.language
    choose = variant_chooser(issue, language)
    now = datetime.now(UTC)
    with first_time() as is_first:
        questions = Questions(
            editions=editions,
            variant_of=lambda subscriber: choose(subscriber.language, subscriber.tags),
            languages=languages_of(issue, language),
            trial=ComposingTrial(editions, settings, issue.slug) if summary.extents else None,
            keep=keeper.keep if keeper else lambda row, _variant, _values, _suppressed: is_first(row.key),
            is_suppressed=is_suppressed or (lambda _subscriber: False),
            goes_out=(issue.publish_at or now).date(),
            today=now.date(),
        )
        return count(rows, summary, questions)


def rows_told(path: Path, layout: Layout, advance: Advance | None) -> Iterator[Subscriber | BadRow]:
    """The rows of a file, while it is told how far they are."""
    rows = read_subscribers(path, layout)
    if advance is None:
        yield from rows
        return
    for number, row in enumerate(rows):
        yield row
        if number % _STEP == 0:
            advance(min(row.line, layout.lines), layout.lines)
    advance(layout.lines, layout.lines)
