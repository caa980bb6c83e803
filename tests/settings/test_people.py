"""`[subscribe]`: what may stand in it, and what is refused with a word."""

import pytest
from pydantic import ValidationError

from newsletter.settings.explain import explain
from newsletter.settings.people import SubscribeTable


def refused(**given: object) -> str:
    with pytest.raises(ValidationError) as caught:
        SubscribeTable.model_validate(given)
    return explain(caught.value.errors()[0]).in_language("en")


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("https://www.example.org", "https://www.example.org"),
        (" HTTPS://WWW.example.org:443 ", "https://www.example.org"),
        ("https://www.example.org:8443", "https://www.example.org:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:80", "http://localhost"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
    ],
)
def test_an_origin_is_compared_as_browsers_send_it(written: str, compared: str) -> None:
    assert SubscribeTable(origins=(written,)).origins == (compared,)


@pytest.mark.parametrize(
    "written",
    [
        *("*", "null", "", "https://*.example.org", "https://www.example.org/", "https://www.example.org/path"),
        *("www.example.org", "http://www.example.org", "https://user@www.example.org", "https://www.example.org:99999"),
        *(
            "ftp://www.example.org",
            "https://연구원.example.org",
            "https://www.example.org?a",
            "https://a b.example.org",
        ),
    ],
)
def test_no_wildcard_and_nothing_but_an_origin(written: str) -> None:
    assert "must" in refused(origins=[written])


def test_tags_languages_networks_and_times_are_judged() -> None:
    assert "tag" in refused(tags={"a b": {"ko": "가"}})
    assert "tag" in refused(tags={"a;b": {"ko": "가"}})
    assert "language" in refused(tags={"a": {"korean!": "가"}})
    assert "empty" in refused(tags={"a": {"ko": ""}})
    assert "language" in refused(languages=["EN_gb"])
    assert "network" in refused(trusted_proxies=["proxy.example.org"])
    assert refused(confirm_within="10m")
    assert refused(confirm_within="31d")
    assert refused(per_network=0)
