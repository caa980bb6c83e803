"""SpamAssassin, without the network, takes the letter for what it is."""

from datetime import UTC, datetime

from newsletter.audience.links import Links
from newsletter.message.letterhead import letterhead
from newsletter.message.merge import Composer
from tests.support.finished import edition_of, workspace_of
from tests.support.spamassassin import score, without_list_headers

READER = "reader@example.org"
GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
"""SpamAssassin's own test text: a thousand points."""


def test_the_letter_is_no_spam_also_without_the_help_of_its_list_headers(name: str) -> None:
    settings = workspace_of(name).settings
    links = Links((b"k" * 32,), settings.newsletter.list_id)
    head = letterhead(settings, "2021-07", datetime(2021, 7, 25, 23, 56, tzinfo=UTC), links.key_id)
    composer = Composer({"ko": edition_of(name)}, head, links)
    mail = composer.compose(READER, READER, "ko", {"name": "홍길동"}).data
    assert score(without_list_headers(mail)) <= 0


def test_it_would_have_said_so() -> None:
    assert score(f"From: {READER}\r\nSubject: test\r\n\r\n{GTUBE}\r\n".encode()) > 900
