"""Which kind of answer a reply is, by rules that are data (`rules.toml`). Touches: that file, once.

Limits: the same code means different things at different receivers; what no rule names is temporary by 4, permanent
by 5 and never harms a subscriber's future.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from newsletter.errors import InputError
from newsletter.ledger.states import Reply

_TEXT_LIMIT = 500
"""Characters of a reply that are kept."""
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_PARTS = {"class", "stage", "domain", "code", "enhanced", "pattern"}


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


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table; an empty part matches everything."""

    reply_class: ReplyClass
    stages: frozenset[str]
    domains: tuple[str, ...]
    codes: tuple[str, ...]
    enhanced: tuple[str, ...]
    pattern: re.Pattern[str] | None

    def matches(self, reply: Reply, domain: str) -> bool:
        return (
            (not self.stages or reply.stage in self.stages)
            and (not self.domains or any(domain == name or domain.endswith(f".{name}") for name in self.domains))
            and (not self.codes or any(_code_fits(code, reply.code) for code in self.codes))
            and (not self.enhanced or any(_enhanced_fits(wanted, reply.enhanced) for wanted in self.enhanced))
            and (self.pattern is None or self.pattern.search(reply.text) is not None)
        )


Rules = tuple[Rule, ...]


def reply_of(stage: str, code: int, text: str) -> Reply:
    """A relay's words, fit to be kept and shown: one line, no control characters, the enhanced code split off.

    An enhanced code that contradicts the code (RFC 3463 2: same first digit) is left in the text and not believed.
    """
    match = _ENHANCED.match(text.lstrip())
    enhanced = match[1] if match and match[1][0] == str(code)[0] else ""
    if enhanced:
        # Each line of a reply repeats it (RFC 2034 4).
        text = re.sub(rf"(?m)^\s*{re.escape(enhanced)}(?:[ \t]+|$)", "", text)
    return Reply(stage, code, enhanced, " ".join(_UNPRINTABLE.sub(" ", text).split())[:_TEXT_LIMIT])


def classify(reply: Reply, domain: str, rules: Rules | None = None) -> ReplyClass:
    """The class of a reply about a recipient in this domain (A-label; empty before there is a recipient)."""
    folded = domain.casefold().rstrip(".")
    for rule in packaged_rules() if rules is None else rules:
        if rule.matches(reply, folded):
            return rule.reply_class
    return ReplyClass.TEMPORARY if reply.code // 100 == 4 else ReplyClass.PERMANENT


@cache
def packaged_rules() -> Rules:
    """The rules that come with the package."""
    return read_rules(files(__package__).joinpath("rules.toml").read_text(encoding="utf-8"), "rules.toml")


def read_rules(text: str, name: str) -> Rules:
    """Rules from TOML. Raises InputError, naming the rule by its number from 1."""
    try:
        tables = tomllib.loads(text).get("rule", [])
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name}: {error}") from error
    return tuple(_rule(table, f"{name}: rule {number}") for number, table in enumerate(tables, 1))


def _rule(table: Mapping[str, Any], where: str) -> Rule:
    if unknown := sorted(set(table) - _PARTS):
        raise InputError(f"{where}: unknown {', '.join(unknown)}; known are {', '.join(sorted(_PARTS))}")
    try:
        return Rule(
            ReplyClass(table["class"]),
            frozenset(_texts(table, "stage")),
            tuple(domain.casefold() for domain in _texts(table, "domain")),
            tuple(_code(code) for code in _texts(table, "code")),
            tuple(_texts(table, "enhanced")),
            re.compile(table["pattern"], re.IGNORECASE) if "pattern" in table else None,
        )
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise InputError(f"{where}: {error}") from error


def _texts(table: Mapping[str, Any], part: str) -> Iterable[str]:
    value = table.get(part, [])
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise TypeError(f"{part} must be a text or a list of texts")
    return values


def _code(text: str) -> str:
    if not re.fullmatch(r"[0-9](?:[0-9][0-9]|[0-9]x|xx)", text):
        raise ValueError(f"{text!r} is not a code like 421, 55x or 5xx")
    return text.rstrip("x")


def _code_fits(wanted: str, code: int) -> bool:
    return f"{code:03}".startswith(wanted)


def _enhanced_fits(wanted: str, enhanced: str) -> bool:
    return enhanced.startswith(wanted[:-1]) if wanted.endswith("*") else enhanced == wanted
