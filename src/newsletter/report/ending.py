"""How a run ended, in words, and as an exit code. Touches: nothing."""

from dataclasses import dataclass

from newsletter.dispatch.learned_pace import Resting
from newsletter.dispatch.run import RunReport
from newsletter.dispatch.stop import StopKind
from newsletter.ledger.states import UNFINISHED, State

from .states_and_times import counted, local, words_of

DONE, RUN_AGAIN = 0, 75


@dataclass(frozen=True, slots=True)
class Ending:
    """A run's report beside the counts before and after it; every count is of deliveries of the whole issue."""

    slug: str
    zone: str
    """The newsletter's time zone."""
    report: RunReport
    counts: dict[State, int]
    before: dict[State, int]
    paused: str = ""
    """Why the dispatch is paused now; empty where it is not. A canary ends like this."""
    warnings: tuple[str, ...] = ()

    def gained(self, state: State) -> int:
        """So many more deliveries are in this state than before the run (of all processes that worked meanwhile)."""
        return self.counts[state] - self.before[state]

    @property
    def worth_telling(self) -> bool:
        changed = any(self.gained(state) for state in State)
        stopped = self.report.stopped
        return changed or (stopped is not None and stopped.kind is not StopKind.CANARY)

    def exit_code(self, *, by_hand: bool = True) -> int:
        """DESIGN 4.4: 75 while something can still be done, also for what is in doubt when a person asked."""
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

    def headline(self) -> str:
        """One line, ASCII but for the relay's own words."""
        if self.report.stopped is not None:
            return f"{self.slug}: stopped: {self.report.stopped.reason}"
        if self.paused:
            return f"{self.slug}: paused: {self.paused}"
        if self._unfinished():
            return f"{self.slug}: not finished yet"
        if self.counts[State.IN_DOUBT]:
            return f"{self.slug}: finished, but for what is in doubt"
        return f"{self.slug}: finished"

    def summary(self) -> str:
        """The headline, what this run did, what is left and what to do next."""
        lines = [self.headline(), _in_words(self.counts), *self._next_steps()]
        return "\n".join(line for line in lines if line)

    def _next_steps(self) -> list[str]:
        steps = []
        if self.counts[State.IN_DOUBT]:
            steps.append(
                f"In doubt, since the link was lost when nobody could know: newsletter status {self.slug}, then "
                f"newsletter resolve {self.slug} --as-sent or --resend"
            )
        if self.counts[State.DEFERRED]:
            when = f" from {local(self.report.next_due, self.zone)}" if self.report.next_due else " later"
            steps.append(f"Deferred ones can be tried{when}: newsletter send {self.slug}")
        steps += [self._rest(domain) for domain in self.report.resting]
        if self.report.held_by_others:
            steps.append(f"Another process is still at work on {counted(self.report.held_by_others, 'delivery')}.")
        if unwritten := self.report.unrecorded + self.report.taken_away:
            steps.append(f"{counted(unwritten, 'answer')} of the relay came too late to be written down: in doubt.")
        if self.report.out_of_step:
            steps.append(f"Slower, in plain commands, from some point on: {self.report.stepwise_because}")
        if self.paused:
            steps.append(f"To send the rest: newsletter resume {self.slug}, then newsletter send {self.slug}")
        elif self.counts[State.PLANNED]:
            steps.append(f"To go on: newsletter send {self.slug}")
        return steps

    def _rest(self, resting: Resting) -> str:
        said = f" ({words_of(resting.reply)})" if resting.reply else ""
        return f"{resting.domain} asks for patience{said}; it is tried again from {local(resting.until, self.zone)}."


def _in_words(counts: dict[State, int]) -> str:
    return ", ".join(f"{count} {state.value.replace('_', ' ')}" for state, count in counts.items() if count)
