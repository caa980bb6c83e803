"""Let words break that no phone has room for: addresses, mail addresses, Hangul without a space. Touches: nothing.

The letter's own rule for it, `word-wrap`, stands in the style sheet of the head, which some programs leave out, and is
not known to Outlook. So the longest words are marked one by one. Limits: what a subscriber's value brings is not known
yet; only a mail address is taken for long.
"""

import re

from newsletter.edition.wrap import columns

from .markers import Markers

_PIECE = re.compile(
    r"""<!--.*?-->|<(?:style|title)\b.*?</(?:style|title)>|(?P<tag><(?:[^>"']|"[^"]*"|'[^']*')*>)|(?P<text>[^<]+)""",
    re.DOTALL,
)
_ENTITY = re.compile(r"&(?:#\w+|\w+);")
_LONGEST, _LONGEST_IN_HEADLINE = 23, 16
"""Columns that 280 px have room for, in text and in a headline."""


def breaking(html: str, markers: Markers) -> str:
    """`html` with its longest words in spans of the class `anywhere`."""
    headline = False

    def word(match: re.Match[str]) -> str:
        fields = [markers.field(marker).key for marker in markers.pattern.finditer(match[0])]
        shown = _ENTITY.sub("x", markers.pattern.sub("", match[0]))
        long = columns(shown) > (_LONGEST_IN_HEADLINE if headline else _LONGEST)
        return f'<span class="anywhere">{match[0]}</span>' if long or "email" in fields else match[0]

    def piece(match: re.Match[str]) -> str:
        nonlocal headline
        if match["tag"] and re.match(r"</?h1\b", match["tag"]):
            headline = not match["tag"].startswith("</")
        return re.sub(r"(?:(?!&nbsp;)[^\s\u00a0])+", word, match[0]) if match["text"] else match[0]

    return _PIECE.sub(piece, html)
