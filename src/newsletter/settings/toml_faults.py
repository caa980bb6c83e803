"""What keeps a text from being TOML, in our words: `toml_fault(error, text)`. Touches: nothing.

Limits: the standard parser tells of the first fault only; what it seldom says is quoted as it stands.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.catalogue import SILENCE, Phrase, Said, phrase

from .places import written_keys

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_QUOTES = phrase("settings.toml.how_quotes_are_written")
_FAULTS: Mapping[str, tuple[Phrase, Said | None]] = {
    r"Illegal character '\\n'|Unterminated string": (phrase("settings.toml.quote_is_open"), _QUOTES),
    r"Illegal character|Found invalid": (phrase("settings.toml.holds_control_character"), SILENCE),
    r"Invalid value": (phrase("settings.toml.is_no_value"), None),
    r"Expected newline or end of document": (phrase("settings.toml.goes_on"), None),
    r"Expected '=' after a key": (phrase("settings.toml.has_no_equals_sign"), None),
    r"Expected '\]+' at the end": (phrase("settings.toml.table_is_open"), None),
    r"Invalid initial character|Invalid statement": (phrase("settings.toml.is_no_key"), None),
    r"Unclosed array": (phrase("settings.toml.list_is_open"), SILENCE),
    r"Unclosed inline table": (phrase("settings.toml.braces_are_open"), SILENCE),
    r"Unescaped|Invalid hex value|Escaped character": (
        phrase("settings.toml.has_bad_backslash"),
        phrase("settings.toml.how_backslashes_are_written"),
    ),
}
"""What the parser's words begin with, what we say, and the next step; None: the line tells it."""


@dataclass(frozen=True, slots=True)
class TomlFault:
    """What is wrong, in words that go on after a colon, where, counted from 1, and the next step."""

    said: Said
    line: int
    column: int
    hint: Said


def toml_fault(error: tomllib.TOMLDecodeError, text: str) -> TomlFault:
    """What the standard parser found wrong with `text`."""
    message = str(error)
    at = _AT.search(message)
    lines = text.split("\n")
    line, column = (int(at[1]), int(at[2])) if at and at[1] else (len(lines), len(lines[-1]) + 1)
    words = _AT.sub("", message)
    said, hint = _twice(text, line) if words.startswith("Cannot ") else (SILENCE, SILENCE)
    if said == SILENCE:
        unknown = phrase("settings.toml.is_no_toml", said=words[:1].lower() + words[1:])
        said, known = next((fault for begins, fault in _FAULTS.items() if re.match(begins, words)), (unknown, SILENCE))
        hint = _hint(lines[line - 1] if line <= len(lines) else "") if known is None else known
    return TomlFault(said, line, column, hint)


def _twice(text: str, line: int) -> tuple[Said, Said]:
    """What to say of a table or a key that is there already; silence where it is not found above."""
    *above, (_, table, keys) = [(at, table, keys) for at, _, table, keys in written_keys(text) if at <= line]
    first = next((at for at, *path in above if path == [table, keys]), 0)
    if not first:
        return SILENCE, SILENCE
    if keys:
        said = phrase("settings.toml.key_is_there_already", key=".".join(keys), line=first)
        return said, phrase("settings.toml.keep_one")
    said = phrase("settings.toml.table_is_there_already", table=".".join(table), line=first)
    return said, phrase("settings.toml.write_keys_there", line=first)


def _hint(line: str) -> Said:
    """What to write instead of a line that is no TOML, told by how it begins; silence where that says nothing."""
    if re.match(r"\s*\[", line):
        return phrase("settings.toml.how_tables_are_written")
    if re.match(r"\s*[^=]+=\s*[\"']", line):
        return _QUOTES
    if re.match(r"\s*[^=\"']+=\s*(?![\[{])", line):
        return phrase("settings.toml.how_text_is_written")
    return phrase("settings.toml.how_settings_are_written") if line.strip() and "=" not in line else SILENCE
