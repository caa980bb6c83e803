"""Say in plain words what pydantic found wrong with a value. Touches: nothing."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from newsletter.catalogue import Said, phrase
from newsletter.excerpt import suggestion
from newsletter.settings.system_reason import system_reason

_FEW = 6
"""Keys that are told whole, whatever was probably meant."""


class WrongValueError(ValueError):
    """What is wrong with a value, as the end of a sentence that begins with its name; pydantic hands it on."""

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self.said = said


_WORDS: Mapping[str, Said] = {
    "missing": phrase("settings.value.is_required"),
    "string_type": phrase("settings.value.must_be_text"),
    "string_too_short": phrase("settings.value.must_not_be_empty"),
    "bool_parsing": phrase("settings.value.must_be_true_or_false"),
    "bool_type": phrase("settings.value.must_be_true_or_false"),
    "int_type": phrase("settings.value.must_be_whole_number"),
    "int_parsing": phrase("settings.value.must_be_whole_number"),
    "int_from_float": phrase("settings.value.must_be_whole_number"),
    "int_parsing_size": phrase("settings.value.is_too_large_a_number"),
    "float_type": phrase("settings.value.must_be_number"),
    "tuple_type": phrase("settings.value.must_be_list"),
    "list_type": phrase("settings.value.must_be_list"),
    "dict_type": phrase("settings.value.must_be_table"),
    "model_type": phrase("settings.value.must_be_table"),
    "model_attributes_type": phrase("settings.value.must_be_table"),
}
_WITH_LIMIT: Mapping[str, tuple[str, Callable[[Any], Said]]] = {
    "greater_than_equal": ("ge", lambda limit: phrase("settings.value.must_be_at_least", limit=str(limit))),
    "less_than_equal": ("le", lambda limit: phrase("settings.value.must_be_at_most", limit=str(limit))),
    "string_too_long": ("max_length", lambda limit: phrase("settings.value.must_not_be_longer", limit=str(limit))),
    "too_short": ("min_length", lambda limit: phrase("settings.value.needs_at_least", limit=str(limit))),
    "too_long": ("max_length", lambda limit: phrase("settings.value.must_not_have_more", limit=str(limit))),
    "literal_error": ("expected", lambda expected: _one_of(str(expected))),
}


def explain(error: ErrorDetails) -> Said:
    """One error of pydantic as the end of a sentence that begins with the name of the value."""
    kind = error["type"]
    context: dict[str, Any] = error.get("ctx") or {}
    cause = context.get("error")
    if isinstance(cause, WrongValueError):
        return cause.said
    if kind in _WORDS:
        return _WORDS[kind]
    if kind == "too_short" and context.get("min_length") == 1:
        return phrase("settings.value.must_not_be_empty")
    if kind in _WITH_LIMIT and _WITH_LIMIT[kind][0] in context:
        limit, words = _WITH_LIMIT[kind]
        return words(context[limit])
    return phrase("settings.value.has_wrong_form")


def why_unreadable(error: OSError | UnicodeDecodeError) -> Said:
    """Why a text file cannot be read."""
    if isinstance(error, UnicodeDecodeError):
        return phrase("settings.file.no_utf8_text")
    return system_reason(error)


def unknown_key(key: str, known: Sequence[str], meant: str = "") -> Said:
    """What to say about a key that is not in the model, whose keys are `known`; `meant` is one by another name."""
    near = meant or suggestion(key, known)
    if near and len(known) > _FEW:
        return phrase("settings.value.unknown_key_near", key=f"`{safe(key)}`", near=near)
    if near:
        return phrase("settings.value.unknown_key_of_few", key=f"`{safe(key)}`", near=near, known=tuple(known))
    return phrase("settings.value.unknown_key", key=f"`{safe(key)}`", known=tuple(known))


def _one_of(expected: str) -> Said:
    """pydantic's `'ko' or 'en'` as a list."""
    return phrase(
        "settings.value.must_be_one_of", known=tuple(f"`{word}`" for word in re.findall("'([^']*)'", expected))
    )


def tidy(places: tuple[int | str, ...]) -> str:
    """A place in data as people write it: ("sections", 2, "url") -> `sections[2].url`."""
    path = ""
    for part in places:
        path += f"[{part}]" if isinstance(part, int) else f".{safe(part)}" if path else safe(part)
    return path


def safe(key: str) -> str:
    """A key somebody else wrote, fit for a terminal: short, and without escape sequences or broken characters."""
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in key[:60])
    return shown + "…" if len(key) > len(shown) else shown
