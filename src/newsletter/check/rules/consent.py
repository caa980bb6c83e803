"""Who asked for it, and when: consent-missing, consent-2y. Touches: nothing."""

from collections.abc import Iterator

from newsletter.catalogue import phrase
from newsletter.check.material import Material
from newsletter.check.rule import Found, error, warning
from newsletter.check.subscriber_file import rows_found


@error(
    "consent-missing",
    "정보통신망법 제50조 제1항 https://www.law.go.kr/법령/정보통신망이용촉진및정보보호등에관한법률/제50조",
)
def consent_missing(material: Material) -> Iterator[Found]:
    """Advertising goes to nobody whose consent, with date and source, is not on record."""
    if material.issue.advertising:
        found = Found(phrase("check.consent.consent-missing.found"))
        yield from rows_found(material.audience, material.audience.without_consent, found)


@warning(
    "consent-2y", "정보통신망법 제50조의8 https://www.law.go.kr/법령/정보통신망이용촉진및정보보호등에관한법률/제50조의8"
)
def consent_2y(material: Material) -> Iterator[Found]:
    """Consent is confirmed again every two years; said once, for it is a matter of the list and not of a row."""
    old = material.audience.old_consent
    if old:
        given = old.first[0][1] if old.first else old.of_sign_up
        yield Found(
            phrase("check.consent.consent-2y.found", count=old.total, given=given),
            file=material.audience.file if old.place else "",
            line=old.place,
        )


RULES = (
    consent_missing,
    consent_2y,
)
