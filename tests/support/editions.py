"""Editions and letterheads made by hand, small, with a hole in every context."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from newsletter.audience.links import Links
from newsletter.edition.edition import Context, Edition, Hole, Picture
from newsletter.message.message import Letterhead

LIST_ID = "issue-curator.news.example.org"
LINKS = Links((b"k" * 32,), LIST_ID)
KOREA = timezone(timedelta(hours=9))

# The smallest PNG there is: one grey pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)

HTML = """<!DOCTYPE html>
<html lang="ko"><body><h1 title="mergea1q">신성장동력</h1>
<p>mergea2q님, 안녕하십니까.</p><img src="cid:abc123@letter" alt="그림">
<p><a href="https://www.si.re.kr/search?q=mergea3q">찾기</a> <a href="mergea4q">내 페이지</a></p>
<p><a href="mergea5q">수신 거부</a></p></body></html>
"""

TEXT = """신성장동력

mergea6q님, 안녕하십니까.

[1] https://www.si.re.kr/search?q=mergea7q
[2] mergea8q
수신 거부: mergea9q
"""

HOLES = (
    Hole("mergea0q", "name", "구독자", Context.HEADER),
    Hole("mergea1q", "fields.소속", "", Context.HTML),
    Hole("mergea2q", "name", "구독자", Context.HTML),
    Hole("mergea3q", "fields.word", "서울", Context.URL),
    Hole("mergea4q", "fields.page", "https://www.si.re.kr/", Context.WHOLE_URL),
    Hole("mergea5q", "link.unsubscribe", None, Context.WHOLE_URL),
    Hole("mergea6q", "name", "구독자", Context.PLAIN),
    Hole("mergea7q", "fields.word", "서울", Context.PLAIN_URL),
    Hole("mergea8q", "fields.page", "https://www.si.re.kr/", Context.PLAIN_WHOLE_URL),
    Hole("mergea9q", "link.unsubscribe", None, Context.PLAIN_WHOLE_URL),
)


def edition(**changes: Any) -> Edition:  # noqa: ANN401 - any field of the value, checked when it is made
    """A Korean edition with ten holes and one picture."""
    whole = Edition(
        slug="2021-07",
        variant="ko",
        language="ko",
        subject="[서울이슈큐레이터] 신성장동력, mergea0q님께",
        html=HTML,
        text=TEXT,
        holes=HOLES,
        pictures=(Picture("abc123@letter", "hero.png", "image/png", PIXEL),),
    )
    return replace(whole, **changes)


def plain_edition(**changes: Any) -> Edition:  # noqa: ANN401 - any field of the value, checked when it is made
    """An English edition without holes and pictures."""
    whole = Edition("2021-07", "en", "en", "New growth engines", "<!DOCTYPE html>\n<p>Hello</p>\n", "Hello\n", (), ())
    return replace(whole, **changes)


def head(**changes: Any) -> Letterhead:  # noqa: ANN401 - any field of the value, checked when it is made
    """The letterhead of the example workspace."""
    whole = Letterhead(
        newsletter="서울이슈큐레이터",
        list_id=LIST_ID,
        slug="2021-07",
        sender_name="서울연구원",
        sender_address="no-reply@news.example.org",
        reply_to="",
        envelope_sender="no-reply@news.example.org",
        date=datetime(2021, 7, 25, 23, 56, tzinfo=UTC).astimezone(KOREA),
        pages_url="https://news.example.org",
        archive_url="",
        unsubscribe_mailto="",
        key_id=LINKS.key_id,
    )
    return replace(whole, **changes)
