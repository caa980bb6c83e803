"""Everybody it goes to: merge-missing, -failed, -value, bad-row, audience-file, audience-empty. Touches: nothing."""

from collections.abc import Iterator

from newsletter.catalogue import Value
from newsletter.check.audience import AudienceSummary, Oddity
from newsletter.check.finding import Severity
from newsletter.check.material import Material
from newsletter.check.rows import rows_found
from newsletter.check.rule import Found, error, warning
from newsletter.check.subscriber_file import OPENING, column_of, meant, place_of_field

_COLUMNS_NAMED = 12
_ODD_WORDS = {
    Oddity.CONTROLS: (
        "줄바꿈이나 보이지 않는 글자가 있어, 빼고 넣습니다",
        "has a line break or invisible characters; they are left out",
    ),
    Oddity.LONG: ("값이 지나치게 깁니다", "is far too long"),
    Oddity.EMPTY_WORD: (
        "‘없음’을 뜻하는 표시가 값으로 들어 있어, 그대로 편지에 나갑니다",
        "says that there is nothing, and goes out as it is",
    ),
}


@error("merge-missing")
def merge_missing(material: Material) -> Iterator[Found]:
    """A field that some subscriber lacks and that has no default would leave a hole in the letter."""
    audience = material.audience
    for key, lines in audience.missing.items():
        if audience.columns and column_of(key) not in audience.columns:
            yield _no_column(material, audience, key)
            continue
        found = Found(
            ko=f"‘{column_of(key)}’ 칸이 비어 있는데, 글에 기본값이 없습니다.",
            en=f"The cell “{column_of(key)}” is empty, and the issue gives no default.",
            ko_hint=f'칸을 채우거나, 글에 {{{{ subscriber.{key} | default("…") }}}}처럼 기본값을 적으세요.',
            en_hint=f'Fill the cell, or write {{{{ subscriber.{key} | default("…") }}}} in the issue.',
        )
        yield from rows_found(audience, lines, found)


def _no_column(material: Material, audience: AudienceSummary, key: str) -> Found:
    column, near = column_of(key), meant(key, audience.columns)
    path, nth = place_of_field(material.texts(), key)
    there = ", ".join(audience.columns[:_COLUMNS_NAMED])
    return Found(
        ko=f"{audience.file}의 머리줄에 ‘{column}’ 칸이 없습니다." + (f" 혹시 ‘{near}’ 아닌가요?" if near else ""),
        en=f"There is no column “{column}” in the header of {audience.file}."
        + (f" Did you mean “{near}”?" if near else ""),
        ko_hint=f"있는 칸: {there}",
        en_hint=f"Columns there are: {there}",
        path=path,
        sought=OPENING,
        nth=nth,
    )


@error("merge-failed")
def merge_failed(material: Material) -> Iterator[Found]:
    """Merges are tried for everybody; whoever's message cannot be made would stop the send in its middle."""
    yield from rows_found(
        material.audience,
        material.audience.failed,
        lambda why: Found(ko=f"편지를 만들 수 없습니다: {_korean(why)}", en=f"A message cannot be made: {why}"),
    )


@warning("merge-value")
def merge_value(material: Material) -> Iterator[Found]:
    """A value that goes into the letter and that nobody meant to be read."""
    for (oddity, key), lines in material.audience.odd.items():
        ko, en = _ODD_WORDS[oddity]
        column = column_of(key)

        def say(length: Value, *, ko: str = ko, en: str = en, column: str = column) -> Found:
            return Found(
                ko=f"‘{column}’ 칸: {ko}({length}자).", en=f"The value of “{column}” ({length} characters) {en}."
            )

        yield from rows_found(material.audience, lines, say)


@warning("bad-row")
def bad_row(material: Material) -> Iterator[Found]:
    """Bad rows are never mailed; too many of them stop a send."""
    audience = material.audience
    allowed = material.settings.audience.max_bad_rows
    severity = Severity.ERROR if audience.bad.total > allowed * audience.rows else None
    if severity:
        yield Found(
            ko=f"{audience.rows}줄 가운데 {audience.bad.total}줄에 편지를 보낼 수 없습니다. "
            f"[audience] max_bad_rows는 {allowed * 100:g}%까지입니다.",
            en=f"{audience.bad.total} of {audience.rows} rows are bad; "
            f"[audience] max_bad_rows allows {allowed * 100:g} %.",
            file=audience.file,
            severity=severity,
        )
    yield from rows_found(
        audience,
        audience.bad,
        lambda reason: Found(
            ko=f"보내지 않는 줄입니다: {_korean(reason)}", en=f"A row that is not mailed: {reason}", severity=severity
        ),
    )


@error("audience-file")
def audience_file(material: Material) -> Iterator[Found]:
    """What keeps the subscriber file from being read, before any of its rows."""
    for problem in material.audience.unreadable:
        yield Found(
            ko=f"{_korean(problem.message)}.",
            en=f"{str(problem.message)[:1].upper()}{str(problem.message)[1:]}.",
            ko_hint=_korean(problem.hint),
            en_hint=str(problem.hint),
            file=material.audience.file,
            line=problem.line,
        )


@error("audience-empty")
def audience_empty(material: Material) -> Iterator[Found]:
    """A file with a header and nobody under it is an export that went wrong."""
    audience = material.audience
    if audience.file and not audience.people and not audience.unreadable:
        yield Found(
            ko="구독자가 한 사람도 없습니다.",
            en="There is nobody in it.",
            file=audience.file,
        )


def _korean(said: Value) -> str:
    return str(said) if isinstance(said, str | int | tuple) else said.in_language("ko")
