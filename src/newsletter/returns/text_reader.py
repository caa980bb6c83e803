"""Read a bounce that is no RFC 3464 message: qmail's, Exim's, old sendmail's, Exchange's, Korean mail systems'.

Touches: nothing. Bounded: it looks at the first 100,000 characters, and its time grows with them and no faster.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.dispatch.reply_class import ReplyClass
from newsletter.printable import one_line

from .classes import rule_of_return
from .flufl_reader import addresses_by_flufl
from .model import Kind
from .notice_words import notice_words, says
from .text_addresses import addresses_in_line
from .text_notice import PlainNotice, notice_in
from .text_recipients import Mention, labelled_reasons, mentions_in

_LONGEST_REASON = 500
_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d\.\d{1,3})(?![\d.])")
_CODE = re.compile(
    r"(?<![\w.#/-])([45][0-5]\d)(?=[ \-#:,)\]]|$)"
    r"(?! ?(?:hours?|days?|min|[kmg]?b\b|bytes|lines|messages|건|통|시간|일))",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?]\s+|\s{2,}|\s[*-]\s")
_MOST_SENTENCES = 60
GENERAL_RULES = frozenset({"permanent", "temporary"})
"""Of what no other rule knows."""


@dataclass(frozen=True, slots=True)
class TextReport:
    """What the words of a notice say of one recipient."""

    kind: Kind
    """`BOUNCE` or `DELAY`."""
    address: str
    """As it stood there; empty where the notice names nobody."""
    text: str = ""
    """The reason, on one line, at most 500 characters."""
    code: int = 0
    """SMTP reply code, 0 where none was said."""
    enhanced: str = ""
    """RFC 3463, such as 5.1.1; empty where none was said."""


def read_bounce_text(
    text: str, *, subject: str = "", sender: str = "", failed_recipients: Sequence[str] = ()
) -> tuple[TextReport, ...]:
    """One report for each recipient; none where the text is no notice of a mail system.

    `text` is the decoded first text part (HTML made plain), without the returned message where that is a part of its
    own. `sender` is From, decoded, with its name. `failed_recipients` are addresses that a header names, as Exim's
    X-Failed-Recipients does.
    """
    notice = notice_in(text, subject, sender)
    if notice is None:
        return tuple(TextReport(Kind.BOUNCE, address) for address in failed_recipients)
    own = frozenset(found.address.casefold() for found in addresses_in_line(sender))
    mentions = mentions_in(notice.lines, own)
    if failed_recipients:
        mentions = _named_in_header(failed_recipients, mentions)
    elif not any(mention.is_named for mention in mentions):
        by_flufl = addresses_by_flufl(notice.lines, subject, sender)
        mentions = [Mention(address, "") for address in by_flufl] or mentions or [Mention("", "")]
    common = _common_reason(notice, subject)
    return tuple(_report(notice.kind, mention, common, is_alone=len(mentions) == 1) for mention in mentions)


def _named_in_header(names: Sequence[str], mentions: Sequence[Mention]) -> list[Mention]:
    known = {mention.address.casefold(): mention for mention in mentions}
    only = mentions[0].reason if len(mentions) == 1 else ""
    return [known.get(name.casefold(), Mention(name, only)) for name in names]


def _report(kind: Kind, mention: Mention, common: "_Reason", *, is_alone: bool) -> TextReport:
    """Its own words, if the rules know them; else those of the whole notice, unless another's end may be told there."""
    own = _Reason.of(kind, mention.reason, mention.address.rpartition("@")[2].casefold())
    is_for_all = is_alone or not own.text or common.reply_class != ReplyClass.BAD_ADDRESS
    chosen = own if own.is_known or not is_for_all else max(common, own, key=_worth)
    return TextReport(kind, mention.address, chosen.text, chosen.code, chosen.enhanced)


@dataclass(frozen=True, slots=True)
class _Reason:
    """Words that may be the reason, and whether the rules know them."""

    text: str
    code: int
    enhanced: str
    reply_class: str
    """Empty where they say only that something failed."""

    @property
    def is_known(self) -> bool:
        return bool(self.reply_class)

    @property
    def has_code(self) -> bool:
        return bool(self.code or self.enhanced)

    @classmethod
    def of(cls, kind: Kind, text: str, domain: str = "") -> "_Reason":
        line = one_line(text[: 2 * _LONGEST_REASON])[:_LONGEST_REASON].rstrip()
        code, enhanced = codes_in(line)
        rule = rule_of_return(kind, code=code, enhanced=enhanced, text=line, domain=domain)
        return cls(line, code, enhanced, "" if rule.id in GENERAL_RULES else rule.reply_class.value)


def _worth(reason: _Reason) -> tuple[bool, bool, bool]:
    return reason.is_known, reason.has_code, bool(reason.text)


def _common_reason(notice: PlainNotice, subject: str) -> _Reason:
    """What the notice says as a whole: after a label, in the transcript, in its sentences and its subject."""
    labelled = " ".join(labelled_reasons(notice.lines))
    transcript = [line for line in notice.lines if any(codes_in(line))][:_MOST_SENTENCES]
    reasons = [_Reason.of(notice.kind, words) for words in (labelled, *transcript)]
    if labelled or any(reason.is_known for reason in reasons):
        return next((reason for reason in reasons if reason.is_known), reasons[0])
    agreed = _agreed([_Reason.of(notice.kind, words) for words in (*_sentences(notice), subject)])
    return agreed or next((reason for reason in reasons if reason.has_code), reasons[0])


def _sentences(notice: PlainNotice) -> list[str]:
    """Those of the notice that do not hedge: many list what the reason might be."""
    hedges = notice_words().hedges
    sentences = _SENTENCE_END.split(" ".join(line.strip() for line in notice.lines))
    return [one for one in sentences[:_MOST_SENTENCES] if one and not says(f" {one.casefold()} ", hedges)]


def _agreed(reasons: Sequence[_Reason]) -> _Reason | None:
    """The first that the rules know, where none says another thing."""
    known = {reason.reply_class: reason for reason in reversed(reasons) if reason.is_known}
    return next(iter(known.values())) if len(known) == 1 else None


def codes_in(text: str) -> tuple[int, str]:
    """The reply code and the enhanced one; a code that contradicts the enhanced one is no code."""
    enhanced = next((found[1] for found in _ENHANCED.finditer(text)), "")
    code = next((int(found[1]) for found in _CODE.finditer(text) if enhanced[:1] in ("", found[1][0])), 0)
    return code, enhanced
