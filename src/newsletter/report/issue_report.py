"""What is told of one issue: its figures, with whatever explains them. Touches: nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.ledger.accounts import Account, PastRun, ShortAccount, StateReply
from newsletter.ledger.records import DeliveryRecord
from newsletter.ledger.states import State

from .figures import IssueFigures, ShortFigures
from .issue_figures import issue_figures, short_figures
from .replies import masked_address, masked_reply, without_addresses
from .run_times import telling
from .states_and_times import STATE_WORDS

COMPARED = 12
"""Issues before it."""


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """A reviewer's yes, as the files beside the issue tell it."""

    by: str
    at: datetime
    is_what_was_sent: bool
    """Its editions are those that were frozen last."""
    commit: str = ""
    """That last changed it, in full; empty where it is not committed as it is, or git does not say."""
    committed_by: str = ""
    committed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IssueReport:
    """One issue at one moment."""

    figures: IssueFigures
    newsletter_name: str
    zone: str
    """The newsletter's time zone."""
    counted_at: datetime
    subject: str = ""
    discrepancies: tuple[Said, ...] = ()
    """What does not add up."""
    is_behind: bool = False
    """Something outside of the ledger says that it knows less than happened."""
    compared: tuple[ShortFigures, ...] = ()
    """The issues before it, the oldest first."""
    approval: ApprovalFacts | None = None
    note: Said = SILENCE
    """Why there is no more to tell: it was never planned, or only what git keeps is known."""
    runs: Sequence[PastRun] = ()
    replies: Sequence[StateReply] = ()
    doubts: Sequence[DeliveryRecord] = ()
    full: bool = False
    """Addresses in full."""
    leave_words: Sequence[str] = ()
    """What readers wrote when they left, the newest first."""
    leave_words_total: int = 0
    """As many there are."""
    few: frozenset[str] = frozenset()
    """Domains in `replies` and `doubts` with so few readers that they may be somebody's own."""

    def address(self, row: DeliveryRecord) -> str:
        """`h***@naver.com`; of a domain with few readers nothing is told."""
        return row.address if self.full else masked_address(row.address, hide_domain=self._hides(row))

    def words(self, row: DeliveryRecord, language: str) -> str:
        """What the relay said last of this one."""
        if row.reply is None:
            return ""
        said = row.reply.in_language(language)
        return said if self.full else masked_reply(said, row.key, hide_domain=self._hides(row))

    def own_words(self) -> list[str]:
        """Of those who left; an address that somebody wrote is hidden, since nobody is to be known by an answer."""
        return [without_addresses(one) for one in self.leave_words]

    def _hides(self, row: DeliveryRecord) -> bool:
        return row.key.rpartition("@")[2] in self.few


def report_of(account: Account, report: IssueReport, kept: Mapping[str, IssueFigures]) -> IssueReport:
    """Fill a report with what the ledger counted; `kept` are figures of issues by slug, as git has them."""
    now = report.counted_at
    wrong = (*report.discrepancies, *discrepancies(account))
    figures = issue_figures(account, now, adds_up=not wrong)
    return replace(
        report,
        figures=figures,
        subject=max(account.letters, key=lambda letter: letter.readers).subject if account.letters else "",
        discrepancies=wrong,
        compared=tuple(issues_before(figures, with_kept(account.others, kept, now))),
        runs=telling(account.short.runs),
        replies=account.replies,
        doubts=account.doubts,
        leave_words=account.leave_words,
        leave_words_total=account.leave_words_total,
        few=account.few,
    )


def with_kept(accounts: Sequence[ShortAccount], kept: Mapping[str, IssueFigures], now: datetime) -> list[ShortFigures]:
    """Of every issue that either knows; what the ledger knows counts, but for times that it was not asked for."""
    found: dict[str, ShortFigures] = dict(kept)
    for account in accounts:
        figures = short_figures(account, now)
        its = kept.get(figures.issue)
        if account.times is None and its is not None and its.states == figures.states:
            known = ("acceptance", "ended_at", "latecomers", "last_latecomer_at")
            figures = figures.model_copy(update={name: getattr(its, name) for name in known})
        found[figures.issue] = figures
    return list(found.values())


def issues_before(figures: ShortFigures, others: Iterable[ShortFigures]) -> list[ShortFigures]:
    """The issues that were planned before, as many as are compared."""
    return in_order(one for one in others if one.issue != figures.issue and _key(one) < _key(figures))[-COMPARED:]


def in_order(figures: Iterable[ShortFigures]) -> list[ShortFigures]:
    """First planned first."""
    return sorted(figures, key=_key)


def _key(figures: ShortFigures) -> tuple[float, str]:
    return (figures.planned_at.timestamp() if figures.planned_at else 0.0, figures.issue)


def discrepancies(account: Account) -> list[Said]:
    """What does not add up, of one moment of the ledger: counts against the total, and rows against the counts."""
    counts, rows = account.short.counts, account.rows
    total, together = account.short.record.total, sum(counts.values())
    wrong: list[Said] = []
    if together != total:
        wrong.append(phrase("report.account.states_and_total", total=total, together=together))
    if (found := sum(rows.values())) != total:
        wrong.append(phrase("report.account.rows_and_total", total=total, rows=found))
    wrong += [
        phrase("report.account.rows_and_counts", state=STATE_WORDS[state], counted=counts[state], rows=rows[state])
        for state in State
        if counts[state] != rows[state]
    ]
    return wrong
