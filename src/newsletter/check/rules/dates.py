"""Days that are over before anybody reads of them: deadline-passed. Touches: nothing.

Limits: an event that is over is none, since a letter may look back.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from newsletter.catalogue import phrase
from newsletter.check.material import Material
from newsletter.check.rule import Found, warning
from newsletter.issue.sections.events import Event
from newsletter.issue.sections.jobs import Job
from newsletter.issue.texts import is_whole_day


@warning("deadline-passed", "docs/issue-file.md#types-of-sections")
def deadline_passed(material: Material) -> Iterator[Found]:
    """Who reads of it cannot apply any more; most often the year or the month is last time's."""
    sent = material.issue.publish_at
    for path, part in material.issue.parts():
        if sent and isinstance(part, Event | Job) and part.deadline and _end(part.deadline) <= sent:
            says = phrase("check.dates.deadline-passed.found", day=f"{part.deadline:%Y-%m-%d}")
            yield Found(says, path=(*path, "deadline"))


def _end(deadline: datetime) -> datetime:
    return deadline + timedelta(days=1) if is_whole_day(deadline) else deadline


RULES = (deadline_passed,)
