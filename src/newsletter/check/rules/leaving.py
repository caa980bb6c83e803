"""The way out: list-unsubscribe, footer-unsubscribe. Touches: nothing."""

from collections.abc import Iterator

from newsletter.check.finding import Severity
from newsletter.check.material import Material, Sheet
from newsletter.check.rule import Found, warning

_UNSUBSCRIBE = "link.unsubscribe"


@warning("list-unsubscribe")
def list_unsubscribe(material: Material) -> Iterator[Found]:
    """Gmail, Yahoo and Microsoft demand one-click from bulk senders (RFC 8058), Korean law a way out of advertising."""
    links = material.settings.links
    if links.pages_url:
        return
    yield Found(
        ko="한 번 눌러 수신을 거부하는 길이 없습니다. 많이 보내면 Gmail과 Yahoo가 받지 않습니다.",
        en="There is no one-click way out; Gmail and Yahoo refuse bulk mail without it.",
        ko_hint="`newsletter serve`를 공개하고 그 주소를 [links] pages_url에 적으세요.",
        en_hint="Publish `newsletter serve` and set its address as [links] pages_url.",
        severity=Severity.ERROR if material.issue.advertising and not links.unsubscribe_mailto else None,
    )


@warning("footer-unsubscribe")
def footer_unsubscribe(material: Material) -> Iterator[Found]:
    """Who does not find the way out presses “spam”."""
    if any(not _has_link(material, sheet) for sheet in material.sheets):
        yield Found(
            ko="편지 아래에 수신 거부 링크가 없습니다.",
            en="The footer has no link to unsubscribe.",
        )


def _has_link(material: Material, sheet: Sheet) -> bool:
    if not material.settings.links.pages_url:
        return False
    markers = [hole.marker for hole in sheet.edition.holes if hole.key == _UNSUBSCRIBE]
    return all(any(marker in text for marker in markers) for text in (sheet.edition.html, sheet.edition.text))
