"""What another mailing tool would have filled in, and what a person meant to: places in a text. Touches: nothing.

Certain is what no sentence has (`*|FNAME|*`, `#{이름}`); what may be meant is only a doubt (`{name}`, `○○○님`). Where a
sign has a use of its own, the word in it decides: `<<이름>>` and `[NAME]` are fields, `<<목민심서>>` is a book and
`[보도자료]` a label. `《》` and `〈〉` are never looked at. Sources: docs/checking.md.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

# Fields as lists of addresses call them; nothing that a label, a rubric or a book is called by.
_RECEIVER = r"수신자|수신인|받는\s?사람|받는\s?분"
_WHO = rf"{_RECEIVER}|고객|회원|구독자|독자|참가자|참석자|신청자|담당자"
_NAME = rf"(?:(?:{_WHO})\s?)?(?:이름|성명|성함)|(?:{_WHO})\s?명|{_RECEIVER}"
_NAME_EN = (
    r"(?:(?:first|last|full|given|family|sur|nick|user|your|recipient|customer|contact|subscriber|member|f|l)[ _-]?)?"
    r"name"
    r"|company[ _-]?name|your[ _-](?:company|organi[sz]ation)|insert [^\[\]\n]{1,40}"
)
_OTHER = r"(?:회사|기관|단체|학교|부서|업체)\s?명|(?:쿠폰|주문|예약|접수|우편|전화|휴대폰|휴대전화|회원|사원)\s?번호"
_LEAVE = (
    r"unsubscribe(?:[ _-]?(?:url|link|me))?|수신\s?거부(?:\s?(?:링크|주소))?|web[ _-]?version|view[ _-]in[ _-]browser"
)
_FIELD = rf"(?:{_NAME}|{_NAME_EN}|{_OTHER}|{_LEAVE})"
_COLUMN = (
    rf"(?:{_NAME}|{_NAME_EN}|{_OTHER}|{_LEAVE}|(?:(?:{_WHO})\s?)?(?:이메일|메일|전자우편|번호|주소|소속|부서|직위|직급|직책)(?:\s?주소)?"
    r"|e-?mail(?:[ _]?address)?|(?:mobile|phone)(?:[ _]?number)?|address[ _]?block|greeting[ _]?line|next[ _]?record)"
)
# What a tool's own names look like: `UNSUB_LINK_EN`, `data:firstname:"there"`.
_MACHINE = r"[A-Za-z][A-Za-z0-9]*[_:][^\s\[\]<>«»]{1,60}"
_DEFAULT = r"(?:\s*(?:\||,|:| OR )[^\[\]{}<>\n]{0,60})?"
_POLITE = r"\s?(?:고객|회원|구독자|독자|시민|선생|교수|대표|위원|담당자|주민|학부모)?\s?(?:님|귀하|귀중|貴下)"


@dataclass(frozen=True, slots=True)
class Leftover:
    """One of them; `system` names the tools that write so, empty where many do."""

    start: int
    end: int
    is_certain: bool
    system: str = ""


_CERTAIN = (
    ("Mailchimp", r"\*\|[^|\n]{1,80}\|\*"),
    ("Stibee", r"\$%[^%$\n]{1,80}%\$"),
    ("Zoho Campaigns", r"\$\[[A-Za-z가-힣][^\[\]\n]{0,80}\]\$"),
    ("DirectSend", r"\[\$[A-Za-z_가-힣]\w{0,40}\$?\]"),
    ("SendGrid", r"\[%\s?[A-Za-z_가-힣](?:[^%\[\]\n]{0,80}[^%\[\]\n\d])?%\]"),
    ("Campaign Monitor, Sendy", r"\[[\w ]{1,40},\s?fallback=[^\[\]\n]{0,60}\]"),
    ("GetResponse, Mailjet", rf"\[\[\s?(?:{_COLUMN}|{_MACHINE}){_DEFAULT}\s?\]\](?![(\[])"),
    ("Mailgun", r"%(?:recipient[._][^%\s]{1,60}|(?:mailing_list_|tag_)?unsubscribe_(?:url|email))%"),
    ("Salesforce", r"(?<![\d%])%%(?!%)[=\[A-Za-z_가-힣][^%\n]{0,80}%%|\{![A-Za-z][^{}\n]{0,80}\}"),
    ("Mautic", r"\{contactfield=[^{}\n]{1,80}\}"),
    ("MailerLite", r"\{\$[A-Za-z_가-힣]\w{0,60}[^{}\n]{0,60}\}"),
    ("Eloqua", r"~~eloqua[^~\n]{1,120}~~"),
    ("Word", rf"<<{_COLUMN}>>|«{_COLUMN}»|(?:<<|«){_MACHINE}(?:>>|»)|\{{?\s?\bMERGEFIELD\s[^{{}}\n]{{1,60}}\}}?"),
    ("HubSpot, Klaviyo", r"\{%-?\s?[A-Za-z=][^\n]{0,200}?%\}|\{#[^{}\n]{1,200}#\}"),
    ("ERB", r"<%[^\n]{1,200}?%>"),
    ("PHP", r"<\?(?:php\b|=)[^\n]{0,200}?(?:\?>|$)"),
    ("NHN Cloud", rf"(?<![A-Za-z0-9#])##(?:{_COLUMN}|[A-Za-z_]\w{{0,40}})##(?!#)"),
    ("", r"#\{[^{}\n]{1,60}\}"),
    ("", r"(?<![A-Za-z0-9@])@@[A-Za-z_가-힣][\w.]{0,40}@@"),
    ("", r"(?=[{｛]{2}[^{}｛｝\n]{1,80}[}｝]{2})(?:｛|\{｛)[{｛]?[^{}｛｝\n]{1,80}[}｝]{2}"),
)
_DOUBTFUL = (
    r"\[\[(?=[^\[\]\n]*[^\W\d])[^\[\]\n]{1,60}\]\](?![(\[:])",
    rf"(?<![A-Za-z0-9_^}}\\{{$#%])\{{(?:{_COLUMN}|[A-Za-z][A-Za-z_][\w.]{{0,30}}){_DEFAULT}\}}(?!\}})",
    rf"(?<!｛)｛{_COLUMN}｝",
    r"\$!?\{[^{}\n]{1,60}\}",
    rf"(?<!\w)\$(?:{_COLUMN})\$",
    r"(?<![\w%)])%(?![0-9A-F]{2}%)(?:[A-Za-z_][\w.:]{1,40}|[가-힣]{2,10})%(?![\d%])",
    rf"(?<![A-Za-z0-9\]\\!])\[{_FIELD}\](?![(\[:])",
    rf"(?<!\w)[<〈(](?:{_NAME})[>〉)]{_POLITE}",
    rf"(?<![\w㈜)])(?:[○◯〇□■◇△☆●]{{2,5}}|OO|OOO|XX|XXX|ㅇㅇ|ㅇㅇㅇ){_POLITE}",
    rf"(?:(?<=\s)|^)_{{2,10}}{_POLITE}",
)
MOST_LEFTOVERS = 50
"""More than anybody reads."""
_FLAGS = re.IGNORECASE | re.MULTILINE
_SIGNS = re.compile(r"[%$\[{｛<«@#~*○◯〇□■◇△☆●_〈(]|OO|XX|ㅇㅇ|MERGEFIELD")
_PATTERNS = tuple((system, re.compile(pattern, _FLAGS)) for system, pattern in _CERTAIN)
_MAYBE = tuple(re.compile(pattern, _FLAGS) for pattern in _DOUBTFUL)
# `[이름] 홍길동` at the beginning of a line is a label; `[이름] 님` is not.
_LABEL = re.compile(
    rf"(?:(?<=\n)|\A)[ \t>*\-+·○□]*\[{_FIELD}\]\**:?[ \t]+(?!님|귀하|회원|고객|구독자|독자)\S", re.IGNORECASE
)
_NO_BREAK = re.compile(r"[^\n]")
_OWN = re.compile(r"\{\{.{0,500}?\}\}", re.DOTALL)
_ADDRESS = re.compile(
    r"\]\([^)\n]*\)|(?:(?:https?|mailto|tel):|www\.)[^\s<>]+|(?<![\w.+-])[\w.+-]+@[\w.-]+", re.IGNORECASE
)


def leftovers_in(text: str) -> Iterator[Leftover]:
    """Certain ones first; what is in one is no other. Merge fields of ours are none. Limits: the first 50 of a text."""
    return islice(_all_in(text), MOST_LEFTOVERS) if _SIGNS.search(text) else iter(())


def _all_in(text: str) -> Iterator[Leftover]:
    text = _OWN.sub(_blank, text)
    taken: list[tuple[int, int]] = []
    for system, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if _is_free(match, taken):
                yield Leftover(match.start(), match.end(), is_certain=True, system=system)
    text = _LABEL.sub(_blank, _ADDRESS.sub(_blank, text))
    for pattern in _MAYBE:
        for match in pattern.finditer(text):
            if _is_free(match, taken):
                yield Leftover(match.start(), match.end(), is_certain=False)


def _is_free(match: re.Match[str], taken: list[tuple[int, int]]) -> bool:
    """Whether no other has this piece of the text already; then it is taken."""
    is_free = all(match.end() <= start or end <= match.start() for start, end in taken)
    if is_free:
        taken.append(match.span())
    return is_free


def _blank(match: re.Match[str]) -> str:
    return _NO_BREAK.sub(" ", match[0])
