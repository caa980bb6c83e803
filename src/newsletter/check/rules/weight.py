"""What is sent, in octets: size-html, size-message, header-line. Touches: nothing.

The sizes are those of the largest message that any subscriber gets, really composed; without subscribers, of the one
with the issue's defaults.
"""

from collections.abc import Iterator

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.check.audience import Extent, Largest
from newsletter.check.finding import Severity
from newsletter.check.material import Material
from newsletter.check.rule import Found, error, warning
from newsletter.check.subscriber_file import column_of
from newsletter.edition.edition import Picture

CLIPPED_AT = 102 * 1024
"""Octets of HTML that Gmail shows before it cuts."""
NEAR = 90 * 1024
_MB = 1024 * 1024
HEAVY = 2 * _MB
"""Octets of a whole message that are still good."""
LONGEST_HEADER_LINE = 998  # octets without CRLF, RFC 5322 2.1.1


@error("size-html", "https://shkspr.mobi/blog/2019/05/102kb-ought-to-be-enough-for-any-email/")
def size_html(material: Material) -> Iterator[Found]:
    """Gmail clips at 102 KB, and what it cuts is the footer with the way out."""
    extent = max(material.audience.extents.values(), key=lambda one: one.html.octets, default=None)
    if extent is None or extent.html.octets <= NEAR:
        return
    largest, size = extent.html, f"{extent.html.octets / 1024:.0f}"
    severity = Severity.ERROR if largest.octets > CLIPPED_AT else Severity.WARNING
    if _by_values(extent):
        yield Found(
            phrase("check.weight.size-html.by_values", size=size, plain=f"{extent.plain / 1024:.0f}"),
            hint=phrase("check.weight.size-html.by_values_hint", column=column_of(largest.key)),
            file=material.audience.file if largest.line else "",
            line=largest.line or None,
            severity=severity,
        )
        return
    yield Found(phrase("check.weight.size-html.found", size=size), severity=severity)


def _by_values(extent: Extent) -> bool:
    """Whether one row's values make it too large, and not the letter itself."""
    return bool(extent.html.key) and extent.plain <= NEAR


@warning("size-message", "RFC 2045, 6.8 https://www.rfc-editor.org/rfc/rfc2045#section-6.8")
def size_message(material: Material) -> Iterator[Found]:
    """The same megabytes for every subscriber: slow on a phone, dear at the relay, refused by full mailboxes."""
    extents = material.audience.extents
    variant = max(extents, key=lambda name: extents[name].mail.octets, default=None)
    if variant is None or extents[variant].mail.octets <= HEAVY:
        return
    size = f"{extents[variant].mail.octets / _MB:.1f}"
    pictures = [one for sheet in material.sheets if sheet.edition.variant == variant for one in sheet.edition.pictures]
    largest = max(pictures, key=lambda picture: len(picture.data), default=None)
    yield Found(
        phrase("check.weight.size-message.found", size=size),
        hint=_named(largest) if largest else SILENCE,
        path=material.path_of_picture(largest) if largest else (),
    )


def _named(picture: Picture) -> Said:
    size = f"{len(picture.data) / 1024:.0f}"
    return phrase("check.weight.size-message.found_hint", picture=picture.filename, size=size)


@error("header-line", "RFC 5322, 2.1.1 https://www.rfc-editor.org/rfc/rfc5322#section-2.1.1")
def header_line(material: Material) -> Iterator[Found]:
    """A line of over 998 octets is cut or refused on the way (RFC 5322 2.1.1)."""
    longest = max(
        (extent.header for extent in material.audience.extents.values()),
        key=lambda one: one.octets,
        default=Largest(),
    )
    if longest.octets > LONGEST_HEADER_LINE:
        yield Found(
            phrase("check.weight.header-line.found", octets=longest.octets, most=LONGEST_HEADER_LINE),
            file=material.audience.file if longest.line else "",
            line=longest.line or None,
        )


RULES = (
    size_html,
    size_message,
    header_line,
)
