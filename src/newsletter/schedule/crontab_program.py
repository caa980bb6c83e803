"""The program `crontab`, which alone may read and write a user's table. Touches: starts it.

It is asked in no language but its own (LC_ALL=C), has 30 seconds, and gets none of our variables, which may be secrets.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.catalogue import SILENCE, Said, Verbatim, lines, phrase
from newsletter.errors import CannotWriteError, NewsletterError, RefusedError, UnavailableError, UsageError
from newsletter.printable import one_line
from newsletter.settings.environment import PREFIX
from newsletter.settings.system_reason import system_reason

from .other_user import option
from .systemd import Systemd

_TIMEOUT = 30
"""Seconds."""
_LONGEST = 300
"""Characters of its words that are passed on."""
_NO_TABLE = ("no crontab for", "no such file or directory")
"""Of Vixie's cron and its heirs; of BusyBox."""
_NOT_ALLOWED = ("not allowed", "privileged", "permission denied", "must be suid", "only root", "not permitted")
_NO_USER = ("unknown", "no such user", "bad user")


@dataclass(frozen=True, slots=True)
class CrontabProgram:
    """Of this user, or of `user`; `line` is what a person could paste where it does not work."""

    line: str
    user: str | None = None

    @staticmethod
    def is_there() -> bool:
        return shutil.which("crontab") is not None

    def read(self) -> str:
        """The table as it is, empty where there is none; what is no UTF-8 is kept, as `surrogateescape` does."""
        ended = self._run("-l")
        words = _words(ended)
        if ended.returncode == 0:
            return ended.stdout.decode("utf-8", "surrogateescape")
        if any(told in words.lower() for told in _NO_TABLE) and "permission" not in words.lower():
            return ""
        raise self._refused(words)

    def write(self, text: str) -> None:
        """Put a table in its place; an empty one is none."""
        given = text.encode("utf-8", "surrogateescape")
        ended = self._run("-", given=given) if text else self._run("-r")
        if ended.returncode:
            raise self._refused(_words(ended), writing=True)

    def _run(self, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        program = shutil.which("crontab")
        if program is None:
            hint = lines(
                phrase("schedule.cron.get_cron"), self._or_systemd(), phrase("schedule.cron.line", line=self.line)
            )
            raise UnavailableError(phrase("schedule.cron.no_program"), hint=hint)
        user: Sequence[str] = ("-u", self.user) if self.user else ()
        environ = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        try:
            return subprocess.run(  # noqa: S603 - without a shell; the user's name stands behind its option
                [program, *user, *words],
                input=given,
                env={**environ, "LC_ALL": "C"},
                capture_output=True,
                check=False,
                timeout=_TIMEOUT,
            )
        except subprocess.TimeoutExpired:
            raise UnavailableError(
                phrase("schedule.cron.does_not_answer", seconds=_TIMEOUT), hint=self._hint()
            ) from None
        except (OSError, ValueError) as error:
            why = system_reason(error) if isinstance(error, OSError) else Verbatim(str(error))
            raise UnavailableError(phrase("schedule.cron.says", words=why), hint=self._hint()) from error

    def _refused(self, words: str, *, writing: bool = False) -> NewsletterError:
        low = words.lower()
        if any(told in low for told in _NOT_ALLOWED):
            return RefusedError(phrase("schedule.cron.may_not", words=words), hint=self._hint())
        if self.user and any(told in low for told in _NO_USER):
            return UsageError(phrase("schedule.cron.no_such_user", user=one_line(self.user), words=words))
        if writing:
            return CannotWriteError(phrase("schedule.cron.cannot_be_written", words=words), hint=self._hint())
        return UnavailableError(phrase("schedule.cron.says", words=words), hint=self._hint())

    def _hint(self) -> Said:
        return lines(self._or_systemd(), phrase("schedule.cron.paste", line=self.line))

    def _or_systemd(self) -> Said:
        there = Systemd.is_there()
        return phrase("schedule.cron.or_systemd", option=option(self.user)) if there else SILENCE


def _words(ended: subprocess.CompletedProcess[bytes]) -> str:
    told = one_line(ended.stderr.decode("utf-8", "replace") or ended.stdout.decode("utf-8", "replace"))
    return told[:_LONGEST] or f"exit code {ended.returncode}"
