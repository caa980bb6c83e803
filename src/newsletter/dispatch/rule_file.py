"""Read a file of rules (rules.toml, or an operator's own). Touches: nothing; what is wrong is told with its line."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from newsletter.catalogue import Phrase, Said, phrase
from newsletter.errors import Problem, SettingsError
from newsletter.excerpt import excerpt, suggestion
from newsletter.settings.explain import WrongValueError
from newsletter.settings.places import Places, array_places
from newsletter.settings.toml_faults import toml_fault
from newsletter.settings.values import length_of_time

from .reply_class import ReplyClass
from .reply_rule import STAGES, ReplyRule

_PARTS = ("id", "class", "stage", "domain", "code", "enhanced", "pattern", "unless", "rest", "vague")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_ABOUT_THE_RECIPIENT = frozenset({"rcpt", "returned"})
"""Stages where a refusal can be about the address itself."""
_LONGEST_ID = 40
"""Characters."""
_RESTS = {ReplyClass.QUOTA: timedelta(hours=1), ReplyClass.UNAUTHENTICATED: timedelta(hours=4)}
"""Where a rule does not say how long: an hour's limit is the most usual, and a record in DNS takes a person."""
_LONGEST_REST = timedelta(days=1)
"""What is learned of a relay is forgotten after a day."""


def read_rules(text: str, name: str, *, own: bool = False) -> tuple[ReplyRule, ...]:
    """Rules from TOML. Raises SettingsError with every wrong rule, its line and key."""
    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        fault = toml_fault(error, text)
        raise SettingsError(problems=[_problem(text, name, (fault.line, fault.column), fault.said)]) from None
    tables = data.pop("rule", [])
    problems = [Problem(phrase("dispatch.rule_file.no_rule", key=key), file=name) for key in data]
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SettingsError(problems=[Problem(phrase("dispatch.rule_file.how_a_rule_begins"), file=name)])
    rules: list[ReplyRule] = []
    wrong_ones: list[tuple[int, _WrongError]] = []
    for number, table in enumerate(tables):
        try:
            rules.append(_rule(table, {rule.id for rule in rules}, own=own))
        except _WrongError as wrong:
            wrong_ones.append((number, wrong))
    if wrong_ones:
        places = array_places(text, "rule")
        problems += [_problem(text, name, _place(places, number, one.key), one.words) for number, one in wrong_ones]
    if problems:
        raise SettingsError(problems=problems)
    return tuple(rules)


class _WrongError(ValueError):
    """What is wrong with one key of a rule."""

    def __init__(self, key: str, words: Said) -> None:
        super().__init__(key, words)
        self.key = key
        self.words = phrase("dispatch.rule_file.of_key", key=key, wrong=words)


def _place(places: list[Places], number: int, key: str) -> tuple[int, int] | None:
    """Where the key stands, else the header of its rule; None for rules that are written in one line."""
    found = places[number] if number < len(places) else {}
    return found.get((key,), found.get(()))


def _problem(text: str, name: str, where: tuple[int, int] | None, words: Said) -> Problem:
    if where is None:
        return Problem(words, file=name)
    line, column = where
    lines = text.split("\n")
    shown = excerpt(lines[line - 1], column) if line <= len(lines) else ""
    return Problem(words, name, line, column, excerpt=shown)


def _rule(table: Mapping[str, Any], taken: set[str], *, own: bool) -> ReplyRule:
    for key in table:
        if key not in _PARTS:
            raise _WrongError(key, _unknown_key(key))
    rule = ReplyRule(
        _id(table, taken),
        _class(table),
        frozenset(_texts(table, "stage", STAGES)),
        tuple(domain.casefold() for domain in _texts(table, "domain")),
        tuple(_code(code) for code in _texts(table, "code")),
        tuple(_texts(table, "enhanced")),
        tuple(_compiled("pattern", text) for text in _texts(table, "pattern")),
        _unless(table),
        _rest(table, _class(table)),
        _vague(table),
    )
    _refuse_harmful(rule, own=own)
    return rule


