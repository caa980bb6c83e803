"""What keeps an issue from going out at its time, found before. Touches: the workspace's files, the ledger, reading."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from newsletter.catalogue import Said, lines, phrase
from newsletter.errors import InputError, NewsletterError, RefusedError
from newsletter.ledger.ledger import Ledger
from newsletter.schedule.dates import issue_of
from newsletter.settings.workspace import Workspace

from .approval import valid_approval
from .letter import Letter
from .list_change import ListChangedError

_FIRST = 3
"""So many of an issue's errors are told; `check` has them all."""


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing, and the next command."""

    words: Said
    next_command: str


def lack_of_date(
    when: datetime,
    known: Mapping[str, datetime | None],
    broken: Collection[str],
    without_time: Mapping[str, Letter],
) -> Lack | None:
    """Of a date of the schedule: `known` are all issues with their `publish_at`, `broken` those that cannot be read."""
    slug = issue_of(when, known)
    if slug is None:
        return Lack(phrase("workflow.remind.unwritten"), "newsletter new --next")
    if slug in broken:
        return _faulty(slug)
    if letter := without_time.get(slug):
        told = phrase("workflow.remind.no_time", file=letter.file, when=f"{when:%Y-%m-%dT%H:%M}")
        return Lack(told, f"newsletter check {slug}")
    return None


def not_approved(workspace: Workspace, letter: Letter) -> Lack | None:
    """None where it is, or need not be. Of a letter that has errors these come first: nobody can approve it."""
    if not workspace.settings.schedule.require_approval:
        return None
    try:
        valid_approval(letter, workspace)
    except (InputError, RefusedError) as error:
        slug = letter.issue.slug
        return _faulty(slug) if _has_errors(workspace, letter) else Lack(error, f"newsletter approve {slug}")
    return None


def would_stop(workspace: Workspace, ledger: Ledger | None, letter: Letter) -> Lack | None:
    """What else cron would refuse if the time were now: the list and its rows, errors, a likeness, the settings."""
    from .prepare import prepare_fresh

    slug = letter.issue.slug
    try:
        fresh = prepare_fresh(workspace, str(letter.path), ledger)
        fresh.refuse_likeness()
        fresh.refuse_list_change()
    except ListChangedError as error:
        by_hand = phrase("workflow.remind.list_changed", slug=slug)
        return Lack(lines(error.message, by_hand), error.next_command)
    except InputError as error:
        return _faulty(slug, *error.problems[:_FIRST])
    except NewsletterError as error:
        return Lack(error, f"newsletter status {slug}")
    return None


def _faulty(slug: str, *first: Said) -> Lack:
    return Lack(lines(*first, phrase("workflow.remind.has_errors", slug=slug)), f"newsletter check {slug}")


def _has_errors(workspace: Workspace, letter: Letter) -> bool:
    """Whether `check` finds what stops it: the sample that an issue begins with does, too."""
    from .examine import findings, refuse_errors
    from .letter import render_all
    from .survey import known_audience

    try:
        editions = render_all(letter, workspace)
        audience = known_audience(workspace, letter, editions)
        refuse_errors(findings(letter, editions, workspace, audience), letter)
    except NewsletterError:
        return True
    return False
