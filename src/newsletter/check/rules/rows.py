"""Rows of the list that look wrong: domain-typo, tag-separator, consent-date. Touches: nothing.

All of them are mailed as they stand.
"""

from collections.abc import Iterator

from newsletter.catalogue import Phrase, Value, Verbatim
from newsletter.check.doubts import CONSENT, DOMAIN, TAGS
from newsletter.check.material import Material
from newsletter.check.rule import Found, warning
from newsletter.check.subscriber_file import rows_found


@warning("domain-typo", "docs/subscribers.md")
def domain_typo(material: Material) -> Iterator[Found]:
    """`naver.con` takes no mail, and `gmial.com` somebody else's; the row is mailed all the same."""
    yield from _doubtful(material, DOMAIN)


@warning("tag-separator", "docs/subscribers.md")
def tag_separator(material: Material) -> Iterator[Found]:
    """Tags with a comma between them are one tag, which no section asks for."""
    yield from _doubtful(material, TAGS)


@warning("consent-date", "docs/subscribers.md")
def consent_undated(material: Material) -> Iterator[Found]:
    """Who has to show when somebody consented needs a date."""
    yield from _doubtful(material, CONSENT)


def _doubtful(material: Material, rule: str) -> Iterator[Found]:
    rows = material.audience.doubts.get(rule)
    if rows:
        yield from rows_found(material.audience, rows, _found)


def _found(says: Value) -> Found:
    return Found(says if isinstance(says, Phrase) else Verbatim(str(says)))


RULES = (
    domain_typo,
    tag_separator,
    consent_undated,
)
