"""Count an issue's audience and try every merge, in one pass: how many, which letter, and what is wrong with the rows.

Touches: the subscriber file, what git says of it, the ledger, reading. Limits: memory does not grow with the audience.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from newsletter.audience.read import read_layout
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

from .audience import first_time, known_suppressed
from .judged import RowKeeper
from .letter import Letter
from .newsletter import placed_in_settings
from .people import MailingList, people_at_hand
from .trial import ComposingTrial


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
        people = people_at_hand(workspace, or_example=or_example)
    except InputError:  # whether there is one is the business of `send`
        summary = sizes_alone(letter.issue, editions, settings)
        return replace(summary, wanted=wanted, stranger=stranger)
    summary = survey(letter.issue, editions, settings, people, is_suppressed, advance)
    return replace(summary, wanted=wanted if people.path == workspace.example_csv else "", stranger=stranger)


def survey(
    issue: Issue,
    editions: Mapping[str, Edition],
    settings: Settings,
    people: MailingList,
    is_suppressed: Callable[[Subscriber], bool] | None,
    advance: Advance | None = None,
    keeper: RowKeeper | None = None,
) -> AudienceSummary:
    """Read the people once, and hold each against the edition of their variant.

    `is_suppressed` is None where no ledger is known; `keeper` is given the good rows, where they are to be planned. A
    file that cannot be read as a whole has nobody in it, and the summary says why. Raises InputError where it is
    changed while it is read.
    """
    summary = sizes_alone(issue, editions, settings)
    summary.file = people.file
    if people.path is not None:
        if people.file == Path(settings.audience.csv).name:
            summary.keeping = keeping_of(people.path)
        try:
            summary.columns = tuple(filter(None, read_layout(people.path).columns))
        except InputError as error:
            summary.unreadable = error.problems
            return summary
    survey_rows(people.rows(advance), summary, issue, editions, settings, is_suppressed, keeper)
    summary.unconfirmed = people.unconfirmed
    return summary


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
