"""Say in plain words what pydantic found wrong with a value. Touches: nothing. Limits: English."""

from typing import Any

from pydantic_core import ErrorDetails

from newsletter.excerpt import suggestion

_WORDS = {
    "missing": "is required",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "is too large a number",
    "float_type": "must be a number",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "model_type": "must be made of keys and values",
    "model_attributes_type": "must be made of keys and values",
}
_WITH_LIMIT = {
    "greater_than_equal": ("must be at least {ge}", "ge"),
    "less_than_equal": ("must be at most {le}", "le"),
    "string_too_long": ("must not be longer than {max_length} characters", "max_length"),
    "too_short": ("needs at least {min_length}", "min_length"),
    "too_long": ("must not have more than {max_length}", "max_length"),
    "literal_error": ("must be {expected}", "expected"),
}


def explain(error: ErrorDetails) -> str:
    """One error of pydantic as the end of a sentence that begins with the name of the value."""
    kind = error["type"]
    context: dict[str, Any] = error.get("ctx") or {}
    if kind in _WORDS:
        return _WORDS[kind]
    if kind == "too_short" and context.get("min_length") == 1:
        return "must not be empty"
    if kind in _WITH_LIMIT and _WITH_LIMIT[kind][1] in context:
        return _WITH_LIMIT[kind][0].format(**context)
    if kind in {"value_error", "assertion_error"}:
        return str(context.get("error", error["msg"]))
    return error["msg"][:1].lower() + error["msg"][1:]


def unknown_key(key: str, known: list[str]) -> str:
    """What to say about a key that is not in the model, whose keys are `known`."""
    guess = suggestion(key, known)
    return f"unknown key `{safe(key)}`; {guess or 'known are ' + ', '.join(known)}"


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
