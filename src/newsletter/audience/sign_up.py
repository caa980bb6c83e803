"""What somebody writes who wants the newsletter, judged against what is offered: a wish, or what is wrong with it.

The same for a form and for JSON. Touches: nothing. What is wrong names a field and never repeats what stands in it.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter.catalogue import Said, phrase

from .address import AddressError, parse_address

LONGEST_NAME = 60
"""Characters."""
TICKS = ("consent", "over_14", "advertising")
"""In the order in which they stand on the page."""
_MISSING: Mapping[str, Said] = {
    "consent": phrase("audience.sign_up.consent_is_missing"),
    "over_14": phrase("audience.sign_up.over_14_is_missing"),
    "advertising": phrase("audience.sign_up.advertising_is_missing"),
}
_NO_NAME = ("://", "www.", "@", "<", ">", "{{")
"""What nobody is called; the name stands in letters, and is no place for a link."""


@dataclass(frozen=True, slots=True)
class ConsentText:
    """What somebody agrees to by one tick."""

    label: str
    """Beside the tick."""
    details: tuple[str, ...] = ()
    """A line each."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to choose and to agree to."""

    texts: Mapping[str, Mapping[str, ConsentText]]
    """Language -> tick -> text; for `advertising` only where the newsletter carries it."""
    languages: tuple[str, ...] = ()
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Tag -> its label by language."""

    def wording(self, language: str) -> str:
        """All that is agreed to, as it stands on the page."""
        texts = self.texts[language]
        return "\n\n".join("\n".join([texts[tick].label, *texts[tick].details]) for tick in TICKS if tick in texts)

    def ticks(self) -> list[str]:
        """Those that are asked for."""
        texts = next(iter(self.texts.values()))
        return [tick for tick in TICKS if tick in texts]

    def labels(self, language: str) -> dict[str, str]:
        """Tags with what each is called; in another language where there is none in that."""
        return {tag: said.get(language) or next(iter(said.values()), tag) for tag, said in self.tags.items()}


@dataclass(frozen=True, slots=True)
class WrittenWish:
    """What was written, before anybody has judged it."""

    email: str = ""
    name: str = ""
    language: str = ""
    tags: frozenset[str] | None = frozenset()
    """None was not said."""
    ticks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wish:
    """A good one."""

    address: str
    key: str
    name: str | None
    """None was not said."""
    language: str
    """Chosen, or that of the page."""
    tags: frozenset[str] | None
    page_language: str
    """In which the texts were shown."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and from where."""

    network: str
    """As text: `192.0.2.0/24`."""
    place: str
    """Address of our page, or the origin of a site of theirs."""
    is_api: bool = False


@dataclass(frozen=True, slots=True)
class Welcomed:
    """Who has said yes."""

    language: str
    token: str
    """Of this person's links; empty where they were forgotten since."""
    barred: bool
    """Nothing is sent all the same: they complained once, or their address takes no mail."""


def judge_wish(written: WrittenWish, offer: Offer, page_language: str) -> Wish | dict[str, Said]:
    """The wish; or what is wrong by field: email, name, language, tags, consent, over_14, advertising."""
    wrong: dict[str, Said] = {}
    address = key = ""
    try:
        address, key = parse_address(written.email)
    except AddressError as error:
        wrong["email"] = error.reason
    name = " ".join(unicodedata.normalize("NFC", written.name).split())
    if said := wrong_name(name):
        wrong["name"] = said
    if written.language and offer.languages and written.language not in offer.languages:
        wrong["language"] = phrase("audience.sign_up.no_such_language")
    if not (written.tags or frozenset()) <= offer.tags.keys():
        wrong["tags"] = phrase("audience.sign_up.no_such_tag")
    wrong |= {tick: _MISSING[tick] for tick in offer.ticks() if tick not in written.ticks}
    if wrong:
        return wrong
    language = written.language if offer.languages else ""
    tags = written.tags if offer.tags else None
    return Wish(address, key, name or None, language or page_language, tags, page_language)


def wrong_name(name: str) -> Said | None:
    """Why a name that somebody wrote on a page does not go into letters; None where it does."""
    if len(name) > LONGEST_NAME:
        return phrase("audience.sign_up.name_is_too_long", most=LONGEST_NAME)
    if any(part in name.lower() for part in _NO_NAME):
        return phrase("audience.sign_up.name_is_no_name")
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for char in name):
        return phrase("audience.sign_up.name_holds_invisible_character")
    return None
