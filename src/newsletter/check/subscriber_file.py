"""Merge fields that no column is there for: which was meant, and where the issue asks. Touches: nothing."""

import difflib
import re
from collections.abc import Iterable

from newsletter.issue.fields import FieldError, MergeField, parse_text
from newsletter.issue.tree import DataPath

_FIELD = re.compile(r"\{\{.*?\}\}", re.DOTALL)
OPENING = "{{"


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
