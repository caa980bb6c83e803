"""The one tree of errors, and the places they point at. Touches: nothing.

    NewsletterError            70  a bug, if nothing more precise was raised
    ├── UsageError             64  the words of the command
    ├── InputError             65  a file somebody wrote: issue, CSV, template, picture; carries problems
    ├── UnavailableError       69  relay or port that does not answer, login refused
    ├── CannotWriteError       73  disk full, no permission, database gone
    ├── RunAgainError          75  not done yet; running again continues
    ├── RefusedError           77  not approved, paused, answered no, stopped
    └── SettingsError          78  newsletter.toml or the environment; carries problems

The numbers are those of sysexits.h and a contract (docs/design.md 4.4). A foreign error is translated where its library
is known: one `translate` function in the stage that owns the library.

What an error says is a phrase of the catalogue: it becomes words in the language of whoever reads it, and English where
it is only made a string.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from .catalogue import SILENCE, Lines, Said


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one place of a file; line and column count from 1, in the file as stored."""

    message: Said
    file: str = ""
    line: int | None = None
    column: int | None = None
    path: str = ""
    """Where in the data: `sections[2].research[0].url`."""
    excerpt: str = ""
    """The line itself and, under it, a caret; already aligned for wide characters."""
    hint: Said = SILENCE
    """The next step: what to write instead, which command to run."""

    def in_language(self, language: str) -> str:
        """The place, what is wrong there, the line with its caret, the next step."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part not in ("", None))
        head = ": ".join(part for part in (place, self.path, self.message.in_language(language)) if part)
        return "\n".join(part for part in (head, self.excerpt, self.hint.in_language(language)) if part)

    def __str__(self) -> str:
        return self.in_language("en")


class NewsletterError(Exception):
    """Root of the tree: a message for a person, and the exit code of the command that ends with it."""

    exit_code: ClassVar[int] = 70

    def __init__(self, message: Said, *, hint: Said = SILENCE) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def in_language(self, language: str) -> str:
        """What went wrong and, on a line of its own, the next step."""
        return Lines((self.message, self.hint)).in_language(language)

    def __str__(self) -> str:
        return self.in_language("en")


class UsageError(NewsletterError):
    exit_code = 64


class _ProblemsError(NewsletterError):
    """An error made of several problems, each with its place."""

    def __init__(self, message: Said | None = None, *, problems: Sequence[Problem] = (), hint: Said = SILENCE) -> None:
        super().__init__(Lines(tuple(problems)) if message is None else message, hint=hint)
        self.problems = tuple(problems)


class InputError(_ProblemsError):
    exit_code = 65


class UnavailableError(NewsletterError):
    exit_code = 69


class CannotWriteError(NewsletterError):
    exit_code = 73


class RunAgainError(NewsletterError):
    exit_code = 75


class RefusedError(NewsletterError):
    exit_code = 77


class SettingsError(_ProblemsError):
    exit_code = 78
