"""What a reply is about, by tables that are data: `rules.toml`, and an operator's own over it.

Touches: these two files, once each. Limits: the same code means different things at different receivers; what no rule
names is temporary by 4, permanent by 5 and never harms a subscriber's future.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from newsletter.catalogue import Phrase, Said, phrase
from newsletter.errors import Problem, SettingsError
from newsletter.excerpt import excerpt, suggestion
from newsletter.settings.load import place_in_settings
from newsletter.settings.places import Places, array_places
from newsletter.settings.system_reason import system_reason
from newsletter.settings.toml_faults import toml_fault
from newsletter.smtp.reply import Reply

STAGES = ("connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "dot")
_WITH_RECIPIENT = frozenset({"rcpt", "data", "dot"})
_PARTS = ("id", "class", "stage", "domain", "code", "enhanced", "pattern")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_LONGEST_ID = 40
"""Characters."""


class ReplyClass(StrEnum):
    """What a reply is about; what follows from it stands in decide.py."""

    ACCEPTED = "accepted"
    CONNECT = "connect"
    LOGIN = "login"
    SENDER = "sender"
    RELAYING = "relaying"
    """The relay does not carry mail for us at all: mostly a missing login."""
    CONTENT = "content"
    """Size, content, protocol: the same for everybody."""
    THROTTLE = "throttle"
    GREYLIST = "greylist"
    MAILBOX_FULL = "mailbox_full"
    BAD_ADDRESS = "bad_address"
    POLICY = "policy"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    LOST = "lost"
    """No reply: the link was lost. Not for rules."""


CLASS_IN_WORDS: Mapping[ReplyClass, Phrase] = {
    ReplyClass.ACCEPTED: phrase("dispatch.reply_class.accepted"),
    ReplyClass.CONNECT: phrase("dispatch.reply_class.connect"),
    ReplyClass.LOGIN: phrase("dispatch.reply_class.login"),
    ReplyClass.SENDER: phrase("dispatch.reply_class.sender"),
    ReplyClass.RELAYING: phrase("dispatch.reply_class.relaying"),
    ReplyClass.CONTENT: phrase("dispatch.reply_class.content"),
    ReplyClass.THROTTLE: phrase("dispatch.reply_class.throttle"),
    ReplyClass.GREYLIST: phrase("dispatch.reply_class.greylist"),
    ReplyClass.MAILBOX_FULL: phrase("dispatch.reply_class.mailbox_full"),
    ReplyClass.BAD_ADDRESS: phrase("dispatch.reply_class.bad_address"),
    ReplyClass.POLICY: phrase("dispatch.reply_class.policy"),
    ReplyClass.TEMPORARY: phrase("dispatch.reply_class.temporary"),
    ReplyClass.PERMANENT: phrase("dispatch.reply_class.permanent"),
    ReplyClass.LOST: phrase("dispatch.reply_class.lost"),
}
"""For people; the ledger, JSON and the files of rules have the value itself."""


@dataclass(frozen=True, slots=True)
class ReplyRule:
    """One table of the file; an empty part matches everything."""

    id: str
    reply_class: ReplyClass
    stages: frozenset[str]
    domains: tuple[str, ...]
    codes: tuple[str, ...]
    enhanced: tuple[str, ...]
    pattern: re.Pattern[str] | None

    @property
    def is_receivers(self) -> bool:
        """It knows the receiver by its domain, so the reply is that receiver's word and not the relay's."""
        return bool(self.domains)

    def matches(self, reply: Reply, domain: str) -> bool:
        return (
            (not self.stages or reply.stage in self.stages)
            and (not self.domains or (reply.stage in _WITH_RECIPIENT and self._is_for(domain)))
            and (not self.codes or any(_code_fits(code, reply.code) for code in self.codes))
            and (not self.enhanced or any(_enhanced_fits(wanted, reply.enhanced) for wanted in self.enhanced))
            and (self.pattern is None or self.pattern.search(reply.text) is not None)
        )

    def _is_for(self, domain: str) -> bool:
        return any(domain == name or domain.endswith(f".{name}") for name in self.domains)


ReplyRules = tuple[ReplyRule, ...]


def domain_of(address: str) -> str:
    """The part after the last at sign; the ledger's keys have it as an A-label."""
    return address.rpartition("@")[2]


def rule_for(reply: Reply, domain: str, rules: ReplyRules | None = None) -> ReplyRule:
    """The rule of a reply about a recipient in this domain (A-label; empty before there is a recipient)."""
    folded = domain.casefold().rstrip(".")
    chosen = packaged_rules() if rules is None else rules
    return next(rule for rule in chosen if rule.matches(reply, folded))


@cache
def packaged_rules() -> ReplyRules:
    """The rules that come with the package; the last one matches everything."""
    return read_rules(files(__package__).joinpath("rules.toml").read_text(encoding="utf-8"), "rules.toml")


def load_reply_rules(root: Path, name: str, variable: str = "") -> ReplyRules:
    """The package's rules with an operator's own over them. SettingsError naming file, line and what is wrong.

    `variable` of the environment is where the name comes from; empty: from newsletter.toml.
    """
    try:
        text = (root / name).read_bytes().decode("utf-8-sig")
    except OSError as error:
        words = phrase("dispatch.reply_rules.unreadable", file=name, reason=system_reason(error))
        problem = Problem(words, file=variable, path="smtp.rules")
        raise SettingsError(problems=[problem if variable else place_in_settings(root, problem)]) from error
    except UnicodeDecodeError:
        raise SettingsError(problems=[Problem(phrase("dispatch.reply_rules.not_utf_8"), file=name)]) from None
    return merged(read_rules(text, name, own=True))


