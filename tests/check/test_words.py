"""Every rule tells in both languages what it finds, why that matters and how to mend it, and where it is known from."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.catalogue import LANGUAGES, entries
from newsletter.check import rule as rule_module
from newsletter.check import rules
from newsletter.check.rule import Rule
from newsletter.check.rules import RULES

FAMILIES = sorted({rule.family for rule in RULES.values()})
APART = re.compile(r"""[A-Za-z0-9)}>`’”"'\]] (?:은|는|이|가|을|를|과|와|로|으로|의|에|에서)(?=[ ,.])""")
"""A Korean particle that does not stand at its word."""
WORDS = Path(rule_module.__file__).with_name("words")
GROUPS = sorted(path.stem for path in WORDS.glob("*.toml"))


def table(group: str) -> dict[str, Any]:
    return tomllib.loads((WORDS / f"{group}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_tells_about_all_of_its_rules_and_no_other(family: str) -> None:
    told = table(family)
    assert set(told) == {rule.id for rule in RULES.values() if rule.family == family}
    assert all({"finds", "why", "mend"} <= set(texts) for texts in told.values())


def test_every_rule_that_a_family_has_is_among_all_rules_once() -> None:
    families = (getattr(rules, family) for family in FAMILIES)
    made = [rule for family in families for rule in vars(family).values() if isinstance(rule, Rule)]
    assert sorted(rule.id for rule in made) == sorted(RULES)


def leaves(place: str, tree: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Whatever stands in a file of words and is no table of tables."""
    for key, value in tree.items():
        if isinstance(value, dict) and any(isinstance(inner, dict) for inner in value.values()):
            yield from leaves(f"{place}.{key}", value)
        else:
            yield f"{place}.{key}", value


@pytest.mark.parametrize("group", GROUPS)
def test_whatever_is_told_is_told_in_both_languages(group: str) -> None:
    for place, words in leaves(group, table(group)):
        assert isinstance(words, dict), place
        assert set(words) == set(LANGUAGES), place
        assert all(isinstance(text, str) and text.strip() for text in words.values()), place
        assert not APART.search(words["ko"]), words["ko"]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_text_is_a_sentence_in_its_language(rule: Rule) -> None:
    for said in (rule.why, rule.mend):
        korean, english = said.in_language("ko"), said.in_language("en")
        assert re.search("[가-힣]", korean)
        assert not re.search("[가-힣]", english.replace("(광고)", ""))
        assert korean.endswith("."), korean
        assert english.endswith("."), english
    finds = [rule.finds.in_language(language) for language in LANGUAGES]
    assert not any("\n" in text for text in finds)
    assert not any(text.endswith(".") for text in finds)
    assert rule.source.strip() == rule.source != ""


HOLE = re.compile(r"(?<!\{)\{(\w+)(?::[^}]*)?\}(?!\})")
CODE = re.compile(r"[\"']check\.([a-z_]+)\.([a-z0-9_.-]+)[\"']")
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in Path(rule_module.__file__).parents[1].rglob("*.py"))


@pytest.mark.parametrize("group", GROUPS)
def test_every_sentence_is_said_somewhere_and_has_the_same_holes_in_both_languages(group: str) -> None:
    used = {key for found, key in CODE.findall(SOURCES) if found == group}
    words = entries("newsletter.check", "words", f"{group}.toml")
    said = {key for key in words if key.rpartition(".")[2] not in {"finds", "why", "mend"}}
    assert used == said
    for key, texts in words.items():
        assert set(HOLE.findall(texts["ko"])) == set(HOLE.findall(texts["en"])), key
