"""Messages made to crash a reader, to keep it busy or to fill its memory."""

from collections.abc import Callable, Mapping

MB = 1024 * 1024
_HEAD = b"From: MAILER-DAEMON@mx.example.net\nSubject: Undelivered Mail Returned to Sender\n"
_FAILED = b"Final-Recipient: rfc822; a@example.com\nAction: failed\nStatus: 5.0.0\n\n"


def _deep() -> bytes:
    return _HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(20_000)
    )


def _deep_and_long() -> bytes:
    return _deep()[:60_000] + b"--b0\nx\n" * 200_000


def _letters_within() -> bytes:
    return _HEAD + b"Content-Type: message/rfc822\n\n" * 40_000


def _parts(content_type: bytes) -> bytes:
    return (
        _HEAD
        + b"Content-Type: multipart/mixed; boundary=b\n\n"
        + (b"--b\nContent-Type: " + content_type + b"\n\nx <a@example.com>\n" * 2) * 100_000
    )


def _status(block: bytes, times: int) -> bytes:
    head = b"Content-Type: multipart/report; boundary=b; report-type=delivery-status\n\n--b\n"
    return _HEAD + head + b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n" + block * times


def _typed(content_type: bytes, body: bytes) -> bytes:
    return _HEAD + b"Content-Type: " + content_type + b"\n\n" + body


def _field(name: bytes, value: bytes) -> bytes:
    return _HEAD + name + b": " + value + b"\n\nx\n"


HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "20,000 levels": _deep,
    "1,000 levels and 200,000 boundaries": _deep_and_long,
    "40,000 letters within letters": _letters_within,
    "100,000 parts": lambda: _parts(b"text/plain"),
    "100,000 letters": lambda: _parts(b"message/rfc822"),
    "100,000 pages": lambda: _parts(b"text/html"),
    "a boundary that begins its line twice": lambda: _typed(b"multipart/mixed; boundary=b", b"\n--b\n--b" * 200_000),
    "no boundary": lambda: _typed(b"multipart/mixed", b"--" + b"-" * MB),
    "a guessed boundary": lambda: _typed(b"multipart/mixed", b"--aaa\n" * 200_000),
    "100,000 recipients": lambda: _status(_FAILED, 100_000),
    "100 recipients and a large letter": lambda: (
        _status(_FAILED * 100 + b"--b\nContent-Type: message/rfc822\n\n", 1)
        + b"Subject: x\nContent-Transfer-Encoding: base64\n\n"
        + b"QUFB" * 200_000
    ),
    "100 recipients and many words": lambda: _status(_FAILED * 100 + b"--b\n\n" + b"a.a@a. user unknown " * 40_000, 1),
    "10,000 recipients in a field": lambda: _field(
        b"X-Failed-Recipients", b"a@example.com\nX-Failed-Recipients: " * 10_000
    ),
    "500,000 empty groups": lambda: _status(b"\n\n", 500_000),
    "one recipient in 100,000 groups": lambda: _status(b"Status: 5.1.1\n\n", 100_000),
    "30 MB of text": lambda: _typed(b"text/plain", b"550 5.1.1 <a@example.com> user unknown\n" * 800_000),
    "one line of 10 MB": lambda: _typed(b"text/plain", b"a" * (10 * MB)),
    "one line of at signs": lambda: _typed(b"text/plain", b"a@" * MB),
    "one line of dots and at signs": lambda: _typed(b"text/plain", b"a.a@a." * MB),
    "one line of codes": lambda: _typed(b"text/plain", b"550 5.1.1 " * 200_000),
    "blanks": lambda: _typed(b"text/plain", b" " * (2 * MB)),
    "empty lines": lambda: _HEAD + b"\n" * (4 * MB),
    "carriage returns": lambda: _HEAD + b"\r" * (4 * MB),
    "blank lines before the header": lambda: b" \n" * MB + _HEAD,
    "NULs": lambda: b"\0" * (2 * MB),
    "every octet": lambda: bytes(range(256)) * 8192,
    "200,000 fields": lambda: _HEAD + b"X-Received: by 10.0.0.1 for <a@example.com>\n" * 200_000 + b"\n",
    "a field of 5 MB": lambda: _field(b"Subject", b"a" * (5 * MB)),
    "a field of 5 MB in short lines": lambda: _field(b"Received", b"a\n b" * MB),
    "semicolons": lambda: _field(b"Content-Type", b"multipart/mixed" + b";" * MB),
    "open quotes": lambda: _field(b"Content-Type", b"multipart/mixed" + b';a="\\' * MB),
    "encoded words": lambda: _field(b"Subject", b"=?utf-8?q?=41?= " * 200_000),
    "encoded words that never end": lambda: _field(b"Subject", b"=?utf-8?q?" * 200_000),
    "encoded words of no encoding": lambda: _field(b"Subject", b"=?punycode?b?" + b"YWFh" * 2000 + b"?="),
    "comments": lambda: _field(b"From", b"(" * MB),
    "angles": lambda: _field(b"References", b"<a@b" * MB),
    "tags that never end": lambda: _typed(b"text/html", b"<p " * MB),
    "styles that never end": lambda: _typed(b"text/html", b"<style>" * MB),
    "a reference of 10,000 digits": lambda: _typed(b"text/html", b"&#" + b"9" * 10_000 + b";"),
    "references": lambda: _typed(b"text/html", b"&#9999999;&lt" * MB),
    "base64 of one line": lambda: _typed(b"text/plain\nContent-Transfer-Encoding: base64", b"QUFB" * MB),
    "broken base64": lambda: _typed(b"text/plain\nContent-Transfer-Encoding: base64", b"QQ==\n!" * MB),
    "broken quoted-printable": lambda: _typed(
        b"text/plain\nContent-Transfer-Encoding: quoted-printable", b"=\n=4" * MB
    ),
    "a charset that is none": lambda: _typed(b"text/plain; charset=zip", b"\xff\xfe" * MB),
    "UTF-7": lambda: _typed(b"text/plain; charset=utf-7", b"+AGEAYQBh-" * MB),
    "punycode": lambda: _typed(b"text/plain; charset=punycode", b"a-" + b"b" * MB),
    "escapes of ISO-2022-KR": lambda: _typed(b"text/plain; charset=iso-2022-kr", b"\x1b$)C\x0e\x0f" * MB),
    "half characters": lambda: _typed(b"text/plain; charset=euc-kr", b"\xb0\xa1\xff" * MB),
    "unsubscribe, again and again": lambda: _field(b"Subject", b"unsubscribe " * MB),
    "tokens": lambda: _typed(b"text/plain", (b"A" * 24 + b"." + b"B" * 24 + b"x ") * 100_000),
    "nearly tokens": lambda: _typed(b"text/plain", b"A" * (2 * MB)),
    "a feedback report of 100,000 fields": lambda: _typed(
        b"message/feedback-report", b"Original-Rcpt-To: a@example.com\n" * 100_000
    ),
    "forwards of forwards": lambda: _field(b"Subject", b"Re: " * MB),
    "a vacation": lambda: _field(b"Subject", b"Automatic reply: x") + b"my new e-mail address is " * 200_000,
}
