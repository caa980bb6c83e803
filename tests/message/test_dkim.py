"""A signed letter is good for dkimpy, and for nobody once it was changed."""

import base64
import hashlib
import stat
from collections.abc import Callable
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from dkim.canonicalization import Relaxed, Simple
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import SettingsError
from newsletter.message.dkim import Signer, SigningKey, load_signing_key, relaxed
from newsletter.message.merge import Composer
from tests.support.editions import LINKS, edition, head, plain_edition
from tests.support.spoken import assert_told_in_both

HONG = ("hong@example.com", "hong@example.com")
RSA = generate_rsa_key(65537, 2048)
ED25519 = Ed25519PrivateKey.generate()
KEYS = {"s1": SigningKey("example.org", "s1", RSA), "s2": SigningKey("example.org", "s2", ED25519)}


def message(name: str = "홍길동", variant: str = "ko") -> bytes:
    composer = Composer({"ko": edition(), "en": plain_edition()}, head(), LINKS)
    return composer.compose(*HONG, variant, {"name": name}).data


def signed(data: bytes, *selectors: str) -> bytes:
    top, _, body = data.partition(b"\r\n\r\n")
    signer = Signer([KEYS[selector] for selector in selectors])
    return signer.sign(top + b"\r\n", hashlib.sha256(body).digest()) + data


def published(name: bytes, timeout: int = 5) -> bytes:
    """What DNS would say: RFC 6376 3.6.1 for RSA, RFC 8463 4.2 for Ed25519."""
    del timeout
    selector, _, rest = name.decode("ascii").partition(".")
    assert rest == "_domainkey.example.org."
    key = KEYS[selector].key.public_key()
    if selector == "s1":
        form, kind = serialization.PublicFormat.SubjectPublicKeyInfo, "rsa"
        raw = key.public_bytes(serialization.Encoding.DER, form)
    else:
        kind = "ed25519"
        raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return f"v=DKIM1; k={kind}; p={base64.b64encode(raw).decode()}".encode()


def is_good(data: bytes, which: int = 0) -> bool:
    try:
        return bool(dkim.DKIM(data, minkey=2048).verify(which, dnsfunc=published))
    except dkim.DKIMException:
        return False


@pytest.mark.parametrize("selector", ["s1", "s2"])
@pytest.mark.parametrize("variant", ["ko", "en"])
def test_a_letter_signed_with_either_kind_of_key_is_good(selector: str, variant: str) -> None:
    assert is_good(signed(message(variant=variant), selector))


