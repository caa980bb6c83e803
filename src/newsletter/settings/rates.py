"""`[smtp] rate`: how many messages may go in a second, a minute, an hour, a day. Touches: nothing.

One window as text, `"20/s"`, or several as a list, `["20/s", "500/h", "5000/d"]`. Seconds and minutes space the starts
of a process; hours and days are sliding windows, of which the ledger keeps the account.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

from newsletter.catalogue import phrase

from .explain import WrongValueError, safe

_RATE = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*/\s*([smhd])", re.ASCII)
_NEARLY = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)\s*(?:/|per\b)\s*(\w+)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_IN_FULL = {
    "s": ("sec", "secs", "second", "seconds", "초"),
    "m": ("min", "mins", "minute", "minutes", "분"),
    "h": ("hr", "hrs", "hour", "hours", "시", "시간"),
    "d": ("day", "days", "일", "하루"),
}
_UNIT = {word: unit for unit, words in _IN_FULL.items() for word in (unit, *words)}
_KEPT = ("h", "d")
"""Too long for one process to keep them by itself."""


@dataclass(frozen=True, slots=True)
class Window:
    """At most so many messages within any stretch of this length, an hour or a day."""

    most: int
    length: timedelta

    def __str__(self) -> str:
        unit = next(unit for unit in _KEPT if _SECONDS[unit] == self.length.total_seconds())
        return f"{self.most}/{unit}"


def slowest_per_second(rates: str | tuple[str, ...]) -> float | None:
    """Messages per second of the slower of `/s` and `/m` among `Rates`; None: as fast as the relay takes them."""
    return min((number / _SECONDS[unit] for number, unit in _read(rates) if unit not in _KEPT), default=None)


def kept_windows(rates: str | tuple[str, ...]) -> tuple[Window, ...]:
    """The windows of hours and days among `Rates`, the shorter one first."""
    kept = [Window(int(number), timedelta(seconds=_SECONDS[unit])) for number, unit in _read(rates) if unit in _KEPT]
    return tuple(sorted(kept, key=lambda window: window.length))


def _read(rates: str | tuple[str, ...]) -> Iterator[tuple[float, str]]:
    """Number and unit of each."""
    for text in (rates,) if isinstance(rates, str) else rates:
        if match := _RATE.fullmatch(text):
            yield float(match[1]), match[2]


def _rates(value: object) -> object:
    """`value` as it was typed, a list as a tuple; WrongValueError for what is no rate."""
    if isinstance(value, str):
        text = value.strip()
        return _one(text) if text else text
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) for text in value):
        raise WrongValueError(phrase("settings.value.must_be_rates"))
    if not value:
        raise WrongValueError(phrase("settings.value.rate_is_empty_list"))
    rates = tuple(_one(text.strip()) for text in value)
    often, times = Counter(unit for _, unit in _read(rates)).most_common(1)[0]
    if times > 1:
        alike = tuple(f'"{text}"' for text in rates if text.endswith(often))
        raise WrongValueError(phrase("settings.value.rate_has_two_of_a_unit", rates=alike, unit=often))
    return rates


def _one(text: str) -> str:
    match = _RATE.fullmatch(text)
    if match is None:
        nearly = _NEARLY.fullmatch(text)
        if nearly and (unit := _UNIT.get(nearly[2].lower())):
            meant = f"{nearly[1]}/{unit}"
            raise WrongValueError(phrase("settings.value.rate_is_nearly", rate=safe(text), meant=meant))
        if nearly:
            raise WrongValueError(phrase("settings.value.rate_has_unknown_unit", unit=safe(nearly[2])))
        raise WrongValueError(phrase("settings.value.must_be_rates"))
    if not float(match[1]):
        raise WrongValueError(phrase("settings.value.rate_is_zero", rate=text))
    if match[2] in _KEPT and "." in match[1]:
        raise WrongValueError(phrase("settings.value.rate_must_be_whole", rate=text))
    return text


Rates = Annotated[str | tuple[str, ...], BeforeValidator(_rates)]
"""As it was typed, and good."""
