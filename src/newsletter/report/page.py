"""The pages for people, one issue and all of them, as HTML that needs nothing but itself.

Touches: the package's files. No script, no request: style and charts stand in the page, and its content security policy
lets nothing else in. Whatever came from outside (a relay's words, a subject, a name) is escaped, and is without control
characters and those that turn the direction of writing.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from newsletter.catalogue import Phrase, Said, Value, phrase, spoken_language
from newsletter.check.hosts import readable_host
from newsletter.dispatch.reply_class import ReplyClass
from newsletter.dispatch.reply_meanings import meaning_of
from newsletter.ledger.counted_rows import MOST_ATTEMPTS
from newsletter.ledger.returns import EventKind
from newsletter.ledger.states import UNFINISHED, State, reason_said
from newsletter.printable import one_line, printable
from newsletter.settings.palette import PALETTE

from .came_back import EVENT_WORDS
from .figures import FEW, OTHER, AttemptFigures, DomainFigures, IssueFigures, ReplyFigures, RunFigures, ShortFigures
from .headway import rate_words
from .issue_report import IssueReport
from .lengths import length_words, share_words, size_words
from .page_charts import acceptance_chart, audience_chart, issue_charts, rates_chart
from .replies import class_in_words
from .run_end import end_words
from .run_times import ENDED_BY_LIMIT, rows_of_runs
from .states_and_times import STANDING_WORDS, STATE_WORDS, local

_TYPED = re.compile(r"`([^`]*)`")
_WHY_WORDS: Mapping[str, Said] = {
    "too_often": phrase("report.leave_reasons.too_often"),
    "not_mine": phrase("report.leave_reasons.not_mine"),
    "no_time": phrase("report.leave_reasons.no_time"),
    "never_asked": phrase("report.leave_reasons.never_asked"),
    "elsewhere": phrase("report.leave_reasons.elsewhere"),
    "other": phrase("report.leave_reasons.other"),
}
"""Why people left, by the names that the ledger keeps (ledger/readers.py)."""


class ReportPages:
    """The pages in one language, with times of one zone."""

    def __init__(self, language: str, zone: str) -> None:
        self._language = spoken_language(language)
        self._zone = ZoneInfo(zone)

    def issue(self, report: IssueReport) -> str:
        """One issue, whose addresses are as its report has them."""
        charts = issue_charts(report.figures, report.compared, report.zone, self._language)
        template = self._environment.get_template("issue.html.j2")
        return printable(template.render(report=report, charts=charts, this=report.figures.issue, links=False))

    def all_issues(self, issues: Sequence[ShortFigures], newsletter_name: str, counted_at: datetime) -> str:
        """Every issue, the oldest first; each is linked as `<slug>.html` beside this page."""
        drawings = {"audience": audience_chart, "rates": rates_chart, "acceptance": acceptance_chart}
        page = self._environment.get_template("index.html.j2").render(
            issues=issues,
            charts={name: draw(issues, self._language) for name, draw in drawings.items()} if issues else {},
            growth=self._growth(issues),
            newsletter_name=newsletter_name,
            counted_at=counted_at,
            this="",
            links=True,
        )
        return printable(page)

    @cached_property
    def _environment(self) -> Environment:
        made = Environment(
            loader=PackageLoader("newsletter.report", "pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.globals.update(
            language=self._language,
            palette=PALETTE,
            few=FEW,
            say=self._say,
            standing=self._standing,
            share=lambda part, whole: share_words(part / whole if whole else None),
            sum_of_states=self._sum_of_states,
            unfinished=lambda figures: figures.count(*UNFINISHED),
            rests_now=_rests_now,
            got=lambda one, state: one.states.get(state, 0),
            not_sent_yet=_not_sent_yet,
            domain=self._domain,
            attempts=self._attempts,
            ended=self._ended,
            rows_of_runs=rows_of_runs,
            state_words=lambda state: self._said(STATE_WORDS[State(state)]),
            class_words=lambda kind: one_line(class_in_words(kind, self._language)),
            reason_words=self._reason,
            why_words=lambda reason: self._said(_WHY_WORDS.get(reason, _WHY_WORDS["other"])),
            event_words=lambda event: self._said(EVENT_WORDS[EventKind(event)]),
            meaning=_meaning,
        )
        made.filters.update(
            said=self._said,
            number=lambda number: f"{number:,}",
            length_=lambda seconds: self._said(length_words(seconds)),
            rate=lambda rate: self._said(rate_words(rate)),
            size=size_words,
            percent=share_words,
            one_line=one_line,
            local=lambda moment: local(moment, str(self._zone)),
            local_seconds=lambda moment: f"{moment.astimezone(self._zone):%Y-%m-%d %H:%M:%S}",
            day=lambda moment: f"{moment.astimezone(self._zone):%Y-%m-%d}",
        )
        return made

    def _said(self, words: Said) -> str:
        return words.in_language(self._language)

    def _say(self, key: str, **values: Value) -> str:
        """The words of the page."""
        return self._typed(Phrase(f"report.page.{key}", tuple(values.items())))

    def _typed(self, words: Said) -> str:
        """What stands between back-ticks is shown as what is typed."""
        said = self._said(words)
        # Markup, as its words are escaped before.
        return Markup(_TYPED.sub(r"<code>\1</code>", str(escape(said)))) if "`" in said else said  # noqa: S704

    def _standing(self, name: str) -> str:
        """A later version may have kept one that this one does not know."""
        return self._said(STANDING_WORDS[name]) if name in STANDING_WORDS else one_line(name)

    def _sum_of_states(self, figures: IssueFigures) -> str:
        """`39,800 sent + 120 failed + …`."""
        parts = (
            f"{count:,} {self._said(STATE_WORDS[State(state)])}" for state, count in figures.states.items() if count
        )
        return " + ".join(parts)

    def _domain(self, one: DomainFigures) -> str:
        """With letters, and beside them what stands in the ledger."""
        if one.domain == OTHER:
            return self._say("other_domains", count=one.domains)
        shown = readable_host(one.domain)
        return one.domain if shown == one.domain else f"{one_line(shown)} ({one.domain})"

    def _attempts(self, number: int) -> str:
        return self._say("more_attempts" if number == MOST_ATTEMPTS else "attempts_count", count=number)

    def _ended(self, run: RunFigures) -> str:
        words = end_words(run.ended_by)
        if words is not None:
            return self._typed(words)
        return "" if run.ended_at is None else self._say("ended_unknown")

    def _reason(self, reason: str) -> str:
        return self._say("other_reason") if reason == OTHER else one_line(self._said(reason_said(reason)))

    def _growth(self, issues: Sequence[ShortFigures]) -> str:
        if len(issues) < 2:
            return ""
        first, last = issues[0], issues[-1]
        change = f"{(last.total - first.total) / first.total * 100:+.1f}%" if first.total else "–"
        return self._say(
            "growth",
            first=f"{first.total:,}",
            first_issue=first.issue,
            last=f"{last.total:,}",
            last_issue=last.issue,
            change=change,
        )


def _rests_now(figures: IssueFigures) -> bool:
    """The last process ended since an amount was used up, and something is left to send."""
    last = figures.runs[-1].ended_by if figures.runs and len(figures.runs) == figures.runs_total else ""
    return bool(last in ENDED_BY_LIMIT and figures.count(*UNFINISHED))


def _not_sent_yet(one: DomainFigures | AttemptFigures) -> int:
    """Neither accepted, nor at an end in another way that has a column of its own."""
    ended = {State.SENT, State.FAILED, State.EXPIRED, State.IN_DOUBT, State.SUPPRESSED}
    return sum(count for state, count in one.states.items() if state not in ended)


def _meaning(one: ReplyFigures) -> tuple[Said, ...]:
    words = meaning_of(one.rule, one.reply_class)
    return (words.meaning, words.remedy) if words and one.reply_class != ReplyClass.ACCEPTED else ()
