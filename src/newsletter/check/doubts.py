"""What is doubtful in a good row of the subscriber file, though it is mailed as it stands. Touches: nothing.

Each doubt goes by the id of the rule that tells of it, and repeats no address and no name.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from newsletter.audience.likely_domain import likely_domain
from newsletter.audience.subscriber import Subscriber
from newsletter.catalogue import Said, phrase

from .consent_dates import consent_date

DOMAIN = "domain-typo"
TAGS = "tag-separator"
CONSENT = "consent-date"
_COMMAS = (",", "，", "、")


def doubts_of(row: Subscriber, today: date) -> Iterator[tuple[str, Said]]:
    """Each rule that has to say something of a row, with what it says."""
    domain = row.key.rpartition("@")[2]
    if likely := likely_domain(domain):
        yield DOMAIN, phrase("check.rows.domain-typo.found", domain=domain, likely=likely)
    if any(comma in tag for tag in row.tags for comma in _COMMAS):
        yield TAGS, phrase("check.rows.tag-separator.found")
    if row.consent_at:
        given = consent_date(row.consent_at)
        if given is None:
            yield CONSENT, phrase("check.rows.consent-date.found")
        elif given > today + timedelta(days=1):  # it is tomorrow already somewhere
            yield CONSENT, phrase("check.rows.consent-date.in_the_future", given=given.isoformat())
