"""Make the messages of our own corpora out of layouts, reasons and letters. Touches: tests/returns/corpus/made."""

import base64
import quopri
import tomllib
from collections.abc import Iterator
from email.header import Header
from pathlib import Path
from typing import Any

from tests.returns.corpora import Labelled

_FOLDER = Path(__file__).parent / "corpus" / "made"
PARTS = {
    "korean_1": "Korean 1",
    "korean_2": "Korean 2",
    "korean_3": "Korean 3",
    "korean_4": "Korean 4",
    "korean_5": "Korean 5",
    "korean_6": "Korean 6",
    "korean_7": "Korean 7",
    "korean_8": "Korean 8",
    "world_1": "The world's",
}
"""Files; what the reader knew when each was first measured is told in docs/benchmarks.md."""
_READERS = ("hong.gildong", "kim_yh", "lee2026", "park-ms", "jane.doe", "choi", "user.name+news", "K.chulsoo")
_DOMAINS = ("example.com", "mail.example.com", "example.net", "dept.example.org", "example.org")
_ORIGINAL = """Return-Path: <bounce@news.example.org>
Received: from relay.example.net by mx.example.com; Fri, 20 Nov 2026 09:00:12 +0900
Message-ID: <issue.{number}@news.example.org>
From: no-reply@news.example.org
To: {to}
Subject: News
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Not a reason: user unknown, mailbox full, spam. kim@example.com wrote it.
"""
_INLINE = {"inline": "----- 원본 메시지 -----", "inline-english": "--- Below this line is a copy of the message."}


def made_messages(part: str) -> Iterator[Labelled]:
    """`korean_1` and so on: the name of a file."""
    data = tomllib.loads((_FOLDER / f"{part}.toml").read_text(encoding="utf-8"))
    number = 0
    for layout in data["layout"]:
        for reason_name in layout["reasons"]:
            reason = data["reason"][reason_name]
            to = f"{_READERS[number % len(_READERS)]}@{_DOMAINS[number % len(_DOMAINS)]}"
            said = reason.get("said", "").format(to=to)
            words = {"to": to, "reason": reason["text"], "said": said, "status": reason.get("status", "")}
            name = f"{part}/{layout['name']}/{reason_name}"
            made = _message(layout, words, to, number)
            yield Labelled(name, made, layout.get("kind", "bounce"), frozenset({to.lower()}), reason["class"])
            number += 1
    for letter in data["letter"]:
        made = _message(letter, {}, "hong@example.com", number)
        yield Labelled(f"{part}/{letter['name']}", made, letter["kind"], frozenset(), "")
        number += 1


def _message(layout: dict[str, Any], words: dict[str, str], to: str, number: int) -> bytes:
    body = _filled(layout["body"].strip("\n") + "\n", words)
    charset = layout.get("charset", "utf-8")
    codec = "cp949" if charset != "utf-8" else "utf-8"
    original = _ORIGINAL.format(number=number, to=to)
    returned = layout.get("returned", "none")
    if returned in _INLINE:
        body += f"\n{_INLINE[returned]}\n\n{original}"
    head = [
        f"From: {_header(layout['from'], codec)}",
        "To: bounce@news.example.org",
        f"Subject: {_header(layout['subject'], codec)}",
        f"Message-ID: <notice.{number}@example.net>",
        "Date: Fri, 20 Nov 2026 09:00:30 +0900",
        *(_filled(field, words) for field in layout.get("fields", [])),
        "MIME-Version: 1.0",
    ]
    text = _text_part(body, layout, charset, codec)
    others = []
    if "report" in layout:
        status = _filled("\n".join(layout["report"]), words)
        others.append(f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example.net\n\n{status}\n")
    if returned == "message":
        others.append(f"Content-Type: message/rfc822\n\n{original}")
    if returned == "headers":
        others.append(f"Content-Type: text/rfc822-headers\n\n{original.partition(chr(10) * 2)[0]}\n")
    if not others:
        return "\n".join(head).encode() + b"\n" + text
    kind = 'multipart/report; report-type=delivery-status; boundary="=-frontier"'
    if "report" not in layout:
        kind = 'multipart/mixed; boundary="=-frontier"'
    parts = b"".join(b"\n--=-frontier\n" + part for part in (text, *(other.encode() for other in others)))
    return "\n".join([*head, f"Content-Type: {kind}"]).encode() + b"\n" + parts + b"\n--=-frontier--\n"


def _filled(text: str, words: dict[str, str]) -> str:
    return text.format(**words) if words else text


def _text_part(body: str, layout: dict[str, Any], charset: str, codec: str) -> bytes:
    encoding = layout.get("encoding", "8bit")
    octets = body.encode(codec)
    if encoding == "base64":
        octets = base64.encodebytes(octets)
    elif encoding == "quoted-printable":
        octets = quopri.encodestring(octets)
    kind = "text/html" if layout.get("html") else "text/plain"
    return f"Content-Type: {kind}; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n".encode() + octets


def _header(text: str, codec: str) -> str:
    """Each name or text in words of its own, the address plain."""
    if text.isascii():
        return text
    name, mark, address = text.rpartition(" <")
    if not mark:
        return Header(text, "euc-kr" if codec == "cp949" else codec, maxlinelen=500).encode()
    return f"{Header(name.strip(chr(34)), 'euc-kr' if codec == 'cp949' else codec, maxlinelen=500).encode()} <{address}"
