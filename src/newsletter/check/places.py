"""Where a finding is: in the issue's file, and in the HTML of the editions. Touches: the issue's file.

`one_for_each` makes one finding of what several editions have in common.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from newsletter.edition.edition import Edition

from .finding import Finding, LetterPlace
from .material import Sheet
from .page import Tag, collapsed

_LONGEST = 120
"""Characters of a start tag that are shown."""


def letter_place(sheet: Sheet, tag: Tag) -> LetterPlace:
    """A start tag of an edition, as a finding names it."""
    written = collapsed(_readable(sheet.edition, tag.written))
    shown = written if len(written) <= _LONGEST else written[: _LONGEST - 1] + "…"
    return LetterPlace(sheet.edition.variant, tag.line, tag.column, tag.index, shown)


def _readable(edition: Edition, html: str) -> str:
    """The merge fields as somebody would write them, and not the words that keep their places."""
    keys = {hole.marker: hole.key for hole in edition.holes if hole.marker in html}
    if not keys:
        return html
    return re.sub("|".join(map(re.escape, keys)), lambda match: f"{{{{ {keys[match[0]]} }}}}", html)


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
