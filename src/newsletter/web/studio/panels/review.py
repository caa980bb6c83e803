"""The panel of what reviewers say of the issue. Touches: `issues/<slug>.review.json`, reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from newsletter.catalogue import SILENCE, Said
from newsletter.errors import NewsletterError
from newsletter.web.studio.model import Asked
from newsletter.web.studio.workspace_letters import Snapshot
from newsletter.workflow.steps.review_comments import MAX_WORDS, read_comments


@dataclass(frozen=True, slots=True)
class ReviewComment:
    """One of them; `when` is in the newsletter's time zone, to the minute."""

    id: str
    by: str
    when: str
    about: str
    words: str


@dataclass(frozen=True, slots=True)
class Review:
    """The panel `review`, the oldest first."""

    slug: str
    comments: Sequence[ReviewComment] = ()
    broken: Said = SILENCE
    """Why the file cannot be read; nothing is written into it then."""
    most_words: int = MAX_WORDS


def review_panel(now: Snapshot, asked: Asked) -> Review:
    path, zone = now.path(asked), ZoneInfo(now.workspace.settings.newsletter.timezone)
    try:
        found = read_comments(path)
    except NewsletterError as error:
        return Review(path.stem, broken=error.message)
    return Review(
        path.stem,
        [
            ReviewComment(one.id, one.by, f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}", one.about, one.words)
            for one in found
        ],
    )
