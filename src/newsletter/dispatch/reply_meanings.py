"""What a reply means and how to mend it, for people, by the rule that knows it. Touches: nothing."""

import re
from dataclasses import dataclass
from functools import cache

from newsletter.catalogue import Phrase, entries, phrase

from .reply_class import ReplyClass
from .reply_rules import packaged_rules

_TOLD_AS = re.compile(r"-(?:in-words|at-rcpt)$")


@dataclass(frozen=True, slots=True)
class ReplyMeaning:
    """Two short texts."""

    meaning: Phrase
    remedy: Phrase
    """What an operator can do."""


def meaning_of(rule: str, reply_class: str) -> ReplyMeaning | None:
    """By the rule's id, or by the class where it has no words of its own; None for a class that nobody knows.

    An operator's own rule may have the id of a packaged one and mean something else: it is told by its class.
    """
    if reply_class not in set(ReplyClass):
        return None
    own = _TOLD_AS.sub("", rule)
    has_words = f"{own}.meaning" in entries("newsletter.dispatch", "words", "reply_meanings.toml")
    key = own if has_words and _classes().get(rule) == reply_class else f"class-{reply_class}"
    return ReplyMeaning(
        phrase(f"dispatch.reply_meanings.{key}.meaning"), phrase(f"dispatch.reply_meanings.{key}.remedy")
    )


@cache
def _classes() -> dict[str, ReplyClass]:
    return {rule.id: rule.reply_class for rule in packaged_rules()}
