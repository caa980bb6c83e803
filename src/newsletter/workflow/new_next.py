"""`newsletter new --next`: the issue of the schedule's next date. Touches: file system. Never writes over a file."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.errors import SettingsError
from newsletter.issue.scaffold import new_issue
from newsletter.schedule.dates import dates_after, issue_of, slug_of
from newsletter.settings.workspace import Workspace

from .steps.published import published


@dataclass(frozen=True, slots=True)
class NextDate:
    when: datetime
    slug: str


def next_date(workspace: Workspace, now: datetime | None = None) -> NextDate:
    """The first date after `now` that has no issue. Raises SettingsError (78) where `[schedule] every` is empty."""
    rule, zone = workspace.settings.schedule.every, workspace.settings.newsletter.timezone
    if rule is None:
        raise SettingsError(phrase("workflow.new.no_schedule"), hint=phrase("workflow.new.write_schedule"))
    taken = published(workspace)
    when = next(date for date in dates_after(rule, zone, now or datetime.now(UTC)) if issue_of(date, taken) is None)
    return NextDate(when, slug_of(when))


def new_next(workspace: Workspace, *, now: datetime | None = None) -> Path:
    """Make the issue of the next date, with that date as its `publish_at`.

    Raises SettingsError (78) where `[schedule] every` is empty, UsageError (64) where somebody made the file meanwhile,
    CannotWriteError.
    """
    following = next_date(workspace, now)
    return new_issue(workspace, following.slug, publish_at=following.when)
