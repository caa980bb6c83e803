"""Open merge fields as plain ASCII words that survive Markdown, the sanitiser and premailer. Touches: nothing.

While an edition is made, a field is the word `<prefix><number>q`, the same one wherever the same field stands; in a
link of the text part it is `<prefix>u<number>q`, or `<prefix>w<number>q` where the link begins with it. `finish`
renumbers them, so that in the finished edition every marker occurs exactly once and has its context.
"""

import html as html_module
import itertools
import re
import unicodedata
from collections.abc import Iterable

from newsletter.issue.fields import MergeField, parse_text

from .contexts import html_contexts
from .edition import Context, Hole

_LETTERS = "abcdefghijk"
_PLAIN = {"": Context.PLAIN, "u": Context.PLAIN_URL, "w": Context.PLAIN_WHOLE_URL}


class Markers:
    """The open fields of one edition in the making.

    The prefix does not occur in `sources`, as typed or with HTML entities decoded (Markdown decodes them). It is lower
    case, since host names are lowered; the closing `q` has no composed form, so a combining accent after a field
    cannot melt into the marker when the text is normalised to NFC.
    """

    def __init__(self, sources: Iterable[str]) -> None:
        typed = "\n".join(sources).lower()
        self.prefix = _unused_prefix(typed + html_module.unescape(typed).lower())
        self.pattern = re.compile(rf"{self.prefix}([uw]?)(\d+)q")
        self._fields: list[MergeField] = []
        self._numbers: dict[MergeField, int] = {}

    def open(self, text: str) -> str:
        """`text` in NFC with each merge field replaced by its marker, and `{{ "{{" }}` by the braces."""
        parts = parse_text(unicodedata.normalize("NFC", text))
        return "".join(part if isinstance(part, str) else self.word(part) for part in parts)

    def word(self, field: MergeField) -> str:
        """The marker of one field."""
        if field not in self._numbers:
            self._numbers[field] = len(self._fields)
            self._fields.append(field)
        return f"{self.prefix}{self._numbers[field]}q"

    def in_plain_link(self, url: str) -> str:
        """An opened link as the text part shows it: its markers say that they stand inside a link."""

        def replace(match: re.Match[str]) -> str:
            return f"{self.prefix}{'u' if match.start() else 'w'}{match[2]}q"

        return self.pattern.sub(replace, url)

    def fields_in(self, text: str) -> set[MergeField]:
        """The fields whose markers stand in `text`."""
        return {self._fields[int(number)] for _, number in self.pattern.findall(text)}

    def count(self, text: str) -> int:
        """How many markers stand in `text`, repeated ones included."""
        return len(self.pattern.findall(text))

    def field(self, match: re.Match[str]) -> MergeField:
        """The field of a match of `pattern`."""
        return self._fields[int(match[2])]


def finish(markers: Markers, subject: str, html: str, text: str) -> tuple[str, str, str, tuple[Hole, ...]]:
    """The three texts with every marker renumbered to occur once, and their holes in the order in which they stand.

    Raises InputError when a field stands in the HTML where no value could be filled in safely.
    """
    holes: list[Hole] = []
    in_html = html_contexts(html, markers.pattern)

    def renumber(match: re.Match[str], context: Context) -> str:
        field = markers.field(match)
        holes.append(Hole(f"{markers.prefix}{len(holes)}q", field.key, field.default, context))
        return holes[-1].marker

    subject = markers.pattern.sub(lambda match: renumber(match, Context.HEADER), subject)
    html = markers.pattern.sub(lambda match: renumber(match, in_html[match.start()]), html)
    text = markers.pattern.sub(lambda match: renumber(match, _PLAIN[match[1]]), text)
    return subject, html, text, tuple(holes)


def _unused_prefix(text: str) -> str:
    """The first of mergea, mergeb, … that is not in `text`; `m` begins it only, so it cannot overlap itself."""
    for length in itertools.count(1):
        for letters in itertools.product(_LETTERS, repeat=length):
            prefix = f"merge{''.join(letters)}"
            if prefix not in text:
                return prefix
    raise AssertionError("there is always a longer prefix")
