"""The audience of an issue, in words for the command line; never an address. Touches: nothing."""

from newsletter.audience.subscriber import KnownFrom
from newsletter.catalogue import SILENCE, Said, Verbatim, phrase
from newsletter.check.audience import AudienceSummary
from newsletter.errors import Problem

_LINES_NAMED = 3


def audience_words(audience: AudienceSummary) -> list[Said]:
    """Who it goes to, in one line; none where nobody knows."""
    if not audience.is_known:
        return [phrase("report.audience.no_file", file=audience.wanted)] if audience.wanted else []
    if audience.unreadable:
        return []
    if audience.signed_up:
        return [
            phrase(
                "report.audience.goes_to_people",
                count=audience.to_mail,
                sources=_sources(audience),
                left_out=left_out_words(audience),
                languages=_languages(audience),
            ),
            *_who_wins(audience),
        ]
    there_is_none = phrase("report.audience.instead_of", file=audience.wanted) if audience.wanted else SILENCE
    return [
        phrase(
            "report.audience.goes_to",
            count=audience.to_mail,
            file=audience.file,
            instead_of=there_is_none,
            left_out=left_out_words(audience),
            languages=_languages(audience),
        ),
        *_who_wins(audience),
    ]


def to_words(audience: AudienceSummary) -> list[Said]:
    """The same for a plan: how many of what source, and who is left out; then who wins, where that is a question."""
    left = left_out_words(audience)
    if not audience.signed_up:
        file = audience.file
        return [
            phrase("report.audience.so_many", count=audience.to_mail, file=file, left_out=left),
            *_who_wins(audience),
        ]
    sources = _sources(audience)
    people = phrase("report.audience.so_many_people", count=audience.to_mail, sources=sources, left_out=left)
    return [people, *_who_wins(audience)]


def where_from(audience: AudienceSummary) -> Said:
    """Where the people are from: the file, sign-ups, or both."""
    if not audience.signed_up:
        return Verbatim(audience.file)
    if not audience.file or audience.signed_up == audience.to_mail:
        return phrase("report.audience.from_sign_ups")
    return phrase("report.audience.from_file_and_sign_ups", file=audience.file)


def _sources(audience: AudienceSummary) -> tuple[Said, ...]:
    """`40,000 of subscribers.csv`, `1,300 sign-ups`, `70 in both`."""
    told = [phrase("report.audience.sign_ups", count=audience.signed_up)]
    if audience.file:
        told.insert(0, phrase("report.audience.of_file", count=audience.in_file, file=audience.file))
        told.append(phrase("report.audience.in_both", count=audience.origins[KnownFrom.BOTH]))
    return tuple(told)


def _who_wins(audience: AudienceSummary) -> list[Said]:
    """Whose name, language and tags count, where the ledger has something to say of who is in the file."""
    both = audience.origins[KnownFrom.BOTH] + audience.origins[KnownFrom.CHOSE]
    return [phrase("report.audience.sign_up_wins", count=both, file=audience.file)] if both else []


def left_out_words(audience: AudienceSummary) -> Said:
    """` (left out: 2 suppressed, 1 duplicate)`, to stand behind another sentence; or nothing."""
    told: list[Said] = []
    if audience.suppressed:
        told.append(phrase("report.audience.suppressed", count=audience.suppressed))
    if audience.unconfirmed:
        told.append(phrase("report.audience.unconfirmed", count=audience.unconfirmed))
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
