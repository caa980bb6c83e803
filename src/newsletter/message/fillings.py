"""What goes into the holes of an edition: each value is cleaned once, and escaped once for each kind of place.

Touches: nothing. Holes that ask the same share one filling, which the texts of the edition find by its number.
"""

from collections.abc import Iterable, Mapping

from newsletter.audience.links import TOKEN_LENGTH
from newsletter.catalogue import Said, phrase
from newsletter.edition.edition import Hole
from newsletter.errors import InputError

from .escape import Escape, clean, escape, escaping

ANY_TOKEN = "~" * TOKEN_LENGTH
"""Stands for a subscriber's token in what is made for all; as long as every token, and like them escaped nowhere."""

_ADDRESS = "email"
_Asked = tuple[str, Escape, str | None]


class Fillings:
    """The fillings of one edition. `links` are the letter's own by key, which no column can replace; `ANY_TOKEN` is in
    them where a subscriber's token comes, and they are empty where the letter has none."""

    def __init__(self, holes: Iterable[Hole], links: Mapping[str, str]) -> None:
        self._numbers: dict[_Asked, int] = {}
        self._standing: list[str] = []  # what is filled in without a value
        self._with_token: list[tuple[int, str, str]] = []  # number, and what stands round the token
        self._places: dict[str, list[tuple[int, Escape]]] = {}  # of a key
        self._required: set[str] = set()
        self._missing: Said | None = None
        for hole in holes:
            if _asked(hole) not in self._numbers:
                self._numbers[_asked(hole)] = len(self._standing)
                self._standing.append(self._without_value(hole, links))

    def number(self, hole: Hole) -> int:
        """Where its filling is in what `fill` gives."""
        return self._numbers[_asked(hole)]

    def fill(self, address: str, token: str, values: Mapping[str, str]) -> list[str]:
        """Every filling, escaped. Raises InputError for a field without value and default."""
        if self._missing is not None:
            raise InputError(self._missing)
        if _ADDRESS in self._places:
            values = {_ADDRESS: address, **values}
        filled = self._standing.copy()
        for number, before, after in self._with_token:
            filled[number] = f"{before}{token}{after}"
        for key, places in self._places.items():
            if value := values.get(key):
                value = clean(value)
                for number, escaped in places:
                    filled[number] = escaped(value)
            elif key in self._required:
                raise InputError(phrase("message.merge.value_is_missing", key=key))
        return filled

    def _without_value(self, hole: Hole, links: Mapping[str, str]) -> str:
        """What is filled in for a hole as long as nothing personal is; notes what has to be done for it then."""
        number = len(self._standing)
        if link := links.get(hole.key):
            written = escape(link, hole.context)
            before, token, after = written.partition(ANY_TOKEN)
            if token:
                self._with_token.append((number, before, after))
            return written
        if hole.key not in links:
            self._places.setdefault(hole.key, []).append((number, escaping(hole.context)))
        if hole.default is not None:
            return escape(hole.default, hole.context)
        if hole.key in links:
            self._missing = phrase("message.merge.link_is_gone", link=hole.key.removeprefix("link."))
        self._required.add(hole.key)
        return ""


def _asked(hole: Hole) -> _Asked:
    return hole.key, escaping(hole.context), hole.default
