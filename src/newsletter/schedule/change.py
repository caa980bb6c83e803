"""A change of what a machine starts by itself: looked at first, then done. Touches: nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from newsletter.catalogue import Said


@dataclass(frozen=True, slots=True)
class Change:
    """Equal to another one if it would put the same in the place of the same."""

    before: tuple[tuple[Path, str | None], ...]
    """Texts by their files; None: there is no such file. A crontab is a file without a name."""
    after: tuple[tuple[Path, str | None], ...]
    diff: str
    """As `diff -U` shows it."""


class Place(Protocol):
    """Where a job can be installed: a crontab, the units of systemd."""

    def planned(self, *, wanted: bool) -> Change | None:
        """What has to be changed until the job is there, or is not; None where nothing has. Any NewsletterError."""
        ...

    def apply(self, change: Change) -> None:
        """Do it. Any NewsletterError."""
        ...

    def idle(self) -> Said | None:
        """Why nothing starts the job, although it is there."""
        ...

    def by_hand(self) -> Sequence[int]:
        """The lines, from 1, that do the same and that a person has put there. Any NewsletterError."""
        ...

    def notes(self) -> tuple[Said, ...]:
        """Starts it, where that takes more; what a person should know or do besides."""
        ...
