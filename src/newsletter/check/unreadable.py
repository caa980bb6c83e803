"""What keeps an issue from being read, in the newsletter's language. Touches: unreadable.toml beside it, once.

Limits: what newsletter/issue says seldom stands in no table, and is told in English.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from newsletter.errors import Problem

FILE = Path(__file__).with_suffix(".toml")
_HOLE = re.escape("{}")

Table = Mapping[re.Pattern[str], str]


def in_language(problem: Problem, language: str) -> Problem:
    """The problem with its message and its hint in Korean, where that is the language and they are known."""
    if language != "ko":
        return problem
    return replace(problem, message=_korean("said", str(problem.message)), hint=_korean("hints", str(problem.hint)))


def _korean(table: str, words: str) -> str:
    for pattern, korean in _table(table).items():
        if match := pattern.fullmatch(words):
            return _filled(korean, match.groups())
    return words


def _filled(korean: str, kept: tuple[str, ...]) -> str:
    # Not str.format: the words have braces of their own.
    first, *rest = korean.split("{}")
    return first + "".join(f"{words}{then}" for words, then in zip(kept, rest, strict=False))


@cache
def _table(name: str) -> Table:
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))[name]
    return {re.compile(re.escape(row["en"]).replace(_HOLE, "(.*)"), re.DOTALL): row["ko"] for row in rows}