def _refuse_harmful(rule: ReplyRule, *, own: bool) -> None:
    """What would send a letter twice, or strike somebody off the list who was only refused just now."""
    if own and (rule.reply_class is ReplyClass.ACCEPTED or rule.id == ReplyClass.ACCEPTED):
        raise _WrongError("class", phrase("dispatch.rule_file.accepted_is_not_for_rules"))
    if rule.reply_class is ReplyClass.LOST:
        raise _WrongError("class", phrase("dispatch.rule_file.lost_is_no_reply"))
    permanent = rule.codes and all(code.startswith("5") for code in rule.codes)
    if rule.reply_class is ReplyClass.BAD_ADDRESS and not (
        rule.stages and rule.stages <= _ABOUT_THE_RECIPIENT and permanent
    ):
        raise _WrongError("class", phrase("dispatch.rule_file.bad_address_needs_5xx"))


def _id(table: Mapping[str, Any], taken: set[str]) -> str:
    value = table.get("id")
    if not isinstance(value, str) or not _ID.fullmatch(value) or len(value) > _LONGEST_ID:
        raise _WrongError("id", phrase("dispatch.rule_file.no_id", most=_LONGEST_ID))
    if value in taken:
        raise _WrongError("id", phrase("dispatch.rule_file.id_twice", id=value))
    return value


def _class(table: Mapping[str, Any]) -> ReplyClass:
    value = table.get("class")
    try:
        return ReplyClass(str(value))
    except ValueError:
        raise _WrongError("class", _unknown_class(value)) from None


def _unknown_key(key: str) -> Phrase:
    if near := suggestion(key, _PARTS):
        return phrase("dispatch.rule_file.unknown_part_but_near", near=near)
    return phrase("dispatch.rule_file.unknown_part", known=_PARTS)


def _unknown_class(value: object) -> Phrase:
    known = tuple(kind.value for kind in ReplyClass if kind not in (ReplyClass.ACCEPTED, ReplyClass.LOST))
    if isinstance(value, str) and (near := suggestion(value, known)):
        return phrase("dispatch.rule_file.unknown_class_but_near", known=known, near=near)
    return phrase("dispatch.rule_file.unknown_class", known=known)


def _unless(table: Mapping[str, Any]) -> re.Pattern[str] | None:
    if "unless" not in table:
        return None
    if not isinstance(table["unless"], str):
        raise _WrongError("unless", phrase("dispatch.rule_file.not_text"))
    return _compiled("unless", table["unless"])


def _compiled(key: str, text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise _WrongError(key, phrase("dispatch.rule_file.no_regular_expression", reason=str(error))) from None


def _rest(table: Mapping[str, Any], reply_class: ReplyClass) -> timedelta:
    if "rest" not in table:
        return _RESTS.get(reply_class, timedelta(0))
    if reply_class not in _RESTS:
        raise _WrongError("rest", phrase("dispatch.rule_file.rest_of_other_class", known=tuple(_RESTS)))
    try:
        rest = length_of_time(table["rest"])
    except WrongValueError as wrong:
        raise _WrongError("rest", wrong.said) from None
    if rest > _LONGEST_REST:
        raise _WrongError("rest", phrase("dispatch.rule_file.rest_too_long"))
    return rest


def _vague(table: Mapping[str, Any]) -> bool:
    value = table.get("vague", False)
    if not isinstance(value, bool):
        raise _WrongError("vague", phrase("dispatch.rule_file.not_true_or_false"))
    return value


def _texts(table: Mapping[str, Any], part: str, known: Iterable[str] = ()) -> list[str]:
    value = table.get(part, [])
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise _WrongError(part, phrase("dispatch.rule_file.not_texts"))
    for each in values:
        if known and each not in known:
            raise _WrongError(part, phrase("dispatch.rule_file.unknown_value", value=repr(each), known=tuple(known)))
    return values


def _code(text: str) -> str:
    if not re.fullmatch(r"[0-9](?:[0-9][0-9]|[0-9]x|xx)", text):
        raise _WrongError("code", phrase("dispatch.rule_file.no_code", value=repr(text)))
    return text.rstrip("x")
