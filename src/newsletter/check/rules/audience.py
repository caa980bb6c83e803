"""Everybody it goes to: merge-missing, consent-missing, bad-row. Touches: nothing."""

from collections.abc import Iterator

from newsletter.check.audience import AudienceSummary, Lines
from newsletter.check.columns import OPENING, column_of, meant, place_of_field
from newsletter.check.material import Material
from newsletter.check.registry import Found, error, warning

_COLUMNS_NAMED = 12


@error("merge-missing")
def merge_missing(material: Material) -> Iterator[Found]:
    """A field that some subscriber lacks and that has no default would leave a hole in the letter."""
    audience = material.audience
    if audience is None:
        return
    for key, lines in audience.missing.items():
        if audience.columns and column_of(key) not in audience.columns:
            yield _no_column(material, audience, key)
            continue
        for line, _ in lines.first:
            yield Found(
                ko=f"‘{column_of(key)}’ 칸이 비어 있는데, 호에 기본값이 없습니다.",
                en=f"The cell “{column_of(key)}” is empty, and the issue gives no default.",
                ko_hint=f'칸을 채우거나, 호에 {{{{ subscriber.{key} | default("…") }}}} 처럼 기본값을 적으세요.',
                en_hint=f'Fill the cell, or write {{{{ subscriber.{key} | default("…") }}}} in the issue.',
                file=audience.file,
                line=line,
            )
        yield from _more(material, lines)


def _no_column(material: Material, audience: AudienceSummary, key: str) -> Found:
    column, near = column_of(key), meant(key, audience.columns)
    path, nth = place_of_field(material.texts(), key)
    there = ", ".join(audience.columns[:_COLUMNS_NAMED])
    return Found(
        ko=f"{audience.file} 의 머리줄에 ‘{column}’ 칸이 없습니다." + (f" 혹시 ‘{near}’ 아닌가요?" if near else ""),
        en=f"There is no column “{column}” in the header of {audience.file}."
        + (f" Did you mean “{near}”?" if near else ""),
        ko_hint=f"있는 칸: {there}",
        en_hint=f"Columns there are: {there}",
        path=path,
        sought=OPENING,
        nth=nth,
    )


@error("consent-missing")
def consent_missing(material: Material) -> Iterator[Found]:
    """Advertising goes to nobody whose consent, with date and source, is not on record."""
    if material.audience is None or not material.issue.advertising:
        return
    for line, _ in material.audience.without_consent.first:
        yield Found(
            ko="광고인데 수신 동의의 날짜(consent_at)나 경로(consent_source)가 없습니다.",
            en="Advertising, but there is no date (consent_at) or source (consent_source) of consent.",
            file=material.audience.file,
            line=line,
        )
    yield from _more(material, material.audience.without_consent)


@warning("bad-row")
def bad_row(material: Material) -> Iterator[Found]:
    """Bad rows are never mailed; too many of them stop a send."""
    if material.audience is None:
        return
    for line, reason in material.audience.bad.first:
        yield Found(
            ko=f"보내지 않는 줄입니다: {reason}",
            en=f"A row that is not mailed: {reason}",
            file=material.audience.file,
            line=line,
        )
    yield from _more(material, material.audience.bad)


def _more(material: Material, lines: Lines) -> Iterator[Found]:
    rest = lines.total - len(lines.first)
    if material.audience and rest:
        yield Found(ko=f"그리고 {rest}줄이 더 있습니다.", en=f"And {rest} more rows.", file=material.audience.file)
