"""Broken messages are read as far as they can be: boundaries, line ends, encodings, labels."""

import base64

import pytest

from newsletter.returns.charsets import text_of
from newsletter.returns.fields import addresses_in, decoded_words
from newsletter.returns.mime import parse_message
from newsletter.returns.model import Kind
from newsletter.returns.plain import body_text, text_of_html
from newsletter.returns.read import read_return

from .shapes import MESSAGE_ID, OURS, READER, report
from .test_dsn import POSTFIX

WHOLE = report(POSTFIX)


@pytest.mark.parametrize(
    "data",
    [
        WHOLE.replace(b"\n", b"\r\n"),
        WHOLE.replace(b"\n", b"\r"),
        WHOLE.replace(b"\n", b"\r\r\n"),
        b"\n\n" + WHOLE,
        b"From MAILER-DAEMON Mon Nov 30 09:00:01 2026\n" + WHOLE,
        WHOLE.removesuffix(b"--=_1/mx.example.net--\n"),
        WHOLE.replace(b' boundary="=_1/mx.example.net"', b" x=y"),
        WHOLE.replace(b'boundary="=_1/mx.example.net"', b'boundary="=_another"'),
        WHOLE.replace(b"--=_1/mx.example.net\n", b"--=_1/mx.example.net  \n"),
        WHOLE.replace(b"message/delivery-status", b"Message/Delivery-Status; charset=utf-8"),
        WHOLE.replace(b"\0", b"").replace(b"Final", b"\0Final"),
    ],
    ids=["CRLF", "CR", "CRCRLF", "blank lines", "mbox", "cut", "no boundary", "wrong", "blanks", "case", "NUL"],
)
def test_a_broken_notification_is_understood(data: bytes) -> None:
    (found,) = read_return(data, OURS)

    assert (found.kind, found.clues.addresses, found.clues.message_ids) == (Kind.BOUNCE, (READER,), (MESSAGE_ID,))


@pytest.mark.parametrize("broken", [False, True])
def test_a_status_in_base64_is_understood(broken: bool) -> None:
    encoded = base64.encodebytes(POSTFIX.encode()).decode().rstrip("=\n")
    status = f"{encoded[:40]}!\n {encoded[40:]}" if broken else encoded
    data = report(status).replace(
        b"message/delivery-status\n", b"message/delivery-status\nContent-Transfer-Encoding: base64\n"
    )

    (found,) = read_return(data, OURS)

    assert (found.kind, found.enhanced) == (Kind.BOUNCE, "5.1.1")


@pytest.mark.parametrize(
    ("octets", "label", "text"),
    [
        ("수신인을 찾을 수 없습니다".encode("cp949"), "euc-kr", "수신인을 찾을 수 없습니다"),
        ("뷁을 찾을 수 없습니다".encode("cp949"), "ks_c_5601-1987", "뷁을 찾을 수 없습니다"),
        ("없는 사용자".encode("cp949"), "", "없는 사용자"),
        ("없는 사용자".encode("cp949"), "us-ascii", "없는 사용자"),
        ("없는 사용자".encode("cp949"), "iso-8859-1", "없는 사용자"),
        ("없는 사용자".encode("cp949"), "utf-8", "없는 사용자"),
        ("없는 사용자".encode(), "euc-kr", "없는 사용자"),
        ("없는 사용자".encode(), "", "없는 사용자"),
        ("없는 사용자".encode("iso2022_kr"), "iso-2022-kr", "없는 사용자"),
        ("없는 사용자".encode("iso2022_kr"), "us-ascii", "없는 사용자"),
        ("宛先不明".encode("iso2022_jp"), "iso-2022-jp", "宛先不明"),
        ("宛先不明".encode("shift_jis"), "Shift_JIS", "宛先不明"),
        ("Empfänger größer".encode("latin-1"), "iso-8859-1", "Empfänger größer"),
        ("größe".encode("latin-1"), "iso-8859-1", "größe"),
        ("Empfänger größer".encode("latin-1"), "", "Empf\ufffdnger gr\ufffd\ufffder"),
        ("없는 사용자".encode()[:-1], "utf-8", "없는 사용"),
        (b"plain", "x-unknown", "plain"),
    ],
)
def test_text_is_read_whatever_its_label(octets: bytes, label: str, text: str) -> None:
    assert text_of(octets, label) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?euc-kr?B?" + base64.b64encode("자동 응답".encode("cp949")).decode() + "?= hello", "자동 응답 hello"),
        ("=?utf-8?B?7J6Q6w==?=\n =?UTF-8?B?j5k=?=", "자동"),
        ("=?utf-8?B?7J6Q?= =?utf-8?B?64+Z?=", "자동"),
        ("=?utf-8?Q?=EC=9E=90=EB=8F=99_x?=", "자동 x"),
        ("=?utf-8*ko?q?=EC=9E=90?=", "자"),
        ("[=?utf-8?q?a?=]=?x-none?q?b?=", "[a]b"),
        ("=?utf-8?B?broken", "=?utf-8?B?broken"),
    ],
)
def test_encoded_words_are_read_leniently(value: str, text: str) -> None:
    assert decoded_words(value) == text


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("수신인(reader@example.com)을 찾을 수 없습니다", ["reader@example.com"]),
        ("reader@example.com으로 보낸 메일", ["reader@example.com"]),
        ("받는사람:reader@example.com.", ["reader@example.com"]),
        ("<reader@example.com>: a@b c@", ["reader@example.com"]),
        ("reader+news@mail.example.co.kr, 'x'@example.com", ["reader+news@mail.example.co.kr"]),
        ("reader@한국.kr", ["reader@한국.kr"]),
        ("no address", []),
    ],
)
def test_addresses_are_found_in_words(text: str, addresses: list[str]) -> None:
    assert addresses_in(text) == addresses


def test_a_page_is_read_as_words() -> None:
    html = (
        "<html><head><title>x</title><style>p{color:red}</style></head><body><p>받는 사람: <reader@example.com>"
        "</p><div>없는&nbsp;사용자&#99999999999;</div><script>a<b</script></body></html>"
    )

    assert text_of_html(html).split() == ["받는", "사람:", "<reader@example.com>", "없는", "사용자"]


def test_plain_words_are_read_before_a_page_and_the_letter_within_not_at_all() -> None:
    data = (
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=b\n\n"
        b"--b\n\nplain\n--b\nContent-Type: text/html\n\n<p>page\n--b--\n"
        b"--a\nContent-Type: message/rfc822\n\nSubject: x\n\nletter\n--a--\n"
    )

    assert body_text(parse_message(data)).strip() == "plain"
