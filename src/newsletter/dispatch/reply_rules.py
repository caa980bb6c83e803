"""What a reply is about, by tables that are data: `rules.toml`, and an operator's own over it.

Touches: these two files, once each. Limits: the same code means different things at different receivers; what no rule
names is temporary by 4, permanent by 5 and never harms a subscriber's future.
"""

import re
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.errors import Problem, SettingsError
from newsletter.settings.load import place_in_settings
from newsletter.settings.system_reason import system_reason
from newsletter.smtp.reply import Reply

from .reply_rule import ReplyRule
from .rule_file import read_rules

ReplyRules = tuple[ReplyRule, ...]

_ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")
"""Patterns do not see addresses: a reader who is called daily-limit must not look like a limit."""


def rule_for(reply: Reply, domain: str, rules: ReplyRules | None = None) -> ReplyRule:
    """The rule of a reply about a recipient in this domain (A-label; empty before there is a recipient)."""
    folded = domain.casefold().rstrip(".")
    if "@" in reply.text:
        reply = replace(reply, text=_ADDRESS.sub("<>", reply.text))
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
        words = phrase("dispatch.rule_file.unreadable", file=name, reason=system_reason(error))
        problem = Problem(words, file=variable, path="smtp.rules")
        raise SettingsError(problems=[problem if variable else place_in_settings(root, problem)]) from error
    except UnicodeDecodeError:
        raise SettingsError(problems=[Problem(phrase("dispatch.rule_file.not_utf_8"), file=name)]) from None
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
