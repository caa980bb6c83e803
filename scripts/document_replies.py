"""Write docs/replies.md from the rules, their words and the table of real replies, so that none can differ.

Touches: standard output, tests/dispatch/replies.toml. python scripts/document_replies.py > docs/replies.md
"""

import re
import tomllib
from itertools import groupby
from pathlib import Path

from newsletter.dispatch.reply_class import CLASS_IN_WORDS, ReplyClass
from newsletter.dispatch.reply_meanings import meaning_of
from newsletter.dispatch.reply_rules import packaged_rules

_TABLE = Path(__file__).parents[1] / "tests" / "dispatch" / "replies.toml"

HEAD = """# What a relay's reply means

Real replies of relays and receivers, by the rule that knows each, with its meaning and what to do. `newsletter status`
shows the same for the replies of an issue, in the newsletter's language. What follows from a class, and how to write a
rule of your own, is in [sending.md](sending.md#what-a-reply-means).

Made by `scripts/document_replies.py` from `src/newsletter/dispatch/rules.toml`, its words in Korean and English in
`src/newsletter/dispatch/words/reply_meanings.toml`, and `tests/dispatch/replies.toml`, which the tests hold against the
rules. Those at `returned` stood in bounces, which come later and by mail; where none was said, a code is added.
Addresses and numbers in the replies are exchanged for examples. "Assumed" is what nobody has published.
"""


def page() -> str:
    """The whole of docs/replies.md."""
    replies = tomllib.loads(_TABLE.read_text(encoding="utf-8"))["reply"]
    order = {rule.id: (list(ReplyClass).index(rule.reply_class), at) for at, rule in enumerate(packaged_rules())}
    classes = {rule.id: rule.reply_class for rule in packaged_rules()}
    replies.sort(key=lambda one: order[one["rule"]])
    parts = [HEAD]
    for kind, of_class in groupby(replies, key=lambda one: classes[one["rule"]]):
        parts.append(f"## {str(CLASS_IN_WORDS[kind]).capitalize()} (`{kind}`)\n")
        for rule, of_rule in groupby(of_class, key=lambda one: str(one["rule"])):
            parts.append(_rule(rule, kind, list(of_rule)))
    return "\n".join(parts)


def _rule(rule: str, kind: ReplyClass, replies: list[dict[str, str]]) -> str:
    told = meaning_of(rule, kind)
    explained = f"{told.meaning} *{told.remedy}*" if told else ""
    rows = [f"| {one['who']} | {one['stage']} | {_plain(one['said'])} | {_source(one['source'])} |" for one in replies]
    return "\n".join(
        [f"### {rule}\n", f"{_plain(explained)}\n", "| who | at | says | |", "|---|---|---|---|", *rows, ""]
    )


def _source(source: str) -> str:
    return re.sub(r"https://\S+", lambda link: f"[source]({link[0]})", source)


def _plain(text: str) -> str:
    """No markup but the stars of ours: angle brackets and bars of a reply are its own."""
    return re.sub(r"[<>|_\[\]]", lambda found: f"\\{found[0]}", text)


if __name__ == "__main__":
    print(page(), end="")
