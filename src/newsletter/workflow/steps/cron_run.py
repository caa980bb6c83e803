"""One run of `send --due`: what it works with, whom it tells, and that one issue's trouble stays with that issue.

Touches: standard error, the mail and the command of those the settings name; the ledger, for what was told before.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.catalogue import Said, phrase
from newsletter.errors import (
    CannotWriteError,
    InputError,
    NewsletterError,
    RefusedError,
    SettingsError,
    UnavailableError,
)
from newsletter.issue.find import SLUG
from newsletter.ledger.records import LedgerBehindError
from newsletter.progress import Advance
from newsletter.report.announcement import Announcement, Occasion
from newsletter.settings.workspace import Workspace

from .approval import NotApprovedError
from .clicks import ClicksUnknownError
from .list_change import ListChangedError
from .operator import tell
from .publish_command import NotPublishedError
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
    leaves_sending: bool = False
    """It plans, publishes and tells; workers send."""
    said: list[str] = field(default_factory=list, compare=False)
    """What this run warned of: the same is not said twice."""

    def warn_once(self, words: Said) -> None:
        """However many things went wrong for the same reason."""
        if str(words) not in self.said:
            self.said.append(str(words))
            self.warn(words)

    def tell(self, trouble: str, announcement: Announcement, *, to_editor: bool = False) -> None:
        """What waits for a person: everybody hears of it when it is news, and who is not quiet always does."""
        if self.told.is_news(trouble):
            self.tell_now(announcement, to_editor=to_editor)
        else:
            self.say(announcement.words)

    def tell_now(self, announcement: Announcement, *, to_editor: bool = False, waits: bool = True) -> None:
        """By mail, to the operator's command, and under --quiet, too, where it `waits` for somebody."""
        (self.warn if waits else self.say)(announcement.words)
        for warning in tell(self.workspace, self.told.ledger, announcement, to_editor=to_editor, said=self.said):
            self.warn_once(warning)

    def tell_error(
        self,
        error: NewsletterError,
        *,
        issue: str | None,
        exit_code: int,
        words: Said | None = None,
        event: Occasion = Occasion.ERROR,
    ) -> None:
        """`words` in place of the error's own. Another one is told at once, the same one is the same trouble.

        What is out of reach answers otherwise at each look (two of nine pictures, three of nine): that is one trouble.
        """
        if isinstance(error, ListChangedError):
            self._tell_list_change(error)
            return
        command = _next_command(error, issue)
        subject = phrase("report.notice.not_published") if isinstance(error, NotPublishedError) else None
        announcement = Announcement(event, words or error, issue, exit_code, next_command=command, subject=subject)
        which = f"reach {issue}" if isinstance(error, UnavailableError) else f"error {of_error(error)}"
        self.tell(which, announcement, to_editor=event is Occasion.NOT_READY)

    def _tell_list_change(self, error: ListChangedError) -> None:
        """The same trouble while it lasts, however the numbers change."""
        slug, code, command = error.slug, error.exit_code, error.next_command
        self.tell(
            f"list {slug}",
            Announcement(Occasion.AUDIENCE_CHANGED, error, slug, code, numbers=error.numbers, next_command=command),
        )

    def guarded(self, slug: str, step: Callable[[], CronStep], *, begins: bool = False) -> CronStep:
        """A step about one issue; what goes wrong in it is told, and the others go on.

        `begins`: its time is there, so what keeps it back is its editor's business, too.
        """
        try:
            return step()
        except NewsletterError as error:
            failed = error
        except Exception as error:  # noqa: BLE001 - whatever is wrong about one issue, the others are sent
            failed = bug(slug, error)
        event = Occasion.NOT_READY if begins and _is_for_editor(failed) else Occasion.ERROR
        self.tell_error(failed, issue=slug, exit_code=failed.exit_code, event=event)
        return failed.exit_code, False


def bug(slug: str, error: Exception) -> NewsletterError:
    """What nobody expected, as an error about the issue (70)."""
    told = phrase("workflow.send.bug", slug=slug, kind=type(error).__name__, words=str(error))
    return NewsletterError(told, hint=phrase("workflow.send.to_see_bug", slug=slug))


def _is_for_editor(error: NewsletterError) -> bool:
    return isinstance(error, InputError | RefusedError) and not isinstance(error, LedgerBehindError)


def _next_command(error: NewsletterError, issue: str | None) -> str:
    """Where to look, or what to do: `status` says what stands between an issue and its sending."""
    if isinstance(error, ClicksUnknownError):
        return "newsletter returns"
    if issue is None:
        return "newsletter ledger verify" if isinstance(error, CannotWriteError | RefusedError | SettingsError) else ""
    if not SLUG.fullmatch(issue):
        return "newsletter check --all"
    if isinstance(error, InputError):
        return f"newsletter check {issue}"
    if isinstance(error, NotPublishedError):
        return f"newsletter send {issue}"
    return f"newsletter {'approve' if isinstance(error, NotApprovedError) else 'status'} {issue}"
