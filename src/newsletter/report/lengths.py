"""Stretches of time, shares and sizes as a person reads them. Touches: nothing."""

from newsletter.catalogue import Said, phrase

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_KILO = 1024


def length_words(seconds: float) -> Said:
    """`1 h 20 min`: in the two greatest units."""
    whole, minutes, hours = (round(seconds / unit) for unit in (1, _MINUTE, _HOUR))
    if whole < _MINUTE:
        return phrase("report.length.seconds", seconds=whole) if whole or not seconds else phrase("report.length.short")
    if whole < _HOUR:
        return _two("report.length.minutes", "report.length.minutes_seconds", *divmod(whole, _MINUTE))
    if minutes < _DAY // _MINUTE:
        return _two("report.length.hours", "report.length.hours_minutes", *divmod(minutes, 60))
    return _two("report.length.days", "report.length.days_hours", *divmod(hours, 24))


def _two(alone: str, with_rest: str, great: int, small: int) -> Said:
    return phrase(with_rest, great=great, small=small) if small else phrase(alone, great=great)


def size_words(octets: int) -> str:
    """`98.2 KB`; a KB is 1,024 bytes, as with Gmail's limit."""
    if octets < _KILO:
        return f"{octets} B"
    if octets < _KILO * _KILO:
        return f"{octets / _KILO:,.1f} KB"
    return f"{octets / _KILO / _KILO:,.1f} MB"


def share_words(part: float | None) -> str:
    """`1.25%`; a dash where there is nothing to take a part of."""
    if part is None:
        return "–"
    return f"{part * 100:.2f}%" if 0 < part < 1 else f"{part * 100:.0f}%"
