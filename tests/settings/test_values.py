"""What a setting may be, as tables: good text -> value, bad text -> a sentence."""

from datetime import timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from newsletter.settings.values import (
    Duration,
    FolderOfItsOwn,
    Line,
    ListId,
    Mailbox,
    OptionalDuration,
    OptionalMailbox,
    PagesUrl,
    Percent,
    Rate,
    RelayUrl,
    Website,
    Zone,
    is_loopback,
    per_second,
)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Duration, "90s", timedelta(seconds=90)),
        (Duration, "5m", timedelta(minutes=5)),
        (Duration, "4h30m", timedelta(hours=4, minutes=30)),
        (Duration, "2d", timedelta(days=2)),
        (Duration, "48h", timedelta(hours=48)),
        (OptionalDuration, "14d", timedelta(days=14)),
        (OptionalDuration, " ", None),
        (Rate, "20/s", "20/s"),
        (Rate, "600/m", "600/m"),
        (Rate, "", ""),
        (Percent, "1%", 0.01),
        (Percent, "0.5 %", 0.005),
        (Percent, "100%", 1.0),
        (ListId, "Letter.News.example.org", "letter.news.example.org"),
        (Mailbox, " no-reply@News.Example.org", "no-reply@news.example.org"),
        (OptionalMailbox, "", ""),
        (PagesUrl, "https://news.example.org/", "https://news.example.org"),
        (PagesUrl, "http://127.0.0.1:8025", "http://127.0.0.1:8025"),
        (PagesUrl, "", ""),
        (Website, "http://www.example.org/a", "http://www.example.org/a"),
        (RelayUrl, "smtps://user@mail.example.org:465", "smtps://user@mail.example.org:465"),
        (RelayUrl, "smtp://[::1]:1025", "smtp://[::1]:1025"),
        (Zone, "Asia/Seoul", "Asia/Seoul"),
        (Line, " 서울", "서울"),
    ],
)
def test_good_values_are_read(kind: type[object], text: str, value: object) -> None:
    assert TypeAdapter(kind).validate_python(text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *[(OptionalDuration, text) for text in ("0d", "two weeks")],
        *[(Duration, text) for text in ("", "5", "5 m", "m", "-5m", "0s", "1w", "9999999d", "٥m")],
        *[(Rate, text) for text in ("20", "0/s", "-1/s", "20/d", "fast", "1e3/s")],
        *[(Percent, text) for text in ("1", "101%", "-1%", "%", "one%")],
        *[(ListId, text) for text in ("", "nodot", "<a.b>", "a..b", "뉴스.example.org", "a b.c", "a." * 130 + "b")],
        *[
            (Mailbox, text)
            for text in ("", "a", "@b.org", "서울 <a@example.org>", "a@b c", "a@b.org\nBcc: x", "a@-b.org")
        ],
        *[
            (PagesUrl, t)
            for t in (
                "http://news.example.org",
                "news.example.org",
                "https://",
                "https://a.org/?x",
                "https://a.org:99999",
            )
        ],
        *[(PagesUrl, text) for text in ("javascript:alert(1)", "https://u@a.org", "https://a .org", 'https://a.org/"')],
        *[(Website, text) for text in ("www.example.org", "javascript:alert(1)", "ftp://example.org")],
        *[(RelayUrl, text) for text in ("", "mail.example.org", "http://a", "smtp://", "smtp://a/b", "smtp://a:0")],
        (RelayUrl, "smtp://user:secret@mail.example.org"),
        *[(Zone, text) for text in ("", "Seoul", "../etc/passwd", "Asia", "Asia/Seoul\0")],
        *[(Line, text) for text in ("a\nBcc: b", "a\x1b[31m", "a\u2028b")],
        *[(FolderOfItsOwn, t) for t in ("", ".", "a/..", "/", "../www", "a/../..", ".newsletter/a", "a\x1b")],
        *[(FolderOfItsOwn, t) for t in (".newsletter", "build", "build/", "./build/x/..", "issues/x", "templates")],
    ],
)
def test_bad_values_are_refused(kind: type[object], text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(text)


@pytest.mark.parametrize(("rate", "number"), [("20/s", 20), ("600/m", 10), ("3600/h", 1), ("0.5/s", 0.5), ("", None)])
def test_a_rate_is_a_number_of_messages_per_second(rate: str, number: float | None) -> None:
    assert per_second(rate) == number


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("[::1]", True),
        ("LOCALHOST.", True),
        ("mail.localhost", True),
        ("10.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("128.0.0.1", False),
        ("0.0.0.0", False),
        ("::2", False),
        ("127.0.0.1.example.org", False),
        ("localhost.example.org", False),
        ("notlocalhost", False),
        ("a.org", False),
    ],
)
def test_loopback_is_this_machine_only(host: str, *, answer: bool) -> None:
    assert is_loopback(host) is answer
