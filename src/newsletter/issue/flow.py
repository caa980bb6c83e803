"""A mapping in braces on one line, `{ value: 443명, label: 비율 #1 }`, with quotes where its texts need them.

Touches: nothing. Limits: for lines of some hundred characters, since it takes the square of their length; keys are the
ASCII words of an issue file; a value that begins with a bracket is a list or a mapping and stays as it is. Whether the
line means something now, only the parser knows.
"""

import re
from dataclasses import dataclass

_SEPARATOR = re.compile(r"(?P<before>[\s\]}]*,[\s\[{]*|[\[{][\s\[{]*)(?P<key>[a-z_]+:[ \t]+)")
_FIELD = re.compile(r"\{\{[^{}]*\}\}")
_WHOLE = re.compile(r"""\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*""")
_UNSAFE = re.compile(r":(?:\s|$)|\s#|[\[\]{},]|^[\"'&*!%@`|>#]|^[-?](?:\s|$)")


@dataclass(frozen=True, slots=True)
class Mended:
    """The mapping with its quotes, and where the first text that lacked them begins, from 0."""

    text: str
    offset: int


def mend(text: str) -> Mended | None:
    """What `text`, from its first `{` or `[{` on, was meant to be; None where nothing can be done or has to be."""
    bare = _FIELD.sub(lambda field: "x" * len(field[0]), text)
    keys = list(_SEPARATOR.finditer(bare))
    if not keys or keys[0].start() != 0:
        return None
    inside = "".join(key["before"] for key in keys)
    depth = sum(map(inside.count, "[{")) - sum(map(inside.count, "]}"))
    end = re.search(rf"(?:\s*[\]}}]){{{max(depth, 1)}}}\s*$", bare)
    if end is None:
        return None
    mended, offset = "", -1
    borders = [*(key.start() for key in keys[1:]), max(end.start(), keys[-1].end())]
    for key, border in zip(keys, borders, strict=True):
        value = text[key.end() : border]
        mended += key[0]
        if _needs_quotes(value):
            offset = key.end() if offset < 0 else offset
            value = quoted(_meant(value.strip()))
        mended += value
    return Mended(mended + text[borders[-1] :], offset) if offset >= 0 else None


def _meant(text: str) -> str:
    """Without a quote that opens it and is never closed."""
    return text[1:] if text[:1] in {'"', "'"} and text.count(text[0]) == 1 else text


def quoted(text: str) -> str:
    """The text as a YAML scalar in quotes, as a person would choose them."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _needs_quotes(value: str) -> bool:
    if _WHOLE.fullmatch(value) or (value.lstrip()[:1] in {"[", "{"} and value.lstrip()[:2] != "{{"):
        return False
    return bool(_UNSAFE.search(value.strip()))
