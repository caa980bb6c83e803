"""Exactly the header fields that letter.md names, saying what they must, whatever anybody wrote."""

import email
import email.policy
import re
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience.links import Links
from newsletter.errors import InputError
from newsletter.message.merge import Composer
from newsletter.message.message import Envelope, Letterhead, Message
from tests.support.editions import LINKS, edition, head, plain_edition
from tests.support.rfc2047 import decode_field, decode_mailbox

ALWAYS = [
    "From",
    "To",
    "Subject",
    "Message-ID",
    "Date",
    "List-Id",
    "Precedence",
    "X-Auto-Response-Suppress",
    "Feedback-ID",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
]
KEY = "hong@example.com"
TOKEN = LINKS.token(KEY)


def compose(letterhead: Letterhead, name: str = "홍길동", language: str = "en") -> Message:
    made = plain_edition(language=language)
    return Composer({"en": made}, letterhead, LINKS).compose("Hong@example.com", KEY, "en", {"name": name})


def fields(message: Message) -> dict[str, bytes]:
    """Each whole field by name; fails where one is there twice."""
    head_part = message.data.partition(b"\r\n\r\n")[0] + b"\r\n"
    found = re.findall(rb"[^\r\n][^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", head_part)
    assert b"".join(found) == head_part
    by_name = {field.partition(b":")[0].decode(): field for field in found}
    assert len(by_name) == len(found)
    return by_name


def value(message: Message, name: str) -> str:
    return decode_field(fields(message)[name])[1]


@pytest.mark.parametrize("setting", list(product((False, True), repeat=4)))
def test_the_fields_are_exactly_those_that_the_settings_ask_for(setting: tuple[bool, ...]) -> None:
    pages, archive, mailto, reply = setting
    letterhead = head(
        pages_url="https://news.example.org" if pages else "",
        archive_url="https://news.example.org/archive" if archive else "",
        unsubscribe_mailto="leave@news.example.org" if mailto else "",
        reply_to="letter@news.example.org" if reply else "",
    )
    expected = set(ALWAYS)
    expected |= {"List-Unsubscribe"} if pages or mailto else set()
    expected |= {"List-Unsubscribe-Post"} if pages else set()
    expected |= {"List-Archive"} if archive else set()
    expected |= {"Reply-To"} if reply else set()
    assert set(fields(compose(letterhead))) == expected


def test_every_field_says_what_it_must() -> None:
    message = compose(
        head(
            archive_url="https://news.example.org/archive",
            unsubscribe_mailto="leave@news.example.org",
            reply_to="letter@news.example.org",
        )
    )
    found = fields(message)
    assert decode_mailbox(found["From"]) == ("서울연구원", "no-reply@news.example.org")
    assert decode_mailbox(found["To"]) == ("홍길동", "Hong@example.com")
    assert decode_mailbox(found["List-Id"]) == ("서울이슈큐레이터", "issue-curator.news.example.org")
    assert value(message, "Date") == "Mon, 26 Jul 2021 08:56:00 +0900"
    assert value(message, "Reply-To") == "letter@news.example.org"
    assert value(message, "List-Unsubscribe") == (
        f"<https://news.example.org/u/{TOKEN}>, <mailto:leave@news.example.org?subject=unsubscribe%20{TOKEN}>"
    )
    assert value(message, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert value(message, "List-Archive") == "<https://news.example.org/archive>"
    assert value(message, "Precedence") == "bulk"
    assert value(message, "X-Auto-Response-Suppress") == "OOF"
    assert value(message, "Content-Language") == "en"
    assert value(message, "MIME-Version") == "1.0"
    campaign, customer, kind, sender = value(message, "Feedback-ID").split(":")
    assert (campaign, customer, kind) == ("2021-07", "issue-curator.news.example.org", "newsletter")
    assert 5 <= len(sender) <= 15
    assert "Auto-Submitted" not in found


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_no_name_or_subject_makes_another_field(name: str, sender: str, value_in_subject: str) -> None:
    letterhead = head(sender_name=sender, newsletter=value_in_subject)
    made = Composer({"ko": edition()}, letterhead, LINKS)
    message = made.compose("hong@example.com", KEY, "ko", {"name": name, "fields.소속": value_in_subject})
    assert set(fields(message)) == {*ALWAYS, "List-Unsubscribe", "List-Unsubscribe-Post"}
    parsed = email.message_from_bytes(message.data, policy=email.policy.default)
    assert set(parsed.keys()) == set(fields(message))


def test_the_message_id_is_the_same_again_and_another_for_another() -> None:
    first = compose(head())
    assert first == compose(head())
    assert re.fullmatch(r"<2021-07\.[a-z2-7]{24}@news\.example\.org>", first.message_id)
    assert value(first, "Message-ID") == first.message_id
    other = Composer({"en": plain_edition()}, head(), LINKS).compose("kim@example.com", "kim@example.com", "en", {})
    assert other.message_id != first.message_id
    assert compose(head(slug="2021-08")).message_id != first.message_id


def test_a_new_signing_key_does_not_change_what_was_planned() -> None:
    rotated = Links((b"k" * 32, b"n" * 32), head().list_id)
    made = Composer({"en": plain_edition()}, head(), rotated)
    assert made.compose("Hong@example.com", KEY, "en", {"name": "홍길동"}) == compose(head())


def test_complaints_are_asked_for_where_they_are_wanted() -> None:
    asking = compose(head(cfbl_address="complaints@news.example.org"))
    assert value(asking, "CFBL-Address") == "complaints@news.example.org; report=arf"
    assert "CFBL-Address" not in fields(compose(head()))


def test_a_proof_is_marked_in_its_language_and_its_links_change_nothing() -> None:
    proof = head(proof=True)
    assert value(compose(proof), "Subject") == "[Proof] New growth engines"
    assert value(compose(proof, language="ko"), "Subject") == "[시험 발송] New growth engines"
    token = value(compose(proof), "List-Unsubscribe").removesuffix(">").rpartition("/")[2]
    read = LINKS.read(token)
    assert read is not None
    assert read.proof
    assert compose(proof).message_id != compose(head()).message_id
    later = head(proof=True, date=datetime(2021, 7, 26, tzinfo=UTC))
    assert compose(later).message_id != compose(proof).message_id


def test_the_envelope_has_a_labels_and_with_verp_a_token_of_its_own() -> None:
    composer = Composer({"en": plain_edition()}, head(), LINKS)
    message = composer.compose("Hong@한국.kr", "hong@xn--3e0b707e.kr", "en", {})
    assert message.envelope == Envelope("no-reply@news.example.org", "Hong@xn--3e0b707e.kr")
    assert value(message, "To") == "Hong@xn--3e0b707e.kr"
    verp = compose(head(verp=True, envelope_sender="bounce@news.example.org"))
    assert verp.envelope.mail_from == f"bounce+{TOKEN}@news.example.org"
    assert len(verp.envelope.mail_from.partition("@")[0]) <= 64


@pytest.mark.parametrize("address", ["", "hong", "a b@example.com", "a@b\r\nRCPT TO:<c@d>", "<a@b>", "한@example.com"])
def test_an_envelope_cannot_hold_a_second_command(address: str) -> None:
    with pytest.raises(InputError):
        Envelope("a@example.com", address)
    with pytest.raises(InputError):
        Envelope(address, "a@example.com")
