"""Where a finding is: in the issue's file, and in the HTML of the editions. Touches: the issue's file.

`one_for_each` makes one finding of what several editions have in common.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from newsletter.catalogue import Phrase, Said, Value, Verbatim
from newsletter.check.finding import Finding, LetterPlace
from newsletter.check.material import Sheet
from newsletter.check.page import StartTag, collapsed
from newsletter.edition.edition import Edition

_LONGEST = 120
"""Characters of a start tag that are shown."""


def letter_place(sheet: Sheet, tag: StartTag) -> LetterPlace:
    """A start tag of an edition, as a finding names it."""
    written = collapsed(_unmarked(tag.written, _fields(sheet.edition)))
    shown = written if len(written) <= _LONGEST else written[: _LONGEST - 1] + "…"
    return LetterPlace(sheet.edition.variant, tag.line, tag.column, tag.index, shown)


def fields_as_typed(edition: Edition, said: Said) -> Said:
    """Words with an edition's merge fields in them as typed, but for defaults, and not as what keeps their places."""
    fields = _fields(edition)
    return _said_with(said, fields) if fields else said


def _said_with(said: Said, fields: Mapping[str, str]) -> Said:
    if not isinstance(said, Phrase):
        return Verbatim(_unmarked(said.text, fields)) if isinstance(said, Verbatim) else said
    return Phrase(said.code, tuple((name, _value_with(value, fields)) for name, value in said.values))


def _value_with(value: Value, fields: Mapping[str, str]) -> Value:
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        return _unmarked(value, fields)
    if isinstance(value, tuple):
        return tuple(_value_with(item, fields) for item in value)
    return _said_with(value, fields)


def _fields(edition: Edition) -> dict[str, str]:
    """What keeps the place of each merge field, and the field."""
    return {hole.marker: _as_typed(hole.key) for hole in edition.holes}


def _unmarked(words: str, fields: Mapping[str, str]) -> str:
    there = [marker for marker in fields if marker in words]
    return re.sub("|".join(map(re.escape, there)), lambda match: fields[match[0]], words) if there else words


def _as_typed(key: str) -> str:
    """`{{ subscriber.name }}`; the letter's own fields, which nobody can type, as `{{ link.unsubscribe }}`."""
    return f"{{{{ {key if key.startswith('link.') else f'subscriber.{key}'} }}}}"


def one_for_each(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for what is the same in every edition, with its places in all of them.

    What has a place in the issue is one finding there. Without one, the first tag of one edition is taken to be the
    first of another, the second the second, and so on.
    """
    merged: dict[tuple[Finding, int], list[LetterPlace]] = {}
    for alike, letters in _alike(findings).items():
        nth: dict[str, int] = {}
        merged.setdefault((alike, 0), [])
        for letter in letters:
            number = nth[letter.variant] = nth.get(letter.variant, -1) + 1
            merged.setdefault((alike, 0 if alike.line else number), []).append(letter)
    return [replace(finding, letters=tuple(letters)) for (finding, _), letters in merged.items()]


def _alike(findings: Iterable[Finding]) -> dict[Finding, list[LetterPlace]]:
    alike: dict[Finding, list[LetterPlace]] = {}
    for finding in findings:
        letters = alike.setdefault(replace(finding, letters=()), [])
        letters.extend(letter for letter in finding.letters if letter not in letters)
    return alike
