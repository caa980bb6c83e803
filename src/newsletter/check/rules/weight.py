"""What is sent, in octets: size-html, mail-bytes, header-line. Touches: nothing.

The sizes are those of the largest message that any subscriber gets, really composed; without subscribers, of the one
with the issue's defaults.
"""

from collections.abc import Iterator

from newsletter.check.audience import Extent, Largest
from newsletter.check.finding import Severity
from newsletter.check.material import Material
from newsletter.check.picture_places import place_of_picture
from newsletter.check.rule import Found, error, warning
from newsletter.check.subscriber_file import column_of

CLIPPED_AT = 102 * 1024
"""Octets of HTML that Gmail shows before it cuts."""
NEAR = 90 * 1024
_MB = 1024 * 1024
HEAVY = _MB
"""Octets of a whole message that are still good."""
LONGEST_HEADER_LINE = 998  # octets without CRLF, RFC 5322 2.1.1


@error("size-html")
def size_html(material: Material) -> Iterator[Found]:
    """Gmail clips at 102 KB, and what it cuts is the footer with the way out."""
    extent = max(material.audience.extents.values(), key=lambda one: one.html.octets, default=None)
    if extent is None or extent.html.octets <= NEAR:
        return
    size, shown = extent.html, f"{extent.html.octets / 1024:.0f} KB"
    severity = Severity.ERROR if size.octets > CLIPPED_AT else Severity.WARNING
    if _by_values(extent):
        column = column_of(size.key)
        yield Found(
            ko=f"이 구독자의 편지는 {shown}입니다(값 없이는 {extent.plain / 1024:.0f} KB). "
            "Gmail은 102 KB에서 자릅니다.",
            en=f"This subscriber's letter is {shown} ({extent.plain / 1024:.0f} KB without values); "
            "Gmail clips it at 102 KB.",
            ko_hint=f"가장 긴 값은 ‘{column}’ 칸에 있습니다.",
            en_hint=f"The longest value is that of “{column}”.",
            file=material.audience.file,
            line=size.line,
            severity=severity,
        )
        return
    yield Found(
        ko=f"편지가 {shown}입니다. Gmail은 102 KB에서 자릅니다.",
        en=f"The letter is {shown}; Gmail clips it at 102 KB.",
        severity=severity,
    )


def _by_values(extent: Extent) -> bool:
    """Whether one row's values make it too large, and not the letter itself."""
    return bool(extent.html.line and extent.html.key) and extent.plain <= NEAR


@warning("mail-bytes")
def mail_bytes(material: Material) -> Iterator[Found]:
    """The same megabytes for every subscriber: slow on a phone, dear at the relay, refused by full mailboxes."""
    extents = material.audience.extents
    variant = max(extents, key=lambda name: extents[name].mail.octets, default=None)
    if variant is None or extents[variant].mail.octets <= HEAVY:
        return
    shown = f"{extents[variant].mail.octets / _MB:.1f} MB"
    pictures = [one for sheet in material.sheets if sheet.edition.variant == variant for one in sheet.edition.pictures]
    largest = max(pictures, key=lambda picture: len(picture.data), default=None)
    which = f" {largest.filename}, {len(largest.data) / 1024:.0f} KB" if largest else ""
    yield Found(
        ko=f"편지 한 통이 {shown}입니다. 1 MB를 넘지 않는 것이 좋습니다.",
        en=f"One message is {shown}; up to 1 MB is good.",
        ko_hint=f"가장 큰 그림:{which}" if which else "",
        en_hint=f"The largest picture:{which}" if which else "",
        path=place_of_picture(material, largest) if largest else (),
    )


@error("header-line")
def header_line(material: Material) -> Iterator[Found]:
    """A line of over 998 octets is cut or refused on the way (RFC 5322 2.1.1)."""
    longest = max(
        (extent.header for extent in material.audience.extents.values()),
        key=lambda one: one.octets,
        default=Largest(),
    )
    if longest.octets > LONGEST_HEADER_LINE:
        yield Found(
            ko=f"메일 머리글의 한 줄이 {longest.octets}바이트입니다. {LONGEST_HEADER_LINE}바이트를 넘을 수 없습니다.",
            en=f"A line of the message's header has {longest.octets} octets; {LONGEST_HEADER_LINE} are allowed.",
            file=material.audience.file if longest.line else "",
            line=longest.line or None,
        )
