"""What the relay said to how many, by class and rule, with an example that shows nobody's address. Touches: nothing.

Limits: an address in a reply that is written in a way nobody would recognise as one (in base64, say) is shown.
"""

import re
from collections.abc import Sequence

from newsletter.catalogue import Said, phrase
from newsletter.dispatch.reply_class import CLASS_IN_WORDS, ReplyClass
from newsletter.dispatch.reply_meanings import meaning_of
from newsletter.ledger.records import ReplyCount

from .layout import table_lines

_SHOWN = 100
"""Characters of a reply in the table."""

_AT = r"[@\uff20]"
"""Also in full width, as a Korean keyboard may write it."""
_PART = r"[^\s<>()\[\]{},;:'\"@\uff20|"
_ADDRESS = re.compile(rf"{_PART}]+{_AT}{_PART}]+{_PART}.]")
_HEAD = (
    phrase("report.status.reply"),
    phrase("report.status.rule"),
    phrase("report.status.deliveries"),
    phrase("report.status.example"),
)
_SHORTEST_NAME = 3
"""Characters; a shorter local part is in too many words."""


def replies_as_json(replies: Sequence[ReplyCount]) -> list[dict[str, str | int]]:
    """`{"class", "rule", "count", "example", "meaning", "remedy"}` of each kind of reply (docs/design.md 4.4)."""
    return [
        {
            "class": one.reply_class,
            "rule": one.reply_rule,
            "count": one.count,
            "example": example(one, "en"),
            "meaning": str(told.meaning) if (told := meaning_of(one.reply_rule, one.reply_class)) else "",
            "remedy": str(told.remedy) if told else "",
        }
        for one in replies
    ]


def replies_table(replies: Sequence[ReplyCount], language: str) -> list[str]:
    """Lines of a table; which rule gave a reply its class tells where to put a better one."""
    if not replies:
        return []
    rows = [tuple(word.in_language(language) for word in _HEAD)]
    rows += [
        (
            class_in_words(one.reply_class, language),
            one.reply_rule or "-",
            str(one.count),
            example(one, language)[:_SHOWN],
        )
        for one in replies
    ]
    return [f"  {line}" for line in table_lines(rows, numbers=frozenset({2}))] + _explained(replies, language)


def _explained(replies: Sequence[ReplyCount], language: str) -> list[str]:
    """What each rule means and how to mend it; of what was accepted nobody asks."""
    told = []
    for one in replies:
        words = meaning_of(one.reply_rule, one.reply_class)
        if words is not None and one.reply_class != ReplyClass.ACCEPTED:
            rule = one.reply_rule or class_in_words(one.reply_class, language)
            told.append(f"  {rule}: {words.meaning.in_language(language)}")
            told.append(f"    {words.remedy.in_language(language)}")
    return told


def meaning_and_remedy(one: ReplyCount) -> tuple[Said, ...]:
    """What it means and how to mend it."""
    words = meaning_of(one.reply_rule, one.reply_class)
    return (words.meaning, words.remedy) if words else ()


def class_in_words(reply_class: str, language: str) -> str:
    """A class that this version does not know is one that an earlier or a later one kept."""
    if reply_class in set(ReplyClass):
        return CLASS_IN_WORDS[ReplyClass(reply_class)].in_language(language)
    return reply_class.replace("_", " ")


def example(kind: ReplyCount, language: str) -> str:
    """One of the replies, without anybody's address."""
    reply = kind.example.reply
    return masked(reply.in_language(language), kind.example.key) if reply else ""


def masked(words: str, address: str) -> str:
    """The words with every address masked, and the local part of the one they are about, wherever it stands."""
    text = _ADDRESS.sub(lambda found: f"{found[0][0]}***@{re.split(_AT, found[0])[-1]}", words)
    name = address.rpartition("@")[0]
    if len(name) < _SHORTEST_NAME or name.casefold() not in text.casefold():  # a pattern of its own takes long to make
        return text
    return re.sub(rf"(?<![\w.]){re.escape(name)}(?![\w])", f"{name[0]}***", text, flags=re.IGNORECASE)


HIDDEN = "…"
"""Stands for an address, or for a domain that may be somebody's own."""


def without_addresses(words: str) -> str:
    """A reader's own words, of whom nothing is to be known."""
    return _ADDRESS.sub(HIDDEN, words)


def masked_address(address: str, *, hide_domain: bool) -> str:
    """`h***@naver.com`, or `h***@…`."""
    return f"{address[0]}***@{HIDDEN if hide_domain else address.rpartition('@')[2]}"


def masked_reply(words: str, key: str, *, hide_domain: bool) -> str:
    """As `masked`, of the reply to this address; `hide_domain`: also without the name of its domain."""
    hidden = masked(words, key)
    return hidden.replace(key.rpartition("@")[2], HIDDEN) if hide_domain else hidden
