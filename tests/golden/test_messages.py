"""Messages of editions made by hand, with every kind of letterhead: open one in a mail program to see it."""

import pytest

from newsletter.edition.edition import Edition
from newsletter.message.merge import Composer
from newsletter.message.message import Letterhead
from tests.support.editions import LINKS, edition, head, plain_edition
from tests.support.finished_mail import GOLDEN
from tests.support.golden import Golden

EVERYTHING = {
    "reply_to": "letter@news.example.org",
    "archive_url": "https://news.example.org/archive",
    "unsubscribe_mailto": "leave@news.example.org",
    "envelope_sender": "bounce@news.example.org",
    "verp": True,
}


@pytest.mark.parametrize(
    ("name", "made", "letterhead"),
    [
        ("ko", edition(), head()),
        ("ko-everything", edition(), head(**EVERYTHING)),
        ("ko-proof", edition(), head(proof=True)),
        ("en-plain", plain_edition(), head(pages_url="")),
    ],
)
def test_a_message_is_octet_for_octet_what_it_was(
    name: str, made: Edition, letterhead: Letterhead, golden: Golden
) -> None:
    values = {"name": "홍길동", "fields.소속": "서울시 <시민청>", "fields.page": "https://example.com/?a=1&b=2"}
    message = Composer({made.variant: made}, letterhead, LINKS).compose(
        "Hong@한국.kr", "hong@xn--3e0b707e.kr", made.variant, values
    )
    golden.check(GOLDEN / "messages" / f"{name}.eml", message.data)
