"""Which addresses a letter can go to, and when two are one person."""

import unicodedata
from collections.abc import Callable

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience import address as module
from newsletter.audience.address import AddressError, envelope_address, parse_address
from tests.support.spoken import assert_english, assert_korean


@pytest.mark.parametrize(
    ("text", "email", "key"),
    [
        ("hong@example.com", "hong@example.com", "hong@example.com"),
        ("  Hong.Gildong@Example.COM \r\n", "Hong.Gildong@Example.COM", "hong.gildong@example.com"),
        ("\u00a0hong@example.com\u3000", "hong@example.com", "hong@example.com"),
        ("\ufeffhong@example.com", "hong@example.com", "hong@example.com"),
        ("hong+letter@news.example.org", "hong+letter@news.example.org", "hong+letter@news.example.org"),
        ("o'hara{x}@example.net", "o'hara{x}@example.net", "o'hara{x}@example.net"),
        ("hong@한국.kr", "hong@한국.kr", "hong@xn--3e0b707e.kr"),
        ("hong@xn--3e0b707e.kr", "hong@xn--3e0b707e.kr", "hong@xn--3e0b707e.kr"),
        (unicodedata.normalize("NFD", "hong@한국.kr"), "hong@한국.kr", "hong@xn--3e0b707e.kr"),
        ("hong@Ｅxample.com", "hong@Ｅxample.com", "hong@example.com"),
    ],
)
def test_a_good_address_is_kept_as_written_and_compared_by_its_key(text: str, email: str, key: str) -> None:
    assert parse_address(text) == (email, key)


@pytest.mark.parametrize("domain", ["example.com", "example.net", "example.org", "a.b.example.com"])
def test_the_example_domains_and_what_is_under_them_are_good(domain: str) -> None:
    assert parse_address(f"hong@{domain}")[1] == f"hong@{domain}"


@pytest.mark.parametrize(
    "domain",
    [
        "x.test",
        "x.local",
        "x.invalid",
        "localhost",
        "x.localhost",
        "x.onion",
        "home.arpa",
        "1.in-addr.arpa",
        "x.alt",
        "x.example",
        "x.TEST",
        "한.test",
    ],
)
def test_special_use_domains_are_bad(domain: str) -> None:
    with pytest.raises(AddressError):
        parse_address(f"hong@{domain}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "hong",
        "@example.com",
        "hong@",
        "hong@@example.com",
        "hong@com",
        "홍길동@example.com",
        "Hong <hong@example.com>",
        "<hong@example.com>",
        "hong@example.com,kim@example.com",
        "hong@example.com; kim@example.com",
        '"hong gildong"@example.com',
        '"hong"@example.com',
        "hong(comment)@example.com",
        "hong@example.com (Hong)",
        ".hong@example.com",
        "hong.@example.com",
        "hong..gildong@example.com",
        "hong@[192.0.2.1]",
        "hong@-example.com",
        "hong@exa_mple.com",
        "hong@example..com",
        "hong@example.com.",
        "hong@example.com\r\nBcc: kim@example.org",
        "hong\n@example.com",
        "hong@exam\tple.com",
        "hong\0@example.com",
        "hong\u200b@example.com",
        "hong\u202e@example.com",
        "hong@example\u00ad.com",
        "hong\u2028@example.com",
        "hong gildong@example.com",
        "mailto:hong@example.com",
        "a" * 65 + "@example.com",
        "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".com",
        "hong@" + "b" * 64 + ".com",
    ],
)
def test_anything_else_is_bad_and_the_reason_does_not_repeat_it(text: str) -> None:
    with pytest.raises(AddressError) as caught:
        parse_address(text)
    said = assert_korean(caught.value.reason) + assert_english(caught.value.reason)
    assert text.strip() not in said or not text.strip()
    assert "@-sign" not in said


@given(st.text(alphabet=st.characters(max_codepoint=0x3FF), max_size=20), st.sampled_from(["example.com", "si.re.kr"]))
def test_no_local_part_passes_that_email_validator_would_refuse(local: str, domain: str) -> None:
    try:
        email, key = parse_address(f"{local}@{domain}")
    except AddressError:
        return
    assert validate_email(email, check_deliverability=False, allow_smtputf8=False).ascii_email == email
    assert key == email.lower()


@given(st.emails(domains=st.sampled_from(["example.com", "Example.org", "한국.kr", "xn--3e0b707e.kr"])))
def test_every_plain_address_passes_and_its_key_is_a_fixed_point(address: str) -> None:
    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return
    email, key = parse_address(address)
    assert email == address
    assert key.isascii()
    assert parse_address(key) == (key, key)
    assert parse_address(envelope_address(email, key))[1] == key


@given(st.text(max_size=40))
def test_no_text_gets_through_that_could_break_a_command_or_a_header(text: str) -> None:
    try:
        email, key = parse_address(f"hong{text}@example.com")
    except AddressError:
        return
    assert not set(envelope_address(email, key)) & set('\r\n\0<> ,;:()[]\\"\t')


def test_the_envelope_keeps_the_local_part_as_written_and_takes_the_domain_as_a_labels() -> None:
    assert envelope_address(*parse_address("Hong@한국.kr")) == "Hong@xn--3e0b707e.kr"


@pytest.mark.parametrize("char", ["\u200b", "\u202e", "\u00ad", "\n", "\0"])
def test_an_invisible_character_is_named_in_the_reason(char: str) -> None:
    with pytest.raises(AddressError, match=f"U\\+{ord(char):04X}"):
        parse_address(f"hong{char}gildong@example.com")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("홍길동 <hong@example.com>", "a name with the address"),
        ("<hong@example.com>", "a name with the address"),
        ('"Jane Doe" <jane@example.org>', "a name with the address"),
        ("hong@example.com, jane@example.org", "more than one address"),
        ("hong@example.com;jane@example.org", "more than one address"),
        ("hong@example.com / jane@example.org", "more than one address"),
        ("mailto:hong@example.com", "begins with mailto:"),
        ("hong@@example.com", "the part before the @ is not valid"),
    ],
)
def test_what_else_stands_in_the_cell_is_told_as_such(text: str, words: str) -> None:
    with pytest.raises(AddressError) as raised:
        parse_address(text)
    assert words in str(raised.value.reason)
    assert "hong" not in str(raised.value.reason)


_LOCALS = st.one_of(
    st.text(alphabet="abAB09.!#'+_~- \u00e9\u3000@:\"\n", max_size=12),
    st.sampled_from(["", "a" * 64, "a" * 65, "mailto:hong", '"hong"', ".hong", "hong.", "ho..ng", "K\u212a"]),
)
_DOMAINS = st.one_of(
    st.text(alphabet="abAB09.-_한\u00e9 \uff25", max_size=12),
    st.sampled_from(["example.com", "Example.ORG", "xn--3e0b707e.kr", "한국.kr", "x.test", "a-b.kr", "a..kr", "kr"]),
    st.sampled_from([".".join(["b" * 60] * count) + ".com" for count in (3, 4)]),
)


@given(_LOCALS, _DOMAINS)
def test_the_quick_look_at_a_plain_address_says_what_the_long_one_says(local: str, domain: str) -> None:
    """Of every address: the same address and key, or the same reason."""

    def said(look: Callable[[str], tuple[str, str]]) -> object:
        try:
            return look(f"{local}@{domain}")
        except AddressError as error:
            return error.reason

    assert said(parse_address) == said(module._parse_any)
