"""Whatever stands in a letter as an address, it is asked for in ASCII, or told to be none."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.outside import address_of
from newsletter.probes.asking import BadAddressError, url_of

_HOSTS = st.text(alphabet=st.sampled_from("aé한.-_%[]:@ \x00\n\uff11\u3002"), max_size=20)
_REST = st.text(max_size=30)


@pytest.mark.parametrize(
    ("address", "host", "target"),
    [
        ("https://%ED%95%9C%EA%B8%80.kr/", b"xn--bj0bj06e.kr", b"/"),
        ("http://한글.kr/가 나?다=%EB%9D%BC&b", b"xn--bj0bj06e.kr", b"/%EA%B0%80%20%EB%82%98?%EB%8B%A4=%EB%9D%BC&b"),
        ("https://user:secret@www.example.org:8443", b"www.example.org", b"/"),
        ("http://[2001:DB8::1]/a", b"2001:db8::1", b"/a"),
        ("HTTP://EXAMPLE.ORG/A", b"example.org", b"/A"),
    ],
)
def test_an_address_is_written_as_http_wants_it(address: str, host: bytes, target: bytes) -> None:
    url = url_of(address)
    assert (url.host, url.target) == (host, target)
    assert b"secret" not in bytes(url)


@given(_HOSTS, _REST)
def test_no_address_is_too_strange(host: str, rest: str) -> None:
    address = address_of(f"http://{host}/{rest}")
    if address:
        with suppress(BadAddressError):
            url = url_of(address)
            assert url.target.isascii()
            assert not {0x0D, 0x0A, 0x20} & set(url.target)