def merged(own: ReplyRules) -> ReplyRules:
    """Own rules are asked first, after `accepted`; one that has the id of a packaged rule takes its place instead.

    The last two of the package stay behind theirs: no reply may be left without a rule, and no 4xx become final.
    """
    accepted, *packaged = packaged_rules()
    replacing = {rule.id: rule for rule in own}
    known = {rule.id for rule in packaged}
    rules = [accepted, *(rule for rule in own if rule.id not in known)]
    for rule in packaged:
        rules.append(replacing.get(rule.id, rule))
        if rule.id in replacing and rule in packaged[-2:]:
            rules.append(rule)
    return tuple(rules)


def read_rules(text: str, name: str, *, own: bool = False) -> ReplyRules:
    """Rules from TOML. Raises SettingsError with every wrong rule, its line and key."""
    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        fault = toml_fault(error, text)
        raise SettingsError(problems=[_problem(text, name, (fault.line, fault.column), fault.said)]) from None
    places = array_places(text, "rule")
    tables = data.pop("rule", [])
    problems = [Problem(phrase("dispatch.reply_rules.no_rule", key=key), file=name) for key in data]
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SettingsError(problems=[Problem(phrase("dispatch.reply_rules.how_a_rule_begins"), file=name)])
    rules: list[ReplyRule] = []
    for number, table in enumerate(tables):
        try:
            rules.append(_rule(table, {rule.id for rule in rules}, own=own))
        except _WrongError as wrong:
            where = _place(places, number, wrong.key)
            problems.append(_problem(text, name, where, wrong.words))
    if problems:
        raise SettingsError(problems=problems)
    return tuple(rules)


class _WrongError(ValueError):
    """What is wrong with one key of a rule."""

    def __init__(self, key: str, words: Phrase) -> None:
        super().__init__(key, words)
        self.key = key
        self.words = phrase("dispatch.reply_rules.of_key", key=key, wrong=words)


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
        _pattern(table),
    )
    _refuse_harmful(rule, own=own)
    return rule


def _refuse_harmful(rule: ReplyRule, *, own: bool) -> None:
    """What would send a letter twice, or strike somebody off the list who was only refused just now."""
    if own and (rule.reply_class is ReplyClass.ACCEPTED or rule.id == ReplyClass.ACCEPTED):
        raise _WrongError("class", phrase("dispatch.reply_rules.accepted_is_not_for_rules"))
    if rule.reply_class is ReplyClass.LOST:
        raise _WrongError("class", phrase("dispatch.reply_rules.lost_is_no_reply"))
    permanent = rule.codes and all(code.startswith("5") for code in rule.codes)
    if rule.reply_class is ReplyClass.BAD_ADDRESS and not (rule.stages == {"rcpt"} and permanent):
        raise _WrongError("class", phrase("dispatch.reply_rules.bad_address_needs_5xx"))


def _id(table: Mapping[str, Any], taken: set[str]) -> str:
    value = table.get("id")
    if not isinstance(value, str) or not _ID.fullmatch(value) or len(value) > _LONGEST_ID:
        raise _WrongError("id", phrase("dispatch.reply_rules.no_id", most=_LONGEST_ID))
    if value in taken:
        raise _WrongError("id", phrase("dispatch.reply_rules.id_twice", id=value))
    return value


def _class(table: Mapping[str, Any]) -> ReplyClass:
    value = table.get("class")
    try:
        return ReplyClass(str(value))
    except ValueError:
        raise _WrongError("class", _unknown_class(value)) from None


def _unknown_key(key: str) -> Phrase:
    if near := suggestion(key, _PARTS):
        return phrase("dispatch.reply_rules.unknown_part_but_near", near=near)
    return phrase("dispatch.reply_rules.unknown_part", known=_PARTS)


def _unknown_class(value: object) -> Phrase:
    known = tuple(kind.value for kind in ReplyClass if kind not in (ReplyClass.ACCEPTED, ReplyClass.LOST))
    if isinstance(value, str) and (near := suggestion(value, known)):
        return phrase("dispatch.reply_rules.unknown_class_but_near", known=known, near=near)
    return phrase("dispatch.reply_rules.unknown_class", known=known)


def _pattern(table: Mapping[str, Any]) -> re.Pattern[str] | None:
    if "pattern" not in table:
        return None
    if not isinstance(table["pattern"], str):
        raise _WrongError("pattern", phrase("dispatch.reply_rules.not_text"))
    try:
        return re.compile(table["pattern"], re.IGNORECASE)
    except re.error as error:
        raise _WrongError("pattern", phrase("dispatch.reply_rules.no_regular_expression", reason=str(error))) from None


def _texts(table: Mapping[str, Any], part: str, known: Iterable[str] = ()) -> list[str]:
    value = table.get(part, [])
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise _WrongError(part, phrase("dispatch.reply_rules.not_texts"))
    for each in values:
        if known and each not in known:
            raise _WrongError(part, phrase("dispatch.reply_rules.unknown_value", value=repr(each), known=tuple(known)))
    return values


def _code(text: str) -> str:
    if not re.fullmatch(r"[0-9](?:[0-9][0-9]|[0-9]x|xx)", text):
        raise _WrongError("code", phrase("dispatch.reply_rules.no_code", value=repr(text)))
    return text.rstrip("x")


def _code_fits(wanted: str, code: int) -> bool:
    return f"{code:03}".startswith(wanted)


def _enhanced_fits(wanted: str, enhanced: str) -> bool:
    return enhanced.startswith(wanted[:-1]) if wanted.endswith("*") else enhanced == wanted
