"""Feeds as they are out there, and as nobody should send them."""

import time
from datetime import UTC, datetime

import pytest

from newsletter.edition.pasted.feed import ReadEntry, ReadFeed, read_feed
from newsletter.errors import InputError

AT = datetime(2026, 11, 30, 1, 2, tzinfo=UTC)
EXPECTED = ReadFeed("소식", (ReadEntry("글 & 그림", "https://example.org/1", "<p>요약</p>", AT),))
RSS = """<?xml version="1.0"?><!DOCTYPE rss>
<rss xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>소식</title><item>
<media:title>no</media:title><title>글 &amp; 그림</title><link>https://example.org/1</link>
<description><![CDATA[<p>요약</p>]]></description><pubDate>Mon, 30 Nov 2026 10:02:00 +0900</pubDate></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>소식</title><entry><title>글 &amp; 그림</title>
<link rel="edit" href="https://example.org/edit"/><link href="https://example.org/1"/>
<updated>2026-12-01T00:00:00Z</updated>
<published>2026-11-30T01:02:00Z</published><summary type="html">&lt;p&gt;요약&lt;/p&gt;</summary></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>소식</title></channel><item><title>글 &amp; 그림</title>
<link>https://example.org/1</link><description>&lt;p&gt;요약&lt;/p&gt;</description>
<dc:date>2026-11-30T10:02+09:00</dc:date></item></rdf:RDF>"""
JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "소식", "items": [{"title": "글 & 그림",
"url": "https://example.org/1", "content_html": "<p>요약</p>", "date_published": "2026-11-30T01:02:00Z"}]}"""


@pytest.mark.parametrize("feed", [RSS, ATOM, RDF, JSON], ids=["rss", "atom", "rdf", "json"])
def test_each_kind_of_feed_says_the_same(feed: str) -> None:
    assert read_feed(feed.encode(), "feed") == EXPECTED


def test_a_feed_in_another_encoding_and_one_with_faults() -> None:
    korean = RSS.replace('version="1.0"?', 'version="1.0" encoding="euc-kr"?').encode("euc-kr")
    assert read_feed(korean, "feed") == EXPECTED
    faulty = read_feed(
        b"<rss><channel><title>A & B</title><item><title>x</title><guid>https://example.org</guid></rss>", "f"
    )
    assert [(one.title, one.link, one.at) for one in faulty.entries] == [("x", "https://example.org", None)]


BOMB = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
OUTSIDE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>'


@pytest.mark.parametrize(
    "data",
    [
        (BOMB + "]><rss><channel><title>&i;</title></channel></rss>").encode(),
        (BOMB + "]><rss><channel><title>&i;</title></channel></rss>").encode("utf-16"),
        OUTSIDE.encode(),
        b"",
        b"<html><body>404</body></html>",
        b"{}",
        b'{"version": 1, "items": 1}',
        b'{"version": "https://jsonfeed.org/version/1", "items": 1}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"<rss>" * 100_000,
        b"\x00" * 1000,
    ],
)
def test_what_is_no_feed_or_a_trap_is_refused_at_once(data: bytes) -> None:
    begun = time.process_time()
    try:
        feed = read_feed(data, "feed")
    except InputError:
        pass
    else:
        assert feed.entries == ()
        assert "root" not in feed.title
    assert time.process_time() - begun < 2