def test_two_keys_make_two_signatures_that_are_both_good() -> None:
    data = signed(message(), "s1", "s2")
    assert data.count(b"DKIM-Signature:") == 2
    assert is_good(data, 0)
    assert is_good(data, 1)


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "subject": lambda data: data.replace(b"Subject: ", b"Subject: x", 1),
    "second From": lambda data: b"From: jane@example.net\r\n" + data,
    "second Subject": lambda data: b"Subject: other\r\n" + data,
    "Reply-To that was not there": lambda data: b"Reply-To: jane@example.net\r\n" + data,
    "CFBL-Address that was not there": lambda data: b"CFBL-Address: jane@example.net\r\n" + data,
    "one-click": lambda data: data.replace(b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Clicks", 1),
    "way out": lambda data: data.replace(b"List-Unsubscribe: <https://", b"List-Unsubscribe: <https://evil.", 1),
    "body": lambda data: data.removesuffix(b"--\r\n") + b"x--\r\n",
    "line at the end": lambda data: data + b"x\r\n",
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_letter_that_was_changed_is_good_for_nobody(what: str) -> None:
    whole = signed(message(), "s1")
    changed = CHANGES[what](whole)
    assert changed != whole
    assert not is_good(changed)


def test_where_complaints_go_is_signed() -> None:
    composer = Composer(
        {"ko": edition()}, head(cfbl_address="complaints@news.example.org"), LINKS, Signer([KEYS["s2"]])
    )
    data = composer.compose(*HONG, "ko", {"name": "홍길동"}).data
    assert is_good(data)
    assert not is_good(data.replace(b"CFBL-Address: complaints@", b"CFBL-Address: jane@"))


@pytest.mark.parametrize("reply_to", ["", "letter@news.example.org"])
def test_what_a_composer_signs_is_good_as_it_goes_out_and_says_where_replies_go(reply_to: str) -> None:
    composer = Composer({"ko": edition()}, head(reply_to=reply_to), LINKS, Signer([KEYS["s2"]]))
    data = composer.compose(*HONG, "ko", {"name": "홍길동"}).data
    assert is_good(data)
    changed = data.replace(b"Reply-To: letter@", b"Reply-To: jane@")
    assert is_good(changed) is (changed == data)


def test_fields_folded_anew_on_the_way_do_no_harm() -> None:
    whole = signed(message(), "s1")
    assert is_good(whole.replace(b"Subject: ", b"subject:\t ", 1))


@given(st.text(max_size=200))
def test_a_signature_is_good_whatever_the_reader_is_called(name: str) -> None:
    assert is_good(signed(message(name), "s2"))


@given(st.text(max_size=200))
def test_our_body_is_canonical_as_it_is(name: str) -> None:
    body = message(name).partition(b"\r\n\r\n")[2]
    assert body.isascii()
    assert Relaxed.canonicalize_body(body) == Simple.canonicalize_body(body) == body


@given(st.binary(max_size=100).filter(lambda value: b"\r" not in value and b"\n" not in value))
def test_a_field_is_relaxed_as_dkimpy_does_it(value: bytes) -> None:
    blanks_only = value.replace(b"\x0b", b"").replace(b"\x0c", b"").replace(b"\x1c", b"")
    [(name, expected)] = Relaxed.canonicalize_headers([(b"SubJect", b" " + blanks_only + b"\r\n")])
    assert relaxed(b"SubJect: " + blanks_only) == name + b":" + expected


def test_the_same_letter_is_signed_with_the_same_octets() -> None:
    assert signed(message(), "s1", "s2") == signed(message(), "s1", "s2")


def test_no_line_of_a_signature_is_long() -> None:
    whole = signed(message(), "s1", "s2")
    ours = whole[: whole.index(b"From:")]
    assert max(map(len, ours.split(b"\r\n"))) <= 78


def pem(key: RSAPrivateKey | Ed25519PrivateKey, encryption: serialization.KeySerializationEncryption) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_a_key_in_pem_is_read(tmp_path: Path, key: RSAPrivateKey | Ed25519PrivateKey) -> None:
    file = tmp_path / "dkim.pem"
    file.write_bytes(pem(key, serialization.NoEncryption()))
    found = load_signing_key(file, "example.org", "s1")
    assert found.signature(b"x") == SigningKey("example.org", "s1", key).signature(b"x")


def test_what_is_no_good_key_is_told_with_its_file_and_without_its_content(tmp_path: Path) -> None:
    elliptic = generate_ec_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    cases = {
        "empty": (b"", "no private key in PEM"),
        "words": (b"-----BEGIN PRIVATE KEY-----\nsesame\n-----END PRIVATE KEY-----\n", "no private key in PEM"),
        "locked": (pem(RSA, serialization.BestAvailableEncryption(b"sesame")), "has a password"),
        "short": (pem(generate_rsa_key(65537, 1024), serialization.NoEncryption()), "2048 bits or more"),
        "elliptic": (elliptic, "RSA of 2048 bits or more, or Ed25519"),
    }
    for name, (content, words) in cases.items():
        file = tmp_path / f"{name}.pem"
        file.write_bytes(content)
        with pytest.raises(SettingsError) as raised:
            load_signing_key(file, "example.org", "s1")
        assert words in str(raised.value)
        assert_told_in_both(raised.value)
        assert str(file) in str(raised.value)
        assert "sesame" not in str(raised.value)
    with pytest.raises(SettingsError, match=r"cannot read .*: there is no such file.*\nGive the key's path"):
        load_signing_key(tmp_path / "missing.pem", "example.org", "s1")
    file = tmp_path / "short.pem"
    assert stat.S_ISREG(file.stat().st_mode)
