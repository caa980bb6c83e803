"""How a run ended, in words, and as an exit code. Touches: nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.catalogue import Said, Verbatim, lines, phrase
from newsletter.dispatch.reply_class import ReplyClass
from newsletter.dispatch.run import RunReport
from newsletter.dispatch.stop import StopKind
from newsletter.ledger.records import ReplyCount
from newsletter.ledger.states import UNFINISHED, State

from .replies import example, meaning_and_remedy
from .states_and_times import counts_words, local, resting_words

DONE, RUN_AGAIN = 0, 75

_BY_ITSELF = frozenset({StopKind.BUDGET, StopKind.QUOTA})
"""What stopped it passes with time."""
_DOMAINS = 10
"""So many that are left alone are named."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A run's report beside the counts before and after it; every count is of deliveries of the whole issue."""

    slug: str
    zone: str
    """The newsletter's time zone."""
    report: RunReport
    counts: dict[State, int]
    before: dict[State, int]
    paused: Said | None = None
    """Why the dispatch is paused now; None where it is not. A canary ends like this."""
    warnings: tuple[Said, ...] = ()
    unauthenticated: tuple[ReplyCount, ...] = ()
    """What is said to those who wait until a record of the sender's is mended."""

    def gained(self, state: State) -> int:
        """So many more deliveries are in this state than before the run (of all processes that worked meanwhile)."""
        return self.counts[state] - self.before[state]

    @property
    def has_changed(self) -> bool:
        """Anything became of any delivery."""
        return any(self.gained(state) for state in State)

    @property
    def worth_telling(self) -> bool:
        """Whether the operator is told."""
        stopped = self.report.stopped
        return self.has_changed or (stopped is not None and stopped.kind not in {StopKind.CANARY, *_BY_ITSELF})

    @property
    def out_of_budget(self) -> bool:
        """It stopped since a limit of the settings, or of the relay, is used up: nobody has to do anything."""
        return self.report.stopped is not None and self.report.stopped.kind in _BY_ITSELF

    @property
    def only_waits(self) -> bool:
        """All that is left waits for its time."""
        return self.out_of_budget or (bool(self.report.resting) and self.report.stopped is None)

    @property
    def waits_for_a_person(self) -> bool:
        """It stopped or is paused, or something is in doubt: nothing that --quiet may keep to itself."""
        waits = self.paused is not None or self.counts[State.IN_DOUBT] > 0
        return self.report.stopped is not None or waits or bool(self.unauthenticated)

    def exit_code(self, *, by_hand: bool = True) -> int:
        """docs/design.md 4.4: 75 while something can still be done, also for what is in doubt when a person asked."""
        if self.report.stopped is not None:
            return self.report.stopped.exit_code
        if self._unfinished():
            return RUN_AGAIN
        if by_hand and self.counts[State.IN_DOUBT]:
            return RUN_AGAIN
        return DONE

    def _unfinished(self) -> bool:
        """Whether running again would do something: what waits behind a pause is not among it, what is deferred is."""
        if self.counts[State.DEFERRED] or self.report.held_by_others:
            return True
        return not self.paused and any(self.counts[state] for state in UNFINISHED)

    def headline(self) -> Said:
        """One line: how it stands with the issue."""
        if self.report.stopped is not None:
            return phrase("report.ending.stopped", slug=self.slug, reason=self.report.stopped.reason)
        if self.paused:
            return phrase("report.ending.paused", slug=self.slug, reason=self.paused)
        if self._unfinished():
            return phrase("report.ending.not_finished", slug=self.slug)
        if self.counts[State.IN_DOUBT]:
            return phrase("report.ending.finished_but_for_doubt", slug=self.slug)
        return phrase("report.ending.finished", slug=self.slug)

    def summary(self) -> Said:
        """The headline, what this run did, what is left and what to do next."""
        return lines(self.headline(), self.counts_words(), *self._next_steps())

    def counts_words(self) -> Said:
        """Of the whole issue, and of this run beside it where that is another number: latecomers are few."""
        counts = counts_words(self.counts)
        if not self.before[State.SENT]:
            return counts
        return phrase("report.ending.this_run", count=max(self.gained(State.SENT), 0), counts=counts)

    def _next_steps(self) -> Iterator[Said]:
        slug, report = self.slug, self.report
        if self.counts[State.IN_DOUBT]:
            yield phrase("report.ending.in_doubt", slug=slug)
        if self.counts[State.DEFERRED]:
            yield self._deferred()
        yield from self._held_up()
        if report.held_by_others:
            yield phrase("report.ending.held_by_others", count=report.held_by_others)
        if unwritten := report.unrecorded + report.taken_away:
            yield phrase("report.ending.unwritten", count=unwritten)
        yield from self._found_out()
        if self.paused:
            yield phrase("report.ending.to_resume", slug=slug)
        elif report.rests_until is not None:
            yield phrase("report.ending.goes_on_at", slug=slug, when=local(report.rests_until, self.zone))
        elif self.counts[State.PLANNED]:
            yield phrase("report.ending.to_go_on", slug=slug)

    def _found_out(self) -> Iterator[Said]:
        """What the run has learned of the relay."""
        if self.report.session_limit is not None:
            yield phrase("report.ending.session_limit", count=self.report.session_limit)
        if self.report.out_of_step:
            yield phrase("report.ending.out_of_step", reason=self.report.stepwise_because)

    def _held_up(self) -> Iterator[Said]:
        """What the reply means that stopped it, which domains wait, and which records are missing."""
        report = self.report
        if report.stopped is not None and (told := report.stopped.meaning) is not None:
            yield lines(told.meaning, told.remedy)
        for domain in report.resting[:_DOMAINS]:
            yield resting_words(domain.domain, domain.until, self.zone, domain.reply)
        if len(report.resting) > _DOMAINS:
            yield phrase("report.ending.more_domains", count=len(report.resting) - _DOMAINS)
        for one in self.unauthenticated:
            yield held_words(one)

    def _deferred(self) -> Said:
        if self.report.next_due is None:
            return phrase("report.ending.deferred", slug=self.slug)
        return phrase("report.ending.deferred_until", slug=self.slug, when=local(self.report.next_due, self.zone))


def held_words(one: ReplyCount) -> Said:
    """How many wait for a record or for a limit, what that means and how to mend it."""
    reply = Verbatim(example(one, "en"))
    why = phrase("report.ending.limited", count=one.count, reply=reply)
    if one.reply_class == ReplyClass.UNAUTHENTICATED:
        why = phrase("report.ending.unauthenticated", count=one.count, reply=reply)
    return lines(why, *meaning_and_remedy(one))
