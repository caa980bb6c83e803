"""Try merges as a send would do them: how large the messages get, by composing one of each shape. Touches: nothing.

How large a message is hangs on a few lengths: those of its escaped values, of the address, of the name as a header
field has it. They are its shape; the first of a shape is composed and weighed, and all others of it weigh the same.
Of a million readers with names some hundred are composed. Limits: where a value's length does not tell what becomes of
it, in a header whose lines end between characters, the message is composed; fields of many lengths make many shapes.
"""

import re
from collections.abc import Callable, Hashable, Mapping

from newsletter.audience.subscriber import Subscriber
from newsletter.check.audience import Extent, Largest
from newsletter.check.counting import Tried
from newsletter.edition.edition import Context, Edition
from newsletter.message.escape import clean, escape, is_link
from newsletter.message.merge import Weight
from newsletter.settings.model import Settings

from .compose import LetterComposer, without_subscriber

_MOST_SHAPES = 8_192
"""Remembered at once: some 3 MB."""
_ONE_WORD = 39
"""Octets of a name that stand in one encoded-word, or on one line as they are (RFC 2047 2)."""
_MARKUP = re.compile("[&<>\"']")
_ATOMS = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*", re.ASCII)
_THREE_OCTETS_EACH = re.compile("[가-힣一-龥]+")
_FINAL_CONSONANTS = re.compile("[\u11a8-\u11ff\ud7cb-\ud7ff]")
"""Jamo that NFC joins with a syllable before them, so that two characters become one."""

Form = Callable[[str], Hashable]
"""Of a value: two values of one form are equally long wherever they stand; None where its length does not tell."""


class ComposingTrial:
    """Try a merge as a send would, and say what came of it (see `newsletter.check.counting.MergeTrial`)."""

    def __init__(self, editions: Mapping[str, Edition], settings: Settings, slug: str) -> None:
        self._composer = LetterComposer.to_try(settings, slug, editions)
        self._link_keys = {name: tuple(edition.link_keys()) for name, edition in editions.items()}
        self._merged = {name: tuple({"name", *(hole.key for hole in ed.holes)}) for name, ed in editions.items()}
        self._forms = {name: _forms(edition) for name, edition in editions.items()}
        self._weights: dict[Hashable, Weight] = {}

    def __call__(self, subscriber: Subscriber, variant: str, values: Mapping[str, str], /) -> Tried:
        cleaned = {key: clean(values[key]) for key in self._merged[variant] if key in values}
        shape = self._shape(subscriber, variant, cleaned)
        weight = self._weights.get(shape) if shape else None
        if weight is None:
            weight = self._composer.weigh(subscriber, variant, values)
            if shape:
                self._remember(shape, weight)
        dead = [key for key in self._link_keys[variant] if key in values and not is_link(values[key])]
        changed = [key for key, value in cleaned.items() if value != values[key]]
        return Tried(weight.html, weight.mail, weight.header_line, tuple(sorted(dead)), tuple(sorted(changed)))

    def plain(self, edition: Edition) -> Extent:
        """The sizes of an edition with the issue's defaults."""
        nobody = without_subscriber(edition)
        tried = self(nobody, edition.variant, nobody.values())
        return Extent(tried.html, Largest(tried.html), Largest(tried.mail), Largest(tried.header))

    def _shape(self, subscriber: Subscriber, variant: str, cleaned: Mapping[str, str]) -> tuple[Hashable, ...] | None:
        """What decides how large a message is; None where it has to be composed to know."""
        # The key is as long as the address on the envelope: both are ASCII.
        shape: list[Hashable] = [variant, len(subscriber.key), _display_name(cleaned.get("name", ""))]
        for key, form in self._forms[variant]:
            value = cleaned.get(key)
            shape.append(_MISSING if value is None else form(value))
        return None if None in shape else tuple(shape)

    def _remember(self, shape: Hashable, weight: Weight) -> None:
        if len(self._weights) >= _MOST_SHAPES:
            self._weights.clear()
        self._weights[shape] = weight


_MISSING = -1
"""The form of no value, which no value has."""


def _forms(edition: Edition) -> list[tuple[str, Form]]:
    """The form of each field that the edition merges; its own links are equally long for everybody."""
    contexts: dict[str, set[Context]] = {}
    for hole in edition.holes:
        if not hole.key.startswith("link."):
            contexts.setdefault(hole.key, set()).add(hole.context)
    in_header = [hole for hole in edition.holes if hole.context is Context.HEADER]
    alone = len(in_header) == 1 and not _FINAL_CONSONANTS.search(edition.subject)
    subject = _in_subject if alone else lambda _value: None
    return [(key, _form_in(where, subject)) for key, where in sorted(contexts.items())]


def _form_in(contexts: set[Context], subject: Form) -> Form:
    escaped = sorted(contexts - {Context.HEADER})
    if contexts <= {Context.HTML, Context.PLAIN}:
        return lambda value: _octets_in(escaped, value) if _MARKUP.search(value) else len(value.encode())
    if Context.HEADER not in contexts:
        return lambda value: _octets_in(escaped, value)

    def form(value: str) -> Hashable:
        header = subject(value)
        return None if header is None else (header, _octets_in(escaped, value))

    return form


def _octets_in(contexts: list[Context], value: str) -> tuple[int, ...]:
    return tuple(len(escape(value, context).encode()) for context in contexts)


def _in_subject(value: str) -> int | None:
    """Where a line ends between two characters hangs on how many octets each has."""
    return len(value) if _THREE_OCTETS_EACH.fullmatch(value) else None


def _display_name(name: str) -> Hashable:
    """By RFC 5322 3.2.5 a phrase of atoms is written as it is, and what is nearly all not ASCII becomes base64."""
    if name.isascii():
        return len(name) if not name or (len(name) <= _ONE_WORD and _ATOMS.fullmatch(name)) else None
    octets, in_ascii = len(name.encode()), len(name.encode("ascii", "ignore"))
    in_q_at_least, in_base64 = 3 * octets - 2 * in_ascii, (octets + 2) // 3 * 4
    return (octets,) if octets <= _ONE_WORD and in_q_at_least > in_base64 else None
