"""Tokens say who without saying it, cannot be made by others, and survive a change of keys."""

import base64
import hashlib
import hmac
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import Signer

from newsletter.audience.links import TOKEN_LENGTH, Links, Token
from newsletter.errors import SettingsError
from tests.support.spoken import assert_told_in_both

OLD, NEW = b"o" * 32, b"n" * 32
LIST = "issue-curator.news.example.org"
HONG = "hong@example.com"
LINKS = Links((OLD,), LIST)


@given(st.emails().map(str.casefold), st.booleans())
def test_a_token_reads_back_as_the_hash_and_holds_no_address(key: str, proof: bool) -> None:
    token = LINKS.token(key, proof=proof)
    assert LINKS.read(token) == Token(LINKS.address_hash(key), proof, LIST)
    assert re.fullmatch(r"[A-Za-z0-9._-]+[a-z]", token)
    assert len(token) == TOKEN_LENGTH
    assert len("bounce+" + token) <= 64


def test_the_same_subscriber_gets_the_same_token_and_another_one_another() -> None:
    assert LINKS.token(HONG) == LINKS.token(HONG)
    assert LINKS.token(HONG) != LINKS.token("kim@example.com")
    assert len(LINKS.address_hash(HONG)) == 16


@given(st.integers(0, TOKEN_LENGTH - 1), st.characters(max_codepoint=0x17F))
def test_no_single_changed_character_passes(position: int, char: str) -> None:
    token = LINKS.token(HONG)
    changed = token[:position] + char + token[position + 1 :]
    assert (LINKS.read(changed) is None) == (changed != token)


@given(st.text(max_size=60))
def test_no_made_up_text_is_a_token(text: str) -> None:
    assert LINKS.read(text) is None


@pytest.mark.parametrize("around", ["{} ", " {}", "{}\n", "{}=", "{}.x", "{}$", "%{}"])
def test_a_good_token_with_something_round_it_is_a_bad_one(around: str) -> None:
    assert LINKS.read(around.format(LINKS.token(HONG))) is None


def test_another_newsletter_and_another_key_make_tokens_that_are_bad_here() -> None:
    assert LINKS.read(Links((OLD,), "other.news.example.org").token(HONG)) is None
    assert LINKS.read(Links((NEW,), LIST).token(HONG)) is None


def test_with_a_new_key_old_tokens_and_hashes_still_hold() -> None:
    rotated = Links((OLD, NEW), LIST)
    assert rotated.address_hash(HONG) == LINKS.address_hash(HONG)
    assert rotated.read(LINKS.token(HONG)) == LINKS.read(LINKS.token(HONG))
    assert rotated.token(HONG) != LINKS.token(HONG)
    assert rotated.read(rotated.token(HONG)) == LINKS.read(LINKS.token(HONG))
    assert rotated.key_id != LINKS.key_id


def test_a_plan_made_with_the_old_key_says_the_same_words_after_the_rotation() -> None:
    rotated = Links((OLD, NEW), LIST)
    assert rotated.token(HONG, key_id=LINKS.key_id) == LINKS.token(HONG)
    assert rotated.message_tags("2021-07", LINKS.key_id)(HONG) == LINKS.message_tags("2021-07")(HONG)
    assert rotated.message_tags("2021-07")(HONG) != LINKS.message_tags("2021-07")(HONG)


def test_a_plan_whose_key_is_gone_is_refused_in_words() -> None:
    with pytest.raises(SettingsError, match="signing key") as caught:
        Links((NEW,), LIST).token(HONG, key_id=LINKS.key_id)
    assert_told_in_both(caught.value)
    with pytest.raises(SettingsError, match="no key"):
        Links((), LIST)


def test_a_message_tag_depends_on_issue_and_subscriber_and_is_safe_in_a_message_id() -> None:
    tags = {LINKS.message_tags(slug)(key) for slug in ("2021-07", "2021-08") for key in (HONG, "kim@example.com")}
    assert len(tags) == 4
    assert all(re.fullmatch("[a-z2-7]{24}", tag) for tag in tags)


@given(st.text().map(lambda text: text.encode(errors="replace").decode()))
def test_a_message_tag_is_the_base32_of_an_hmac(key: str) -> None:
    digest = hmac.digest(OLD, f"newsletter\0message\x002021-07\0{LIST}\0{key}".encode(), "sha256")
    assert LINKS.message_tags("2021-07")(key) == base64.b32encode(digest[:15]).decode("ascii").lower()


@given(st.text().map(lambda text: text.encode(errors="replace").decode()), st.booleans())
def test_a_token_is_what_itsdangerous_signs(key: str, proof: bool) -> None:
    said = base64.urlsafe_b64encode(bytes([1, proof]) + LINKS.address_hash(key))
    signer = Signer(OLD, salt=f"newsletter.link\0{LIST}", key_derivation="hmac", digest_method=hashlib.sha256)
    sealed = hmac.digest(signer.derive_key(), said, "sha256")[:18]
    assert LINKS.token(key, proof=proof) == f"{said.decode()}.{base64.urlsafe_b64encode(sealed).decode()}x"


def test_the_key_id_tells_nothing_of_the_key() -> None:
    assert OLD.hex()[:6] not in LINKS.key_id
    assert len(LINKS.key_id) == 12
