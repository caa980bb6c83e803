"""Everybody it goes to: merge-missing, -failed, -value, bad-row, audience-file, audience-empty, list-id-unknown.

Touches: nothing.
"""

from collections.abc import Iterator

from newsletter.audience.subscriber import row_hint
from newsletter.catalogue import Said, Value, Verbatim, phrase
from newsletter.check.audience import AudienceSummary, Oddity
from newsletter.check.finding import Severity
from newsletter.check.material import Material
from newsletter.check.rule import Found, error, warning
from newsletter.check.subscriber_file import OPENING, column_of, did_you_mean, near, place_of_field, rows_found

_COLUMNS_NAMED = 12
_ODD = {
    Oddity.CONTROLS: "check.audience.merge-value.controls",
    Oddity.LONG: "check.audience.merge-value.long",
    Oddity.EMPTY_WORD: "check.audience.merge-value.empty_word",
}


@error("merge-missing", "docs/issue-file.md#merge-fields", is_fixed=True)
def merge_missing(material: Material) -> Iterator[Found]:
    """A field that some subscriber lacks and that has no default would leave a hole in the letter."""
    audience = material.audience
    for key, lines in audience.missing.items():
        if audience.columns and column_of(key) not in audience.columns:
            yield _no_column(material, audience, key)
            continue
        found = Found(
            phrase("check.audience.merge-missing.empty_cell", column=column_of(key)),
            hint=phrase("check.audience.merge-missing.empty_cell_hint", key=key),
        )
        yield from rows_found(audience, lines, found)


def _no_column(material: Material, audience: AudienceSummary, key: str) -> Found:
    column = column_of(key)
    path, nth = place_of_field(material.texts(), key)
    meant = did_you_mean(near(column, audience.columns))
    return Found(
        phrase("check.audience.merge-missing.no_column", column=column, file=audience.file, meant=meant),
        hint=phrase("check.audience.merge-missing.no_column_hint", columns=audience.columns[:_COLUMNS_NAMED]),
        path=path,
        sought=OPENING,
        nth=nth,
    )


@error("merge-failed", "docs/subscribers.md", is_fixed=True)
def merge_failed(material: Material) -> Iterator[Found]:
    """Merges are tried for everybody; whoever's message cannot be made would stop the send in its middle."""
    yield from rows_found(
        material.audience,
        material.audience.failed,
        lambda why: Found(phrase("check.audience.merge-failed.found", why=why)),
    )


@warning("merge-value", "docs/subscribers.md")
def merge_value(material: Material) -> Iterator[Found]:
    """A value that goes into the letter and that nobody meant to be read."""
    for (oddity, key), lines in material.audience.odd.items():

        def say(length: Value, oddity: Oddity = oddity, key: str = key) -> Found:
            return Found(odd_value(oddity, key, length))

        yield from rows_found(material.audience, lines, say)


def odd_value(oddity: Oddity, key: str, length: Value) -> Said:
    """What to say of a strange value of the field `key`."""
    return phrase(_ODD[oddity], column=column_of(key), length=length)


@warning("bad-row", "docs/subscribers.md")
def bad_row(material: Material) -> Iterator[Found]:
    """Bad rows are never mailed; too many of them stop a send."""
    audience = material.audience
    allowed = material.settings.audience.max_bad_rows
    severity = Severity.ERROR if audience.bad.total > allowed * audience.rows else None
    if severity:
        yield Found(
            phrase(
                "check.audience.bad-row.too_many",
                bad=audience.bad.total,
                rows=audience.rows,
                allowed=f"{allowed * 100:g}",
            ),
            file=audience.file,
            severity=severity,
        )
    yield from rows_found(
        audience,
        audience.bad,
        lambda why: Found(phrase("check.audience.bad-row.found", why=why), hint=row_hint(why), severity=severity),
    )


@error("audience-file", "docs/subscribers.md", is_fixed=True)
def audience_file(material: Material) -> Iterator[Found]:
    """What keeps the subscriber file from being read, before any of its rows."""
    for problem in material.audience.unreadable:
        yield Found(
            phrase("check.audience.audience-file.found", why=problem.message),
            hint=Verbatim(problem.hint) if isinstance(problem.hint, str) else problem.hint,
            file=material.audience.file,
            line=problem.line,
        )


@error("audience-empty", "docs/subscribers.md", is_fixed=True)
def audience_empty(material: Material) -> Iterator[Found]:
    """A file with a header and nobody under it is an export that went wrong."""
    audience = material.audience
    if audience.file and not audience.people and not audience.unreadable:
        yield Found(phrase("check.audience.audience-empty.found"), file=audience.file)


@warning("list-id-unknown", "docs/operating.md#changing-the-list_id")
def list_id_unknown(material: Material) -> Iterator[Found]:
    """Who has left stands under the list_id; `send` refuses one that the ledger does not know."""
    if why := material.audience.stranger:
        yield Found(why.message, hint=why.hint, file=why.file, line=why.line)


RULES = (
    merge_missing,
    merge_failed,
    merge_value,
    bad_row,
    audience_file,
    audience_empty,
    list_id_unknown,
)
