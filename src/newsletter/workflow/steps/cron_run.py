"""One run of `send --due`: what it works with, whom it tells, and that one issue's trouble stays with that issue.

Touches: standard error, the operator's command; the ledger, for what was told before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from newsletter.catalogue import Said, phrase
from newsletter.errors import NewsletterError
from newsletter.progress import Advance
from newsletter.settings.workspace import Workspace

from .operator import run_command
from .told import Told, of_error

Say = Callable[[Said], None]

CronStep = tuple[int, bool]
"""An exit code, and whether the command must end here: it was told to stop, or the ledger is gone."""


@dataclass(frozen=True, slots=True)
class CronRun:
    """What one run of `send --due` works with."""

    workspace: Workspace
    say: Say
    warn: Say
    advance: Advance
    retry_now: bool
    now: datetime
    told: Told

    def tell(self, trouble: str, words: Said, *, issue: str | None, exit_code: int) -> None:
        """What waits for a person: everybody hears of it when it is news, and who is not quiet always does."""
        if self.told.is_news(trouble):
            self.tell_now(words, issue=issue, exit_code=exit_code)
        else:
            self.say(words)

    def tell_now(self, words: Said, *, issue: str | None, exit_code: int) -> None:
        """Under --quiet, too, and to the operator's command."""
        self.warn(words)
        for warning in run_command(self.workspace, issue, words, exit_code):
            self.warn(warning)

    def tell_error(
        self, error: NewsletterError, *, issue: str | None, exit_code: int, words: Said | None = None
    ) -> None:
        """`words` in place of the error's own. Another one is told at once, the same one is the same trouble."""
        self.tell(f"error {of_error(error)}", words or error, issue=issue, exit_code=exit_code)

    def guarded(self, slug: str, step: Callable[[], CronStep]) -> CronStep:
        """A step about one issue; what goes wrong in it is told, and the others go on."""
        try:
            return step()
        except NewsletterError as error:
            failed = error
        except Exception as error:  # noqa: BLE001 - whatever is wrong about one issue, the others are sent
            failed = bug(slug, error)
        self.tell_error(failed, issue=slug, exit_code=failed.exit_code)
        return failed.exit_code, False


def bug(slug: str, error: Exception) -> NewsletterError:
    """What nobody expected, as an error about the issue (70)."""
    told = phrase("workflow.send.bug", slug=slug, kind=type(error).__name__, words=str(error))
    return NewsletterError(told, hint=phrase("workflow.send.to_see_bug", slug=slug))
