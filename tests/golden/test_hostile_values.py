"""From an issue file and a subscriber file to the parsed message: no value breaks out of the place it stands in."""

import csv
import email
import email.message
import email.policy
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.audience.read import read_subscribers
from newsletter.audience.subscriber import Subscriber
from newsletter.message.escape import clean
from tests.support.finished_mail import Mail, mail_to
from tests.support.rfc2047 import decode_field

COLUMNS = ("email", "name", "language", "회사 이름", "note", "page")
TRICKS = [
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "\r\nBcc: victim@example.com",
    "\r\n\r\n.\r\nQUIT\r\n",
    "{{ subscriber.email }}",
    '{{ "{{" }}',
    "mergea0q mergeb1q",
    "\u202eabc",
    "\u200f\u200b\ufeff",
    "\u1100\u1161\u11a8",
    "e\u0301",
    "=?utf-8?B?4pio?=",
    "--> <![endif]--> </title></style>",
    "&lt;&#60;&amp",
    "\x00\x07\x1b[31m\x7f\x85\u2028",
    "a@example.org, b@example.net;",
    '\\" <a@example.org>',
    "%0d%0a%00",
    "👩‍👩‍👧‍👦",
    "가" * 300,
    "a" * 1200,
]
VALUES = st.lists(st.one_of(st.sampled_from(TRICKS), st.text(max_size=12)), min_size=1, max_size=5).map("".join)
PAGES = st.one_of(
    VALUES,
    VALUES.map("https://e.example.org/".__add__),
    st.sampled_from(
        ["javascript:alert(1)", " JaVaScRiPt:x", "data:text/html,x", "//e.example.org", "https:", "mailto:"]
    ),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("readers")


def subscriber_with(folder: Path, **cells: str) -> Subscriber | None:
    """The reader of a file with these cells; None where the file's own rules give up the row."""
    row = {
        "email": "hong@example.com",
        "language": "ko",
        "회사 이름": "x",
        "note": "x",
        "page": "x",
        "name": "x",
    } | cells
    path = folder / "subscribers.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows([COLUMNS, [row[column].replace("\x00", "") for column in COLUMNS]])
    (found,) = read_subscribers(path)
    return found if isinstance(found, Subscriber) else None


class _Page(HTMLParser):
    """The tags with their attributes' names, and where they lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.shape: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, tuple(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.words += data


@cache
def harmless() -> tuple[Mail, list[tuple[str, tuple[str, ...]]]]:
    fields = {"회사 이름": "x", "note": "x", "page": "https://e.example.org/"}
    mail = mail_to("hostile", Subscriber("hong@example.com", "hong@example.com", "x", "ko", fields=fields))
    return mail, _Page(mail.parts.html).shape


def heads(data: bytes) -> list[bytes]:
    """The fields of the header, folds included."""
    return re.findall(rb"[^\r\n]+\r\n(?:[ \t][^\r\n]*\r\n)*", data.partition(b"\r\n\r\n")[0] + b"\r\n")


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(name=VALUES, note=VALUES, company=VALUES, page=PAGES)
def test_no_value_leaves_its_place(folder: Path, name: str, note: str, company: str, page: str) -> None:
    subscriber = subscriber_with(folder, name=name, note=note, page=page, **{"회사 이름": company})
    if subscriber is None or len(subscriber.values()) < len(COLUMNS):
        return  # a row that is not mailed, or a field that the plan misses
    mail = mail_to("hostile", subscriber)
    _header_holds(mail, subscriber)
    _html_holds(mail, subscriber)
    _text_holds(mail, subscriber)


def _header_holds(mail: Mail, subscriber: Subscriber) -> None:
    data = mail.message.data
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
    assert max(map(len, data.split(b"\r\n"))) <= 998
    decoded = dict(decode_field(field) for field in heads(data))
    assert list(decoded) == [decode_field(field)[0] for field in heads(harmless()[0].message.data)]
    said, company = clean(subscriber.name), clean(subscriber.fields["회사 이름"])
    assert decoded["Subject"].startswith(f"{said} =?utf-8?B?7ZmN?= 제목")
    assert decoded["Subject"].endswith(f"입니다, {company}에 계신 분께")
    assert decoded["To"].endswith("<hong@example.com>")
    parsed = email.message_from_bytes(data, policy=email.policy.default)
    assert [address.addr_spec for address in parsed["To"].addresses] == ["hong@example.com"]
    assert mail.message.envelope.rcpt_to == "hong@example.com"
    assert [part.get_content_type() for part in parsed.walk()][:2] == ["multipart/alternative", "text/plain"]
    assert all(part.defects == [] for part in parsed.walk())


def _html_holds(mail: Mail, subscriber: Subscriber) -> None:
    page = _Page(mail.parts.html)
    assert page.shape == harmless()[1]
    note = clean(subscriber.fields["note"])
    assert page.words.count(note) >= 5
    found = [link for link in page.links if link.startswith("https://e.example.org/?q=")]
    assert found
    assert unquote(found[0].partition("?q=")[2].partition("&n=")[0]) == note
    for link in page.links:
        assert link == "" or urlsplit(link).scheme in {"https", "http", "mailto", "cid", "tel"}
        assert not re.search(r"[\s<>\"\x00-\x1f]", link)


def _text_holds(mail: Mail, subscriber: Subscriber) -> None:
    assert mail.parts.text.count("\n") == harmless()[0].parts.text.count("\n")
    assert clean(subscriber.fields["note"]) in mail.parts.text
    assert "{{ x }}" in mail.parts.text
