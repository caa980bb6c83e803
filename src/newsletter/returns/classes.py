"""What a bounce or a delay is about, by the rules of the replies: the same table, asked at the stage `returned`.

Touches: nothing. Limits: a notice without any code is asked as 550, a delay as 450.
"""

from newsletter.dispatch.reply_rule import ReplyRule
from newsletter.dispatch.reply_rules import ReplyRules, rule_for
from newsletter.smtp.reply import Reply

from .model import Kind

_USUAL = {Kind.BOUNCE: 550, Kind.DELAY: 450}
"""The code of a notice that tells none."""


def rule_of_return(
    kind: Kind, *, code: int = 0, enhanced: str = "", text: str = "", domain: str = "", rules: ReplyRules | None = None
) -> ReplyRule:
    """The rule of what a receiver said, by a DSN's Diagnostic-Code and Status or by the words of a plain notice.

    `kind` is `BOUNCE` or `DELAY`; `rules` are the operator's own laid over the packaged ones (load_reply_rules).
    """
    return rule_for(Reply("returned", code or _code_by(kind, enhanced), enhanced, text), domain, rules)


def _code_by(kind: Kind, enhanced: str) -> int:
    """A bounce with 4.4.7 was given up after a passing trouble: its cause stays a passing one."""
    first = enhanced[:1]
    return {"4": 450, "5": 550}.get(first, _USUAL.get(kind, 550))
