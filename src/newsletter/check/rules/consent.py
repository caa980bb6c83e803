"""Who asked for it, and when: consent-missing, consent-2y. Touches: nothing."""

from collections.abc import Iterator

from newsletter.check.material import Material
from newsletter.check.rows import rows_found
from newsletter.check.rule import Found, error, warning


@error("consent-missing")
def consent_missing(material: Material) -> Iterator[Found]:
    """Advertising goes to nobody whose consent, with date and source, is not on record."""
    if material.issue.advertising:
        found = Found(
            ko="광고인데 수신 동의의 날짜(consent_at)나 경로(consent_source)가 없습니다.",
            en="Advertising, but there is no date (consent_at) or source (consent_source) of consent.",
        )
        yield from rows_found(material.audience, material.audience.without_consent, found)


@warning("consent-2y")
def consent_2y(material: Material) -> Iterator[Found]:
    """Consent is confirmed again every two years; said once, for it is a matter of the list and not of a row."""
    old = material.audience.old_consent
    if old:
        line, given = old.first[0]
        yield Found(
            ko=f"동의한 지 2년이 넘은 구독자가 {old.total}명입니다. 이 줄은 {given}에 동의했습니다.",
            en=f"Subscribers whose consent is older than two years: {old.total}. This row's is of {given}.",
            file=material.audience.file,
            line=line,
        )
