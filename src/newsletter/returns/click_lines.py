"""A line of a web server's log -> the click it speaks of. Touches: nothing.

Read are lines of JSON, as `newsletter one-click` has servers write them, and what nginx and Apache call common,
combined and vhost_combined. Nothing is believed: whose link it was is for who holds the keys. Of a visitor, whose
address the latter have, nothing is taken over. Limits: a line that a stranger could make up is one that only a link's
holder can make count.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import unquote

from newsletter.audience.links import TOKEN_PATTERN

MARK = b"/u/"
"""What stands in every line that may be a click, as far as it is written like a link of ours."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# The first quotation mark of such a line begins the request: servers write those of a visitor as \x22 or \".
_COMMON = re.compile(
    r'[^"]*\[(\d{2})/([A-Z][a-z]{2})/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})\] '
    r'"POST (\S+)(?: HTTP/[\d.]+)?" 200(?: |$)',
    re.ASCII,
)
_PATH = re.compile(rf"(?:[^?#]*)/u/({TOKEN_PATTERN})(?:[?#].*)?", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Click:
    """A POST to what has the form of a link, answered 200."""

    token: str
    at: datetime
    """As the line says it, in whole seconds mostly."""


def click_of(line: bytes) -> Click | None:
    """None for whatever is not a click; never raises."""
    if MARK not in line:
        return None
    text = line.decode("utf-8", "replace")
    try:
        return _of_json(text) if text.startswith("{") else _of_common(text)
    except (ValueError, OverflowError, RecursionError):  # not JSON, no such day, too deep
        return None


def _of_json(text: str) -> Click | None:
    said = json.loads(text)
    if not isinstance(said, dict) or said.get("method") != "POST" or str(said.get("status")) != "200":
        return None
    token, at = _token(said.get("path")), said.get("time")
    if token is None or not isinstance(at, str):
        return None
    when = datetime.fromisoformat(at)
    return Click(token, when.astimezone(UTC)) if when.tzinfo else None


def _of_common(text: str) -> Click | None:
    found = _COMMON.match(text)
    if found is None:
        return None
    token = _token(found[10])
    if token is None:
        return None
    away = timedelta(hours=int(found[8]), minutes=int(found[9]))
    zone = timezone(-away if found[7] == "-" else away)
    day, year, hour, minute, second = (int(found[number]) for number in (1, 3, 4, 5, 6))
    at = datetime(year, _MONTHS.index(found[2]) + 1, day, hour, minute, min(second, 59), tzinfo=zone)
    return Click(token, at.astimezone(UTC))


def _token(path: object) -> str | None:
    if not isinstance(path, str):
        return None
    found = _PATH.fullmatch(path) or ("%" in path and _PATH.fullmatch(unquote(path))) or None
    return found[1] if found else None
