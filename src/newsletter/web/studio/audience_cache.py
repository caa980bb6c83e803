"""Count the audience for the panels once, and again only when the count would differ. Touches: the subscriber file.

With 40,000 subscribers a count takes three seconds of a processor, and an editor saves often. While neither the list
nor what is merged has changed, only the letter around the values has: the sizes move by as much as it has grown.
Limits: the size of a message then is right within some octets, for base64 comes in threes.
"""

import threading
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

from newsletter.check.audience import AudienceSummary, Extent
from newsletter.edition.edition import Edition
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.audience import known_audience
from newsletter.workflow.steps.letter import Letter
from newsletter.workflow.steps.survey import sizes_alone

from .cache import Stamp


@dataclass(frozen=True, slots=True)
class _Counted:
    asked: Hashable
    plain: Mapping[str, Extent]
    """The sizes without anybody's values."""
    summary: AudienceSummary


class Counts:
    """The last count of one workspace; may be asked from several threads."""

    def __init__(self) -> None:
        self._last: _Counted | None = None
        self._lock = threading.Lock()

    def count(
        self, workspace: Workspace, letter: Letter, editions: Mapping[str, Edition], files: Stamp
    ) -> AudienceSummary:
        """The audience in numbers; `files` are those that say who it is."""
        asked = _asked(workspace, letter, editions, files)
        plain = sizes_alone(letter.issue, editions, workspace.settings).extents
        with self._lock:
            last = self._last
            if last and last.asked == asked and last.plain.keys() == plain.keys():
                return replace(last.summary, extents=_moved(last, plain))
            summary = known_audience(workspace, letter, editions)
            self._last = _Counted(asked, plain, summary)
            return summary


def _asked(workspace: Workspace, letter: Letter, editions: Mapping[str, Edition], files: Stamp) -> Hashable:
    """All that a count depends on, but for the words of the letter."""
    issue, settings = letter.issue, workspace.settings
    merged = tuple(
        (name, tuple(sorted((hole.key, hole.default or "", hole.default is None, hole.context) for hole in one.holes)))
        for name, one in editions.items()
    )
    seen_by = tuple(tuple(section.only_for) for section in issue.sections)
    return (
        files, merged, seen_by, issue.slug, issue.publish_at, issue.advertising,
        settings.newsletter, settings.audience, settings.sender, settings.links,
    )  # fmt: skip


def _moved(last: _Counted, plain: Mapping[str, Extent]) -> dict[str, Extent]:
    """The largest sizes, moved by as much as the letter without values has grown."""
    extents = {}
    for variant, extent in last.summary.extents.items():
        before, now = last.plain[variant], plain[variant]
        extents[variant] = Extent(
            plain=now.plain,
            html=replace(extent.html, octets=extent.html.octets + now.html.octets - before.html.octets),
            mail=replace(extent.mail, octets=extent.mail.octets + now.mail.octets - before.mail.octets),
            header=replace(extent.header, octets=extent.header.octets + now.header.octets - before.header.octets),
        )
    return extents
