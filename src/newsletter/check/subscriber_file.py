"""The subscriber file as findings tell of it: its rows, its columns, and what was probably meant. Touches: nothing."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from newsletter.catalogue import SILENCE, Said, Value, phrase
from newsletter.issue.fields import FieldError, MergeField, parse_text
from newsletter.issue.tree import DataPath
from newsletter.language_tags import meant_tag

from .audience import AudienceSummary, NotedRows
from .rule import Found

_FIELD = re.compile(r"\{\{.*?\}\}", re.DOTALL)
OPENING = "{{"
_CODE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,3}", re.IGNORECASE | re.ASCII)


def rows_found(audience: AudienceSummary, rows: NotedRows, say: Found | Callable[[Value], Found]) -> Iterator[Found]:
    """A finding for each of the first rows, made of what was noted there, one that counts the rest, one for sign-ups.

    Line 0 is nobody's: what was found there is a matter of the letter.
    """
    found = None
    for line, what in rows.first:
        found = say(what) if callable(say) else say
        if line:
            found = replace(found, file=audience.file, line=line)
        yield found
    rest = rows.total - len(rows.first) - rows.sign_ups
    if found and rows.rest_from:
        yield Found(
            phrase("check.subscriber_file.more_rows", rest=rest),
            hint=found.hint,
            file=audience.file,
            line=rows.rest_from,
            severity=found.severity,
        )
    if rows.sign_ups:
        found = say(rows.of_sign_up) if callable(say) else say
        yield replace(found, says=phrase("check.subscriber_file.of_sign_ups", count=rows.sign_ups, what=found.says))


def column_of(key: str) -> str:
    """The column that a merge field reads."""
    return key.removeprefix("fields.")


def meant(key: str, columns: Iterable[str]) -> str:
    """The column that was probably meant; empty when none is near."""
    return near(column_of(key), columns)


def near(word: str, known: Iterable[str]) -> str:
    """The closest of some words to a mistyped one, as it is written; empty when none is near."""
    folded = {name.casefold(): name for name in known if name}
    found = difflib.get_close_matches(word.casefold()[:80], list(folded), n=1, cutoff=0.5)
    return folded[found[0]] if found else ""


def did_you_mean(word: str) -> Said:
    """A sentence to follow another; nothing where no word is near."""
    return phrase("check.subscriber_file.did_you_mean", word=word) if word else SILENCE


def place_of_field(texts: Iterable[tuple[DataPath, str]], key: str) -> tuple[DataPath, int]:
    """Where the issue first asks for a field without giving a default: the text, and how many `{{` stand before it."""
    for path, text in texts:
        for match in _FIELD.finditer(text):
            if _asks(match[0], key):
                return path, text.count(OPENING, 0, match.start())
    return (), 0


def _asks(field: str, key: str) -> bool:
    try:
        return parse_text(field) == [MergeField(key)]
    except FieldError:
        return False


def may_be_shown(word: str) -> bool:
    """Whether it is a word for a language, and not an address or a name from another column."""
    return bool(_CODE.fullmatch(word) or meant_tag(word))
