"""The way out: list-unsubscribe, footer-unsubscribe. Touches: nothing."""

from collections.abc import Iterator

from newsletter.catalogue import phrase
from newsletter.check.finding import Severity
from newsletter.check.material import Material, Sheet
from newsletter.check.rule import Found, warning

_UNSUBSCRIBE = "link.unsubscribe"


@warning(
    "list-unsubscribe", "RFC 8058, and Google, Email sender guidelines https://support.google.com/mail/answer/81126"
)
def list_unsubscribe(material: Material) -> Iterator[Found]:
    """Gmail, Yahoo and Microsoft demand one-click from bulk senders (RFC 8058), Korean law a way out of advertising."""
    links = material.settings.links
    if links.pages_url:
        return
    yield Found(
        phrase("check.leaving.list-unsubscribe.found"),
        severity=Severity.ERROR if material.issue.advertising and not links.unsubscribe_mailto else None,
    )


@warning("footer-unsubscribe", "Google, Email sender guidelines https://support.google.com/mail/answer/81126")
def footer_unsubscribe(material: Material) -> Iterator[Found]:
    """Who does not find the way out presses “spam”."""
    if any(not _has_link(material, sheet) for sheet in material.sheets):
        yield Found(phrase("check.leaving.footer-unsubscribe.found"))


def _has_link(material: Material, sheet: Sheet) -> bool:
    if not material.settings.links.pages_url:
        return False
    markers = [hole.marker for hole in sheet.edition.holes if hole.key == _UNSUBSCRIBE]
    return all(any(marker in text for marker in markers) for text in (sheet.edition.html, sheet.edition.text))


RULES = (
    list_unsubscribe,
    footer_unsubscribe,
)
