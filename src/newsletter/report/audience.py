"""The audience of an issue, in words for the command line; never an address. Touches: nothing."""

from newsletter.check.audience import AudienceSummary
from newsletter.errors import Problem

from .states_and_times import counted

_LINES_NAMED = 3


def audience_words(audience: AudienceSummary) -> list[str]:
    """Who it goes to, in one line; none where nobody knows."""
    if not audience.file:
        return [f"There is no {audience.wanted}, so no merge was tried"] if audience.wanted else []
    if audience.unreadable:
        return []
    goes_to = counted(audience.to_mail, "subscriber")
    there_is_none = f" (there is no {audience.wanted})" if audience.wanted else ""
    return [f"It goes to {goes_to} of {audience.file}{there_is_none}{left_out_words(audience)}{_languages(audience)}"]


def left_out_words(audience: AudienceSummary) -> str:
    """` (left out: 2 suppressed, 1 duplicate)`, or nothing."""
    counts = (
        (audience.suppressed or 0, "suppressed", ""),
        (audience.duplicates.total, "duplicate", _named(audience)),
        (audience.bad.total, "bad", ""),
    )
    told = [f"{count} {what}{where}" for count, what, where in counts if count]
    return f" (left out: {', '.join(told)})" if told else ""


def left_out(audience: AudienceSummary) -> list[str]:
    """The bad rows by line, as many as were kept, and how many more there are."""
    lines = [str(Problem(f"{why} (left out)", file=audience.file, line=line)) for line, why in audience.bad.first]
    more = audience.bad.total - len(lines)
    return [*lines, f"… and {more} more bad rows"] if more else lines


def _named(audience: AudienceSummary) -> str:
    lines = [str(line) for line, _ in audience.duplicates.first[:_LINES_NAMED]]
    more = ", …" if audience.duplicates.total > len(lines) else ""
    return f" on line {lines[0]}" if len(lines) == 1 else f" on lines {', '.join(lines)}{more}"


def _languages(audience: AudienceSummary) -> str:
    if len(audience.languages) < 2:
        return ""
    return ": " + ", ".join(f"{count} in {language}" for language, count in audience.languages.most_common())
