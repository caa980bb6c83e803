"""Say of each header of a letter what it is for. Touches: the package's own file."""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from .model import HeaderLine


def explained(headers: Iterable[tuple[str, str]], language: str) -> tuple[HeaderLine, ...]:
    """The headers, in order, in Korean for `ko`, or else in English."""
    spoken = "ko" if language == "ko" else "en"
    return tuple(HeaderLine(name, value, header_words().get(name, {}).get(spoken, "")) for name, value in headers)


@cache
def header_words() -> dict[str, dict[str, str]]:
    """Of each header that we send, what it is for, by language."""
    return tomllib.loads((files(__package__) / "header_words.toml").read_text(encoding="utf-8"))
