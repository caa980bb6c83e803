"""What is told about each rule, in both languages: `rules/<family>.toml` beside `rules/<family>.py`.

Touches: those files, each when it is first asked for. Limits: a table that is not as it should be is a ValueError.
"""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from .rule import Rule

_FOLDER = Path(__file__).with_name("words")
_LANGUAGES = {"ko", "en"}


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    ko: str
    en: str

    def in_language(self, language: str) -> str:
        return self.ko if language == "ko" else self.en


@dataclass(frozen=True, slots=True)
class RuleTexts:
    """All that is told about one rule."""

    finds: Words
    """In one line: what the rule finds."""
    why: Words
    """Why that matters, in one or two sentences."""
    mend: Words
    """How to mend it, where the rule itself cannot say it more precisely."""
    source: str
    """Where the fact comes from, with a URL where there is one."""


def texts_of(rule: Rule) -> RuleTexts:
    """Raises ValueError where nothing, or something else, is told about the rule."""
    try:
        return family_texts(rule.family)[rule.id]
    except KeyError:
        raise ValueError(f"{rule.family}.toml has no [{rule.id}]") from None


@cache
def family_texts(family: str) -> dict[str, RuleTexts]:
    """The texts of all rules of a family, by rule id, in the order of the file."""
    data = tomllib.loads((_FOLDER / f"{family}.toml").read_text(encoding="utf-8"))
    return {rule_id: _texts(f"{family}.toml [{rule_id}]", table) for rule_id, table in data.items()}


def _texts(place: str, table: object) -> RuleTexts:
    keys = {field.name for field in fields(RuleTexts)}
    if not isinstance(table, dict) or set(table) != keys:
        raise ValueError(f"{place} must have exactly {', '.join(sorted(keys))}")
    source = table["source"]
    if not isinstance(source, str) or not source.strip():
        raise ValueError(f"{place}: source must say where the fact is from")
    finds, why, mend = (_words(f"{place}: {key}", table[key]) for key in ("finds", "why", "mend"))
    return RuleTexts(finds, why, mend, source.strip())


def _words(place: str, value: object) -> Words:
    if not isinstance(value, dict) or set(value) != _LANGUAGES:
        raise ValueError(f"{place} must have ko and en")
    if not all(isinstance(text, str) and text.strip() for text in value.values()):
        raise ValueError(f"{place} must have a text in both languages")
    return Words(value["ko"], value["en"])
