"""Make a subscriber's value safe for the place it goes to. Touches: nothing.

A value is data from a spreadsheet and may hold anything: markup, line breaks, merge syntax, half of a surrogate pair.
After `clean` it is one line of NFC text; `escape` adds what the context needs. Limits: a value is never looked at again
once it is filled in, so merge syntax in it stays text.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from newsletter.edition.edition import Context
from newsletter.edition.wire_address import wire_address
from newsletter.issue.addresses import is_telephone
from newsletter.issue.texts import SCHEMES

Escape = Callable[[str], str]

# All that Python, a mail reader or a browser may take for a new line, and the tab.
_BREAKS = re.compile("[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]+")
# Other controls, lone surrogates (no UTF-8 exists for them), and the bidirectional embeddings and overrides: unclosed,
# they turn round the rest of the line (Unicode TR 9). The plain marks U+200E and U+200F stay, Arabic needs them.
_DROPPED = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
# Everything RFC 3986 allows in a URL, and `%`, since a whole link comes with its own escapes.
_URL_SAFE = "%/:?#[]@!$&'()*+,;=~"
# Most whole links, the letter's own among them: http(s), a host, and nothing that would be written otherwise. To look
# at one more closely takes thirty times as long.
_WRITTEN = r"(?:[A-Za-z0-9._~/;:@&=+$,!*'()-]|%[0-9A-Fa-f]{2})"
_PLAIN_LINK = re.compile(rf"https?://[A-Za-z0-9.-]+(?:/{_WRITTEN}*)?(?:\?(?:{_WRITTEN}|\?)*)?(?:#(?:{_WRITTEN}|\?)*)?")


def clean(value: str) -> str:
    """One line of NFC text: line breaks and tabs become a space, other control characters go."""
    if not value.isprintable():  # what is, has nothing to drop; letters can still be in pieces
        value = _DROPPED.sub("", _BREAKS.sub(" ", value))
    return unicodedata.normalize("NFC", value)


def escape(value: str, context: Context) -> str:
    """`value` as it is written where a hole of this context stands; a link with another scheme comes out empty."""
    return _ESCAPES[context](clean(value))


def escaping(context: Context) -> Escape:
    """What escapes a clean value for this context; the same for contexts that ask for the same."""
    return _ESCAPES[context]


def is_link(value: str) -> bool:
    """Whether a whole link may be taken from a value.

    That is http and https with a host, mailto with something after it, or tel with a number, whose spaces do not count.
    """
    address = clean(value).strip()
    if address[:4].lower() == "tel:":
        return is_telephone(_without_spaces(address))
    try:
        parts = urlsplit(address)
        return parts.scheme in SCHEMES and bool(parts.path if parts.scheme == "mailto" else parts.hostname)
    except ValueError:
        return False


def _html(value: str) -> str:
    return html.escape(value, quote=True)


def _part_of_url(value: str) -> str:
    # RFC 3986 2.3: only unreserved characters are left, so nothing is left to escape for an attribute either.
    return quote(value, safe="")


def _plain_whole_url(value: str) -> str:
    if _PLAIN_LINK.fullmatch(value):
        return value
    if not is_link(value):
        return ""
    address = value.strip()
    written = _without_spaces(address) if address[:4].lower() == "tel:" else wire_address(address)
    return quote(written, safe=_URL_SAFE) if is_link(written) else ""


def _without_spaces(address: str) -> str:
    return "".join(address.split())


def _whole_url(value: str) -> str:
    return html.escape(_plain_whole_url(value), quote=True)


_ESCAPES: Mapping[Context, Escape] = MappingProxyType(
    {
        Context.HTML: _html,
        Context.URL: _part_of_url,
        Context.WHOLE_URL: _whole_url,
        Context.PLAIN: str,
        Context.PLAIN_URL: _part_of_url,
        Context.PLAIN_WHOLE_URL: _plain_whole_url,
        Context.HEADER: str,
    }
)
