"""Subjects and display names come back exactly as they were, from a reader that forgives nothing."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.message.escape import clean
from newsletter.message.header_encoding import identified, mailbox, structured, unstructured
from tests.support.rfc2047 import NotStrictError, decode_field, decode_mailbox

SUBJECTS = 2_000
WORDS = [
    "신성장동력",
    "서울",
    "Seoul",
    "AI",
    "607억",
    "(광고)",
    "[시험]",
    "é",
    "漢字",
    "🎉",
    "?=",
    "=?",
    "a",
    "‘클러스터’",
    "“",
    "%",
    "_",
]


def mixed_texts(seed: int) -> list[str]:
    """Korean, ASCII and others, with single, multiple, leading and trailing spaces, up to some 200 characters."""
    chance = random.Random(seed)
    syllables = [chr(code) for code in range(0xAC00, 0xD7A4)]

    def word() -> str:
        if chance.random() < 0.4:
            return chance.choice(WORDS)
        return "".join(chance.choices(syllables, k=chance.randint(1, 12)))

    def text() -> str:
        blanks = (" " * chance.choice([1, 1, 1, 2, 3]) for _ in range(30))
        said = "".join(word() + next(blanks) for _ in range(chance.randint(1, 20)))
        return " " * chance.choice([0, 0, 0, 1, 2]) + (said if chance.random() < 0.2 else said.rstrip())

    return [text() for _ in range(SUBJECTS)]


def test_two_thousand_mixed_subjects_read_back_exactly() -> None:
    for subject in mixed_texts(1):
        field = unstructured("Subject", subject)
        assert decode_field(field.wire) == ("Subject", subject)
        assert b"?==?" not in field.wire
        assert max(len(line) for line in field.wire.split(b"\r\n")) <= 76


def test_two_thousand_mixed_display_names_read_back_exactly() -> None:
    for name in mixed_texts(2):
        for header in ("From", "To"):
            assert decode_mailbox(mailbox(header, name, "hong@example.com").wire) == (name, "hong@example.com")


@given(st.text(max_size=300))
def test_any_text_at_all_comes_back_as_its_one_clean_line(text: str) -> None:
    assert decode_field(unstructured("Subject", f"x{text}").wire) == ("Subject", f"x{clean(text)}")
    name, address = decode_mailbox(mailbox("To", f"x{text}", "hong@example.com").wire)
    assert (name, address) == (clean(f"x{text}"), "hong@example.com")


@pytest.mark.parametrize(
    "text",
    [
        "Hello",
        "Hello, world: 50% off_",
        "=?utf-8?q?x?=",
        "two  spaces",
        " before",
        "after ",
        "x" * 70,
        "word " * 40 + "end",
        "가",
        "가 " * 60 + "나",
        "\u1112\u1161\u11ab",
        "a" * 64 + "가",
        "🎉" * 40,
        "e\u0301" * 50,
    ],
)
def test_awkward_subjects_read_back(text: str) -> None:
    assert decode_field(unstructured("Subject", text).wire)[1] == clean(text)


def test_plain_subjects_stay_readable_on_the_wire() -> None:
    assert unstructured("Subject", "Policy letter, July 2021").wire == b"Subject: Policy letter, July 2021\r\n"


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("Jane Doe", b"To: Jane Doe <jane@example.com>\r\n"),
        ("Doe, Jane", b'To: "Doe, Jane" <jane@example.com>\r\n'),
        ('Jane "J" \\ Doe', b'To: "Jane \\"J\\" \\\\ Doe" <jane@example.com>\r\n'),
        ("jane@example.org", b'To: "jane@example.org" <jane@example.com>\r\n'),
        ("", b"To: jane@example.com\r\n"),
        ("\r\n\u202e", b"To: jane@example.com\r\n"),
        ("홍길동", b"To: =?utf-8?b?7ZmN6ri464+Z?= <jane@example.com>\r\n"),
    ],
)
def test_a_display_name_is_written_as_plainly_as_the_rules_allow(name: str, wire: bytes) -> None:
    assert mailbox("To", name, "jane@example.com").wire == wire


@given(st.text(alphabet="\r\n\x00\x0b\x0c\x1c\x85\u2028\u2029: abcXBccTo@<>", max_size=60))
def test_no_value_can_begin_a_second_field(text: str) -> None:
    for field in (
        unstructured("Subject", text),
        mailbox("To", text, "a@example.com"),
        identified("List-Id", text, "a.b"),
    ):
        lines = field.wire.removesuffix(b"\r\n").split(b"\r\n")
        assert all(line.startswith(b" ") for line in lines[1:])
        assert b"\r" not in b"".join(lines)
        assert b"\n" not in b"".join(lines)
        assert b"\0" not in field.wire


def test_tokens_fold_only_between_them() -> None:
    field = structured("List-Unsubscribe", [f"<https://news.example.org/u/{'x' * 60}>,", "<mailto:out@example.org>"])
    assert field.wire.count(b"\r\n ") == 1
    assert field.wire.startswith(b"List-Unsubscribe: <https://")


@pytest.mark.parametrize(
    "wire",
    [
        b"Subject: =?utf-8?b?6rCA?==?utf-8?b?6rCA?=\r\n",
        b"Subject: =?utf-8?b?" + b"6rCA" * 20 + b"?=\r\n",
        b"Subject: =?utf-8?b?6rA=?= =?utf-8?b?gA==?=\r\n",
        b"Subject: =?utf-8?q?a b?=\r\n",
        b"Subject: \xea\xb0\x80\r\n",
        b"Subject: a\r\nBcc: b\r\n",
        b"Subject: " + b"x" * 50 + b" =?utf-8?b?6rCA6rCA6rCA?=\r\n",
    ],
)
def test_the_strict_reader_is_strict(wire: bytes) -> None:
    with pytest.raises((NotStrictError, UnicodeDecodeError)):
        decode_field(wire)
