"""The panel of the audience: how many get the issue, and what is wrong with the list, without anybody in it.

Touches: nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.catalogue import Said, phrase
from newsletter.check.audience import AudienceSummary
from newsletter.check.subscriber_file import column_of, may_be_shown
from newsletter.errors import NewsletterError
from newsletter.web.studio.model import Asked
from newsletter.web.studio.workspace_letters import Snapshot

MAX_TAGS = 30
"""Tags that are named; beyond twice as many the column has something else in it, and none is."""
_MAX_LANGUAGES = 5
"""Strange languages that are named."""


@dataclass(frozen=True, slots=True)
class AudienceNumbers:
    """The panel `audience`: numbers only, never an address, a name or a value."""

    file: str
    """Name of the subscriber file; empty: there is none, and all numbers are 0."""
    total: int = 0
    """Rows, bad ones included."""
    mailed: int = 0
    """Who would get it: good rows without duplicates and suppressed ones."""
    bad: int = 0
    duplicates: int = 0
    suppressed: int = 0
    by_language: tuple[tuple[str, int], ...] = ()
    """Most first; the empty language is the newsletter's own."""
    by_tag: tuple[tuple[str, int], ...] = ()
    """Most first, a bounded number."""
    faults: tuple[tuple[Said, int], ...] = ()
    """What is wrong with the list, and how often, most first."""
    counted: bool = True
    """False: the issue or the settings are broken, so that nobody could be counted; the findings say how."""


def audience_panel(now: Snapshot, asked: Asked) -> AudienceNumbers:
    """Nobody is counted where the issue or the settings are broken."""
    path = now.path(asked)
    try:
        return _numbers(now.checked(path).audience)
    except NewsletterError:
        return AudienceNumbers("", counted=False)


def _numbers(summary: AudienceSummary) -> AudienceNumbers:
    """The audience without anybody in it."""
    tags = [(tag, count) for tag, count in summary.by_tag if "@" not in tag]
    return AudienceNumbers(
        file=summary.file,
        total=summary.rows,
        mailed=summary.to_mail,
        bad=summary.bad.total,
        duplicates=summary.duplicates.total,
        suppressed=summary.suppressed or 0,
        by_language=tuple(summary.languages.most_common()),
        by_tag=tuple(tags[:MAX_TAGS]) if len(tags) <= 2 * MAX_TAGS else (),
        faults=tuple(sorted(_faults(summary), key=lambda fault: -fault[1])),
    )


def _faults(summary: AudienceSummary) -> Iterator[tuple[Said, int]]:
    yield from summary.reasons.items()
    strange = sum(lines.total for lines in summary.strange_languages.values())
    if strange:
        named = sorted(one for one in summary.strange_languages if may_be_shown(one))[:_MAX_LANGUAGES]
        what = phrase("web.panels.fault.language_named", names=tuple(named))
        yield what if named else phrase("web.panels.fault.language"), strange
    for key, lines in summary.missing.items():
        yield phrase("web.panels.fault.missing", key=column_of(key)), lines.total
    for key, lines in summary.dead_links.items():
        yield phrase("web.panels.fault.dead_link", key=column_of(key)), lines.total
    for (_, key), lines in summary.odd.items():
        yield phrase("web.panels.fault.odd", key=column_of(key)), lines.total
    if summary.failed:
        yield phrase("web.panels.fault.failed"), summary.failed.total
    if len(summary.tags) > 2 * MAX_TAGS:
        yield phrase("web.panels.fault.many_tags"), len(summary.tags)
