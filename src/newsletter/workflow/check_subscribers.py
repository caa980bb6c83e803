"""Look through the subscriber file, row by row, without an issue: what is bad, twice there, or doubtful.

Touches: the file, the ledger for reading, a temporary file. Limits: findings are told as they are met and never kept,
so memory does not grow with the file; what an issue asks of the rows is the business of `check`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from newsletter.audience.subscriber import BadRow, KnownFrom, Subscriber, row_hint
from newsletter.catalogue import SILENCE, Said, Verbatim, phrase
from newsletter.check.consent_dates import consent_date, holds_since
from newsletter.check.counting import oddities
from newsletter.check.doubts import doubts_of
from newsletter.check.finding import Finding, Severity
from newsletter.check.rules import RULES
from newsletter.check.rules.audience import odd_value
from newsletter.errors import InputError
from newsletter.language_tags import meant_tag
from newsletter.message.escape import clean
from newsletter.progress import Advance
from newsletter.report.replies import masked
from newsletter.settings.workspace import Workspace

from .steps.audience import first_lines, known_suppressed
from .steps.newsletter import placed_in_settings
from .steps.people import MailingList, people_at_hand

DUPLICATE = "duplicate-row"
"""The id of what is a matter of the list alone, and of no letter."""
_LEDGER = "ledger"
"""Stands for a file in a finding about a sign-up."""


@dataclass(slots=True)
class SubscriberCheck:
    """Counts of one pass, whole when its findings have ended. People are the good rows, each address once."""

    file: str
    rows: int = 0
    people: int = 0
    sign_ups: int = 0
    """Of the people, those who signed up."""
    in_both: int = 0
    """Of the sign-ups, those who are in the file, too."""
    unconfirmed: int = 0
    """Taken over without consent and in no file: in no other number."""
    suppressed: int | None = None
    """Of the people; None where no ledger is at hand."""
    bad: int = 0
    duplicates: int = 0
    doubtful: int = 0
    """People of whom something was found."""
    without_consent: int = 0
    """People without date or source of consent."""
    old_consent: int = 0
    """People whose consent is older than two years."""
    found: Counter[tuple[str, Severity]] = field(default_factory=Counter)

    @property
    def errors(self) -> int:
        return sum(count for (_, severity), count in self.found.items() if severity is Severity.ERROR)

    @property
    def exit_code(self) -> int:
        return InputError.exit_code if self.errors else 0

    def to_json(self) -> Mapping[str, Any]:
        """The counts, for scripts; keys are only ever added."""
        by_rule: Counter[str] = Counter()
        for (rule, _), count in self.found.items():
            by_rule[rule] += count
        return {
            "rows": self.rows,
            "people": self.people,
            "sign_ups": self.sign_ups,
            "in_both": self.in_both,
            "unconfirmed": self.unconfirmed,
            "suppressed": self.suppressed,
            "bad": self.bad,
            "duplicates": self.duplicates,
            "doubtful": self.doubtful,
            "without_consent": self.without_consent,
            "consent_older_than_two_years": self.old_consent,
            "errors": self.errors,
            "warnings": sum(self.found.values()) - self.errors,
            "by_rule": dict(sorted(by_rule.items())),
        }

    def _sources(self) -> Said:
        if not (self.sign_ups or self.unconfirmed):
            return SILENCE
        return phrase(
            "workflow.check_subscribers.sources",
            sign_ups=self.sign_ups,
            in_both=self.in_both,
            unconfirmed=self.unconfirmed,
        )

    def summary(self) -> Said:
        """The last words for a person."""
        suppressed = (
            phrase("workflow.check_subscribers.suppressed", count=self.suppressed) if self.suppressed else SILENCE
        )
        if not self.file:
            return phrase(
                "workflow.check_subscribers.summary_without_file",
                people=self.people,
                suppressed=suppressed,
                unconfirmed=self.unconfirmed,
                doubtful=self.doubtful,
            )
        return phrase(
            "workflow.check_subscribers.summary",
            file=self.file,
            rows=self.rows,
            people=self.people,
            sources=self._sources(),
            suppressed=suppressed,
            bad=self.bad,
            duplicates=self.duplicates,
            doubtful=self.doubtful,
        )


def check_subscribers(
    workspace: Workspace, given: Path | None = None, advance: Advance | None = None, *, today: date | None = None
) -> tuple[SubscriberCheck, Iterator[Finding]]:
    """The counts, and the findings that fill them while they are read; `given` is another file than the workspace's.

    Raises InputError where there is no subscriber file and nobody has signed up.
    """
    people = MailingList(given) if given else people_at_hand(workspace)
    report = SubscriberCheck(people.file)
    findings = _findings(workspace, people, report, advance, today or datetime.now(UTC).date())
    return report, _counted(findings, report)


def _counted(findings: Iterator[Finding], report: SubscriberCheck) -> Iterator[Finding]:
    for finding in findings:
        report.found[finding.rule, finding.severity] += 1
        yield finding


def _findings(
    workspace: Workspace, people: MailingList, report: SubscriberCheck, advance: Advance | None, today: date
) -> Iterator[Finding]:
    try:
        yield from _of_rows(workspace, people, report, advance, today)
    except InputError as error:
        for problem in error.problems:
            says = phrase("check.audience.audience-file.found", why=problem.message)
            hint = Verbatim(problem.hint) if isinstance(problem.hint, str) else problem.hint
            yield _finding("audience-file", says, report.file, problem.line, hint)
        return
    if not report.people:
        yield _finding("audience-empty", phrase("check.audience.audience-empty.found"), report.file)
    allowed = workspace.settings.audience.max_bad_rows
    if report.bad > allowed * report.rows:
        says = phrase("check.audience.bad-row.too_many", bad=report.bad, rows=report.rows, allowed=f"{allowed * 100:g}")
        yield _finding("bad-row", says, report.file, severity=Severity.ERROR)


def _of_rows(
    workspace: Workspace, people: MailingList, report: SubscriberCheck, advance: Advance | None, today: date
) -> Iterator[Finding]:
    rows = people.rows(advance)
    is_suppressed, refused = known_suppressed(workspace)
    if refused:
        why = placed_in_settings(workspace, refused)
        yield _finding("list-id-unknown", why.message, why.file, why.line, why.hint)
    report.suppressed = None if is_suppressed is None else 0
    with first_lines() as first_line_of:
        for row in rows:
            report.rows += bool(row.line)
            if isinstance(row, BadRow):
                report.bad += 1
                says = phrase("check.audience.bad-row.found", why=row.reason)
                yield _finding("bad-row", says, report.file, row.line, row_hint(row.reason))
            elif (first := first_line_of(row)) != row.line:
                report.duplicates += 1
                yield _duplicate(report.file, row.line, first)
            else:
                yield from _of_person(row, report, today)
                if is_suppressed and is_suppressed(row):
                    report.suppressed = (report.suppressed or 0) + 1
    report.unconfirmed = people.unconfirmed


def _of_person(row: Subscriber, report: SubscriberCheck, today: date) -> Iterator[Finding]:
    report.people += 1
    report.sign_ups += row.origin in (KnownFrom.SIGN_UP, KnownFrom.BOTH)
    report.in_both += row.origin is KnownFrom.BOTH
    given = consent_date(row.consent_at)
    report.without_consent += given is None or not row.consent_source
    report.old_consent += given is not None and given < holds_since(today)
    found = [_finding(rule, says, report.file, row.line) for rule, says in doubts_of(row, today)]
    values = {key: value for key, value in row.values().items() if key != "email"}
    changed = [key for key, value in values.items() if clean(value) != value]
    found += [
        _finding("merge-value", odd_value(oddity, key, len(values[key])), report.file, row.line)
        for oddity, key in oddities(values, changed)
    ]
    if meant := meant_tag(row.language):
        says = phrase("workflow.check_subscribers.language", language=row.language, meant=meant)
        hint = phrase("workflow.check_subscribers.language_hint", meant=meant)
        found.append(_finding("language-unknown", says, report.file, row.line, hint))
    report.doubtful += bool(found)
    yield from found if row.line else (_of_sign_up(row, one) for one in found)


def _of_sign_up(row: Subscriber, found: Finding) -> Finding:
    """A sign-up has no line to be found by."""
    who = masked(row.email, "")
    says = phrase("workflow.check_subscribers.of_sign_up", address=who, what=found.message)
    return replace(found, message=says, file=_LEDGER, line=None)


def _duplicate(file: str, line: int, first: int) -> Finding:
    return Finding(
        rule=DUPLICATE,
        severity=Severity.WARNING,
        message=phrase("workflow.check_subscribers.same_address", first=first),
        file=file,
        line=line,
        hint=phrase("workflow.check_subscribers.gets_one"),
    )


def _finding(
    rule: str,
    says: Said,
    file: str,
    line: int | None = None,
    hint: Said = SILENCE,
    *,
    severity: Severity | None = None,
) -> Finding:
    known = RULES[rule]
    return Finding(
        rule=rule,
        severity=severity or known.severity,
        message=says,
        file=file,
        line=line,
        hint=known.mend if hint == SILENCE else hint,
        why=known.why,
        source=known.source,
    )
