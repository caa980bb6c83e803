"""The audience of an issue, in words for the command line; never an address. Touches: nothing."""

from newsletter.catalogue import SILENCE, Said, Verbatim, phrase
from newsletter.check.audience import AudienceSummary
from newsletter.errors import Problem

_LINES_NAMED = 3


def audience_words(audience: AudienceSummary) -> list[Said]:
    """Who it goes to, in one line; none where nobody knows."""
    if not audience.file:
        return [phrase("report.audience.no_file", file=audience.wanted)] if audience.wanted else []
    if audience.unreadable:
        return []
    there_is_none = phrase("report.audience.instead_of", file=audience.wanted) if audience.wanted else SILENCE
    return [
        phrase(
            "report.audience.goes_to",
            count=audience.to_mail,
            file=audience.file,
            instead_of=there_is_none,
            left_out=left_out_words(audience),
            languages=_languages(audience),
        )
    ]


def left_out_words(audience: AudienceSummary) -> Said:
    """` (left out: 2 suppressed, 1 duplicate)`, to stand behind another sentence; or nothing."""
    told: list[Said] = []
    if audience.suppressed:
        told.append(phrase("report.audience.suppressed", count=audience.suppressed))
    if audience.duplicates.total:
        told.append(_duplicates(audience))
    if audience.bad.total:
        told.append(phrase("report.audience.bad", count=audience.bad.total))
    return phrase("report.audience.left_out", counts=tuple(told)) if told else SILENCE


def left_out(audience: AudienceSummary) -> list[Said]:
    """The bad rows by line, as many as were kept, and how many more there are."""
    rows: list[Said] = [
        Problem(phrase("report.audience.bad_row", why=why), file=audience.file, line=line)
        for line, why in audience.bad.first
    ]
    more = audience.bad.total - len(rows)
    return [*rows, phrase("report.audience.more_bad_rows", count=more)] if more else rows


def _duplicates(audience: AudienceSummary) -> Said:
    """How many, and the lines of the first few."""
    numbers = [Verbatim(str(line)) for line, _ in audience.duplicates.first[:_LINES_NAMED]]
    count = audience.duplicates.total
    if len(numbers) == 1:
        return phrase("report.audience.duplicate_on", count=count, line=numbers[0])
    more = phrase("report.audience.and_more") if count > len(numbers) else SILENCE
    return phrase("report.audience.duplicates_on", count=count, lines=tuple(numbers), more=more)


def _languages(audience: AudienceSummary) -> Said:
    if len(audience.languages) < 2:
        return SILENCE
    counts = audience.languages.most_common()
    told = tuple(phrase("report.audience.in_language", count=count, language=tag) for tag, count in counts)
    return phrase("report.audience.languages", counts=told)
