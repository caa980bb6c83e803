"""Tell automatic letters of persons' mailboxes: absence, challenges, another address. Never a bounce. Touches: one
file of the package, once.

A human letter is none of them; what is not certain stays unknown, so that a person reads it.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .fields import addresses_in
from .mime import MimePart
from .model import Kind

_REPLY_MARK = re.compile(
    r"^(?:\s*(?:re|aw|sv|fwd?|답장|회신|回复|回覆)\s?:\s*|\s*\[?(?:external|spam|외부)\]?:?\s+)+", re.IGNORECASE
)
_LOOKED_AT = 4000
_BEHIND = 200
"""Characters in which a new address stands behind the words for it."""


@dataclass(frozen=True, slots=True)
class _Signs:
    fields: frozenset[str]
    precedences: frozenset[str]
    senders: re.Pattern[str]
    subjects: re.Pattern[str]
    texts: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Automatic:
    kind: Kind
    """`AUTO_REPLY`, `CHALLENGE` or `MOVED`."""
    new_address: str = ""
    certain: bool = True
    """By its subject or a field of its own, not by a mark that bounces bear too, nor by its words alone."""


def read_automatic(message: MimePart, text: str, not_new: Collection[str]) -> Automatic | None:
    """`text` is its body; `not_new` are addresses, in lower case, that are no news: ours, and whom it is from or about.

    None where it is a person's letter, or a mail system's.
    """
    subject = _REPLY_MARK.sub("", message.fields.text("subject"))
    sender = next(iter(message.fields.addresses("from")), "")
    text = " ".join(text[:_LOOKED_AT].split())
    challenge, moved = _signs()["challenge"], _signs()["moved"]
    if _has(challenge, message, subject, sender) or challenge.texts.search(text):
        return Automatic(Kind.CHALLENGE)
    certain = _has(_signs()["absence"], message, subject, sender)
    if certain or is_automatic(message):
        new = _new_address(text, moved.texts, not_new)
        return Automatic(Kind.MOVED if new else Kind.AUTO_REPLY, new, certain)
    if _signs()["absence"].texts.search(text):
        return Automatic(Kind.AUTO_REPLY, certain=False)
    return None


def is_automatic(message: MimePart) -> bool:
    """It says so itself: RFC 3834 5, or a field that only automatic replies have."""
    said = message.fields.text("auto-submitted").lower()
    return (bool(said) and not said.startswith("no")) or _marked(_signs()["absence"], message)


def _marked(signs: _Signs, message: MimePart) -> bool:
    return not signs.fields.isdisjoint(message.fields.names()) or (
        message.fields.text("precedence").lower() in signs.precedences
    )


def _has(signs: _Signs, message: MimePart, subject: str, sender: str) -> bool:
    return bool(_marked(signs, message) or signs.senders.search(sender) or signs.subjects.search(subject))


def _new_address(text: str, words: re.Pattern[str], not_new: Collection[str]) -> str:
    """The address behind the words, else the only one that is new."""
    for found in words.finditer(text):
        behind = _new_ones(text[found.end() : found.end() + _BEHIND], not_new)
        if behind:
            return behind[0]
    anywhere = _new_ones(text, not_new) if words.search(text) else []
    return anywhere[0] if len(set(anywhere)) == 1 else ""


def _new_ones(text: str, not_new: Collection[str]) -> list[str]:
    return [address for address in addresses_in(text) if address.lower() not in not_new]


@cache
def _signs() -> Mapping[str, _Signs]:
    data = tomllib.loads(files(__package__).joinpath("automatic.toml").read_text(encoding="utf-8"))
    return {name: _signs_of(table) for name, table in data.items()}


def _signs_of(table: Mapping[str, list[str]]) -> _Signs:
    return _Signs(
        frozenset(table.get("fields", ())),
        frozenset(table.get("precedences", ())),
        _any_of(table.get("senders", ())),
        _any_of(table.get("subjects", ())),
        _any_of(table.get("texts", ())),
    )


def _any_of(patterns: Collection[str]) -> re.Pattern[str]:
    """A pattern that matches nothing where there are none."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)", re.IGNORECASE)
