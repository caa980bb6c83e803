"""`[subscribe]`: what people may ask for on the page where they sign up, and how often. Touches: nothing."""

import re
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from newsletter.catalogue import phrase
from newsletter.language_tags import TAG

from .explain import WrongValueError
from .table import Table
from .values import Duration, Line, is_loopback

_TAG_NAME = re.compile(r"[^\s;,\"'<>&]{1,40}")
"""As a cell of the subscriber file can have it among others."""
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+", re.ASCII)
"""Of a name, in letters that browsers send, or of an address."""


def _language(value: str) -> str:
    text = value.strip()
    if not re.fullmatch(TAG, text):
        raise WrongValueError(phrase("settings.value.is_no_language"))
    return text


def _tag_name(value: str) -> str:
    if not _TAG_NAME.fullmatch(value):
        raise WrongValueError(phrase("settings.value.is_no_tag"))
    return value


def _origin(value: str) -> str:
    """As a browser says it: scheme, host, and a port that is not the usual one (RFC 6454 6.2)."""
    text = value.strip().lower()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise WrongValueError(phrase("settings.value.is_no_origin")) from None
    host = parts.hostname or ""
    named = f"[{host}]" if ":" in host else host
    shown = f"{parts.scheme}://{named}" + (f":{port}" if port else "")
    if not _HOST.fullmatch(host) or shown != text or parts.scheme not in {"http", "https"}:
        raise WrongValueError(phrase("settings.value.is_no_origin"))
    if parts.scheme == "http" and not is_loopback(host):
        raise WrongValueError(phrase("settings.value.must_begin_with_https"))
    usual = {"http": 80, "https": 443}[parts.scheme]
    return text.removesuffix(f":{port}") if port == usual else text


def _network(value: str) -> str:
    try:
        ip_network(value.strip())
    except ValueError:
        raise WrongValueError(phrase("settings.value.is_no_network")) from None
    return value.strip()


Language = Annotated[str, AfterValidator(_language)]
TagName = Annotated[str, AfterValidator(_tag_name)]
SiteOrigin = Annotated[str, AfterValidator(_origin)]
Network = Annotated[str, AfterValidator(_network)]
_AnHour = Annotated[int, Field(ge=1, le=1_000_000)]


class SubscribeTable(Table):
    """What the page `/subscribe` offers, who else may ask, and how often."""

    offered: bool = True
    """Whether `serve` takes sign-ups at all."""
    languages: tuple[Language, ...] = ()
    """Of the letter, that a reader may choose from; none: there is no choice."""
    tags: dict[TagName, dict[Language, Annotated[Line, Field(min_length=1)]]] = Field(default_factory=dict)
    """What a reader may choose besides: tag -> its label by language."""
    advertising: bool = False
    """The newsletter carries advertising, to which a reader says yes on its own."""
    origins: tuple[SiteOrigin, ...] = ()
    """Own sites whose scripts may send sign-ups as JSON."""
    trusted_proxies: tuple[Network, ...] = ("127.0.0.1", "::1")
    """Web servers in front that are believed when they say who asked."""
    confirm_within: Annotated[Duration, Field(ge=timedelta(hours=1), le=timedelta(days=30))] = timedelta(days=3)
    """So long the link of the mail that asks is good; then the request is erased."""
    per_network: _AnHour = 20
    """Requests of one network in an hour."""
    per_network_api: _AnHour = 5
    """The same as JSON."""
    in_all: _AnHour = 500
    """Requests of all networks in an hour."""

    def label(self, tag: str, language: str) -> str:
        """What a tag is called in a language; in another where it has none in that; the tag itself without any."""
        labels: Mapping[str, str] = self.tags.get(tag, {})
        return labels.get(language) or next(iter(labels.values()), tag)

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(ip_network(one) for one in self.trusted_proxies)
