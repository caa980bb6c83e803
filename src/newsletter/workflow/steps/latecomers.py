"""Who joined after the plan of an issue: the subscriber file as it is now, held against the rows of the dispatch.

Touches: the subscriber file, the ledger, a private file. What they get is what is frozen: the issue's file and its
approval are not looked at, and need not be there any more. Limits: memory does not grow with the file.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from newsletter.audience.read import read_layout
from newsletter.audience.subscriber import BadRow, Subscriber
from newsletter.catalogue import phrase
from newsletter.check.audience import AudienceSummary
from newsletter.check.consent_dates import consent_date
from newsletter.check.counting import Questions, count
from newsletter.check.rule import Found
from newsletter.check.rules.advertising import is_marked
from newsletter.check.subscriber_file import column_of, rows_found
from newsletter.edition.edition import Edition
from newsletter.edition.variants import VariantRule
from newsletter.errors import InputError, Problem, RefusedError
from newsletter.ledger.latecomers import FrozenIssue
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.ledger.staged_audience import Audience
from newsletter.progress import Advance
from newsletter.report.latecomers import PassedOver
from newsletter.report.replies import masked
from newsletter.settings.rates import slowest_per_second
from newsletter.settings.workspace import Workspace

from .audience import first_time, suppressed_in
from .judged import RowKeeper
from .keys import links_of
from .list_change import is_much
from .people import MailingList, people_to_mail, sign_ups_alone
from .trial import ComposingTrial

_BATCH = 500
_NAMED = 5
"""So many are shown before they are mailed."""


@dataclass(frozen=True, slots=True)
class LateAudience:
    """Who joined after the plan."""

    record: DispatchRecord
    issue: FrozenIssue
    audience: AudienceSummary
    """Of them alone; bad rows are those of the whole file."""
    passed_over: PassedOver
    some: tuple[str, ...]
    """The first addresses, masked."""
    since: date | None
    keeper: RowKeeper = field(compare=False, repr=False)
    only: Sequence[bytes] | None = field(default=None, compare=False, repr=False)
    """Sign-ups by their hashes, where nobody else is meant."""

    @property
    def count(self) -> int:
        return self.audience.people

    @property
    def is_mass(self) -> bool:
        """Whether so many hardly joined: the file may be another one."""
        return is_much(self.record.total + self.count, self.record.total)


def find_latecomers(
    workspace: Workspace,
    ledger: Ledger,
    record: DispatchRecord,
    *,
    since: date | None = None,
    advance: Advance | None = None,
    only: Sequence[bytes] | None = None,
) -> LateAudience:
    """Whoever is in the file or has signed up, has no delivery of this dispatch, and has not left; writes nothing.

    With `since` only those whose `consent_at` is that day or later; `only` these sign-ups, by their hashes. InputError
    (65) for whatever would stop a plan: too many bad rows, a value that is missing. RefusedError (77) where nobody kept
    who gets which variant.
    """
    people, settings = _people(workspace, ledger, only), workspace.settings
    issue = ledger.frozen_issue(record.id)
    now = ledger.now()
    # A message that is dated days ago is spam to some filters, and far down in the inbox.
    keeper = RowKeeper(people, issue.editions, dated=now)
    trial = ComposingTrial(issue.editions, settings, record.slug)
    summary = AudienceSummary(file=people.file)
    if people.path is not None:
        summary.columns = tuple(filter(None, read_layout(people.path).columns))
    summary.extents = {name: trial.plain(edition) for name, edition in issue.editions.items()}
    choose = _chooser(issue, record.slug, settings.newsletter.language)
    with first_time() as is_first:
        sieve = _Sieve(ledger, record.id, issue.editions, choose, suppressed_in(workspace, ledger), is_first, since)
        questions = Questions(
            editions=issue.editions,
            variant_of=choose,
            languages={edition.language for edition in issue.editions.values()},
            trial=trial,
            keep=keeper.keep,
            is_suppressed=lambda _subscriber: False,
            goes_out=now.date(),
            today=now.date(),
        )
        count(sieve.sift(people.rows(advance)), summary, questions)
    _refuse_faults(summary, issue.editions, sieve.rows, settings.audience.max_bad_rows)
    return LateAudience(record, issue, summary, sieve.passed_over, tuple(sieve.some), since, keeper, only)


def add_latecomers(workspace: Workspace, ledger: Ledger, found: LateAudience) -> int:
    """Plan them, by one commit; how many. Fewer than were found where another process was quicker.

    All are read again where anything was changed since.
    """
    if not found.keeper.is_true_of(_people(workspace, ledger, found.only)):
        found = find_latecomers(workspace, ledger, found.record, since=found.since, only=found.only)
    found.keeper.refuse_unfit()
    rows, newsletter = found.keeper.rows, workspace.settings.newsletter
    # By the hashes of the name that the letter was planned under: those are what its links leave behind.
    then = found.issue.letterhead.list_id
    links = links_of(workspace, create=False, list_id=then, also=[newsletter.list_id])
    was_renamed = bool(newsletter.former_list_ids) or then != newsletter.list_id
    try:
        rate = slowest_per_second(workspace.settings.smtp.rate)
        audience = Audience(rows, links.all_hashes, renamed=was_renamed, rate=rate)
        return ledger.add_latecomers(found.record.id, found.issue.revision, audience, ledger.now())
    finally:
        rows.close()


def _people(workspace: Workspace, ledger: Ledger, only: Sequence[bytes] | None) -> MailingList:
    return people_to_mail(workspace, ledger) if only is None else sign_ups_alone(workspace, ledger, only)


class _Sieve:
    """Lets those rows through of whom nothing is planned yet, and counts the others."""

    def __init__(
        self,
        ledger: Ledger,
        dispatch: int,
        editions: Mapping[str, Edition],
        choose: Callable[[Subscriber], str],
        is_suppressed: Callable[[Subscriber], bool],
        is_first: Callable[[str], bool],
        since: date | None,
    ) -> None:
        self.rows = 0
        self.passed_over = PassedOver()
        self.some: list[str] = []
        self._ledger, self._dispatch = ledger, dispatch
        self._editions, self._choose = editions, choose
        self._is_suppressed, self._is_first = is_suppressed, is_first
        self._since = since

    def sift(self, rows: Iterable[Subscriber | BadRow]) -> Iterator[Subscriber | BadRow]:
        coming = iter(rows)
        while batch := list(islice(coming, _BATCH)):
            self.rows += len(batch)
            keys = [row.key for row in batch if isinstance(row, Subscriber)]
            planned = self._ledger.planned_among(self._dispatch, keys)
            for row in batch:
                if isinstance(row, BadRow) or (
                    row.key not in planned and self._is_first(row.key) and self._is_wanted(row)
                ):
                    yield row

    def _is_wanted(self, row: Subscriber) -> bool:
        over = self.passed_over
        if self._is_suppressed(row):
            over.left += 1
            return False
        if self._since is not None:
            given = consent_date(row.consent_at)
            if given is None or given < self._since:
                over.undated += given is None
                over.too_early += given is not None
                return False
        variant = self._choose(row)
        if variant not in self._editions:
            over.without_edition[variant] += 1
            return False
        if len(self.some) < _NAMED:
            self.some.append(masked(row.email, ""))
        return True


def _chooser(issue: FrozenIssue, slug: str, language: str) -> Callable[[Subscriber], str]:
    """By the rule of the plan; of an earlier version, which kept none, by the language where that is all there is."""
    rule = issue.rule
    if rule is None:
        if any(edition.variant != edition.language for edition in issue.editions.values()):
            raise RefusedError(
                phrase("workflow.latecomers.no_rule", slug=slug), hint=phrase("workflow.latecomers.next_issue")
            )
        rule = VariantRule(language, tuple(issue.editions), {0: frozenset()})
    choose = rule.chooser()
    return lambda subscriber: choose(subscriber.language, subscriber.tags)


def _refuse_faults(summary: AudienceSummary, editions: Mapping[str, Edition], rows: int, allowed: float) -> None:
    """Raise InputError with whatever `check` calls an error of the audience."""
    problems = [
        Problem(found.says, found.file, found.line, hint=found.hint)
        for found in _faults(summary, editions, rows, allowed)
    ]
    if problems:
        raise InputError(problems=problems, hint=phrase("workflow.latecomers.mend_the_file"))


def _faults(summary: AudienceSummary, editions: Mapping[str, Edition], rows: int, allowed: float) -> Iterator[Found]:
    for key, lines in summary.missing.items():
        yield from rows_found(
            summary, lines, Found(phrase("check.audience.merge-missing.empty_cell", column=column_of(key)))
        )
    yield from rows_found(
        summary, summary.failed, lambda why: Found(phrase("check.audience.merge-failed.found", why=why))
    )
    if any(is_marked(edition.subject) for edition in editions.values()):
        yield from rows_found(summary, summary.without_consent, Found(phrase("check.consent.consent-missing.found")))
    if (bad := summary.bad.total) > allowed * rows:
        share = f"{allowed * 100:g}"
        yield Found(phrase("check.audience.bad-row.too_many", bad=bad, rows=rows, allowed=share), file=summary.file)
