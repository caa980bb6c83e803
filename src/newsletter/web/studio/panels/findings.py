"""What the panels show, from a view and what `check` says. Touches: nothing."""

from collections.abc import Iterator, Sequence
from typing import Literal

from newsletter.check.audience import AudienceSummary
from newsletter.check.columns import column_of
from newsletter.check.finding import Finding, Severity
from newsletter.check.languages import may_be_shown
from newsletter.check.page import read_page
from newsletter.check.reasons import in_language
from newsletter.edition.wrap import columns
from newsletter.errors import Problem
from newsletter.web.letter_frame.numbered_tags import tag_lines
from newsletter.web.studio.inbox_rows import preheader_of
from newsletter.web.studio.model import AudienceNumbers, Findings, ShownFinding, Size, View
from newsletter.web.words import sentences_of
from newsletter.workflow.check import UNREADABLE

MAX_TAGS = 30
"""Tags that are named; beyond twice as many the column has something else in it, and none is."""

_KB = 1024
_LIMITS = {
    # name: from where it is near, from where it is over. As the rules of `check` have them.
    "html": (90 * _KB, 102 * _KB),
    "style": (14_000, 16_384),
    "message": (768 * _KB, 1024 * _KB),
    "pictures": (600 * _KB, 800 * _KB),
    "text": (0, 0),
    "subject": (60, 70),
    "preheader": (100, 110),
}
_LEAST = {"preheader": 40}
"""Below it is near its limit from the other side."""


def shown_findings(found: Sequence[Finding], view: View, ignored: int = 0) -> Findings:
    """The findings, with their places in the letter that is shown."""
    lines = tag_lines(view.html)
    return Findings(tuple(_shown(number, one, view, lines) for number, one in enumerate(found, start=1)), ignored)


def broken_findings(problems: Sequence[Problem]) -> Findings:
    """What keeps an issue from being loaded, as findings."""
    return Findings(
        tuple(
            ShownFinding(
                number=number,
                rule=UNREADABLE,
                severity="error",
                message=": ".join(part for part in (one.path, str(one.message)) if part),
                why="",
                hint=str(one.hint),
                source="",
                place=_place(one.file, one.line, one.column),
                excerpt=one.excerpt,
            )
            for number, one in enumerate(problems, start=1)
        )
    )


def _shown(number: int, found: Finding, view: View, lines: Sequence[int]) -> ShownFinding:
    index = next((place.index for place in found.letters if place.variant == view.variant), None)
    if index is not None and index >= len(lines):
        index = None
    return ShownFinding(
        number=number,
        rule=found.rule,
        severity="error" if found.severity is Severity.ERROR else "warning",
        message=found.message,
        why=found.why,
        hint=found.hint,
        source=found.source,
        place=found.place,
        excerpt=found.excerpt or (found.letter.excerpt if found.letter else ""),
        tag=index,
        line=None if index is None else lines[index],
    )


def _place(file: str, line: int | None, column: int | None) -> str:
    return ":".join(str(part) for part in (file, line, column) if part not in ("", None))


def sizes(view: View, audience: AudienceSummary) -> tuple[Size, ...]:
    """The sizes of the edition that is shown; HTML and message at the longest values of whoever gets it."""
    extent = audience.extents.get(view.variant)
    page = read_page(view.html)
    measured = {
        "html": max(len(view.html.encode()), extent.html.octets if extent else 0),
        "style": sum(len(style.encode()) for style in page.styles),
        "message": max(view.size, extent.mail.octets if extent else 0),
        "pictures": sum(len(data) for _, data in view.pictures.values()),
        "text": len(view.text.encode()),
        "subject": columns(view.subject),
        "preheader": columns(preheader_of(view.html)),
    }
    said = sentences_of(view.publisher.language)
    return tuple(_size(name, value, said[f"size.{name}"]) for name, value in measured.items())


def _size(name: str, value: int, note: str) -> Size:
    near, limit = _LIMITS[name]
    return Size(
        name=name,
        value=value,
        limit=limit,
        unit="columns" if name in ("subject", "preheader") else "bytes",
        state=_state(name, value, near, limit),
        note=note,
    )


def _state(name: str, value: int, near: int, limit: int) -> Literal["good", "near", "over"]:
    if limit and value > limit:
        return "over"
    return "near" if limit and not _LEAST.get(name, 0) <= value < near else "good"


def audience_numbers(summary: AudienceSummary, language: str) -> AudienceNumbers:
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
        faults=tuple(sorted(_faults(summary, language), key=lambda fault: -fault[1])),
    )


def _faults(summary: AudienceSummary, language: str) -> Iterator[tuple[str, int]]:
    said = sentences_of(language)
    yield from ((in_language(reason, language), count) for reason, count in summary.reasons.items())
    strange = sum(lines.total for lines in summary.strange_languages.values())
    if strange:
        named = sorted(one for one in summary.strange_languages if may_be_shown(one))[:5]
        yield f"{said['fault.language']}{': ' if named else ''}{', '.join(named)}", strange
    for key, lines in summary.missing.items():
        yield said["fault.missing"].format(key=column_of(key)), lines.total
    for key, lines in summary.dead_links.items():
        yield said["fault.dead_link"].format(key=column_of(key)), lines.total
    for (_, key), lines in summary.odd.items():
        yield said["fault.odd"].format(key=column_of(key)), lines.total
    if summary.failed:
        yield said["fault.failed"], summary.failed.total
    if len(summary.tags) > 2 * MAX_TAGS:
        yield said["fault.many_tags"], len(summary.tags)
