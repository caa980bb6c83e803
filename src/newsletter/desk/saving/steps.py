"""The steps that undo goes back over and redo goes forth again, kept over restarts. Touches: `steps.json`.

A step is two versions of the issue, before and after; changes of one window with one group, such as a field that is
being typed in, are one step. A window takes back its own last step; one that has none, such as the first after a
restart, the last of all. Limits: MOST_STEPS; a file that cannot be read is set aside as `steps.json.broken`.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from newsletter.settings.replace_file import replace_file

MOST_STEPS = 300


@dataclass(frozen=True, slots=True)
class Step:
    before: str
    """Versions."""
    after: str
    window: str
    """Who made it; of one that was taken back, who took it back."""
    group: str = ""
    """Empty: nothing is added to it any more."""
    earlier: str = ""
    """What `after` was until something was added last: what the file still is where that was not written any more."""


@dataclass(frozen=True, slots=True)
class Steps:
    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()
    """The one taken back last is the last; `before` is what redo leads away from."""

    def with_change(self, step: Step) -> "Steps":
        """One more, or the last one made longer; what this window could redo is gone."""
        undone = tuple(one for one in self.undone if one.window != step.window)
        last = self.done[-1] if self.done else None
        if last and step.group and (last.window, last.group, last.after) == (step.window, step.group, step.before):
            return Steps((*self.done[:-1], replace(last, after=step.after, earlier=last.after)), undone)
        return Steps((*self.done, step)[-MOST_STEPS:], undone)

    def to_undo(self, window: str) -> Step | None:
        return _last(self.done, window)

    def to_redo(self, window: str) -> Step | None:
        if any(one.window == window for one in self.undone):
            return _last(self.undone, window)
        # Who has changed something since has nothing to redo, whatever others took back.
        return None if any(one.window == window for one in self.done) else _last(self.undone, window)

    def undone_with(self, step: Step, back: Step) -> "Steps":
        """`step` was taken back, which was the change `back`."""
        return Steps(_without(self.done, step), (*self.undone, back)[-MOST_STEPS:])

    def redone_with(self, step: Step, again: Step) -> "Steps":
        return Steps((*self.done, again)[-MOST_STEPS:], _without(self.undone, step))

    def without(self, step: Step) -> "Steps":
        """Without one that leads nowhere."""
        return Steps(_without(self.done, step), _without(self.undone, step))

    def versions(self) -> Iterator[str]:
        for step in (*self.done, *self.undone):
            yield from (step.before, step.after)


def _last(steps: tuple[Step, ...], window: str) -> Step | None:
    own = [step for step in steps if step.window == window]
    return own[-1] if own else steps[-1] if steps else None


def _without(steps: tuple[Step, ...], step: Step) -> tuple[Step, ...]:
    for index in range(len(steps) - 1, -1, -1):
        if steps[index] == step:
            return steps[:index] + steps[index + 1 :]
    return steps


@dataclass(frozen=True, slots=True)
class StepsFile:
    path: Path

    def read(self) -> Steps:
        """What is kept; nothing where there is nothing, or nothing that can be read."""
        try:
            kept = json.loads(self.path.read_bytes())
            return Steps(tuple(map(_step, kept["done"])), tuple(map(_step, kept["undone"])))
        except FileNotFoundError:
            return Steps()
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            with suppress(OSError):
                self.path.replace(self.path.with_name(f"{self.path.name}.broken"))
            return Steps()

    def write(self, steps: Steps) -> None:
        """OSError where they cannot be kept."""
        kept = {"done": list(map(asdict, steps.done)), "undone": list(map(asdict, steps.undone))}
        replace_file(self.path, json.dumps(kept).encode(), mode=0o600)


def _step(kept: dict[str, object]) -> Step:
    values = [kept[name] for name in ("before", "after", "window", "group", "earlier")]
    return Step(*(value for value in values if isinstance(value, str)))
