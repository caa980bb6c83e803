"""Whom a notice is about, and what it says of each. Touches: nothing.

No system is asked for by its name: where an address stands tells more. A line that begins with it, or a label before
it, is how all of them name a recipient; an address in the middle of a sentence counts where there is no better one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .notice_words import as_label, notice_words, says
from .text_addresses import AddressInLine, addresses_in_line, begins_with_address

_MOST_RECIPIENTS = 50
_MOST_REASON_LINES = 12
_LONGEST_LABEL = 40
_SEPARATORS = ":：=|\t]"
_ORNAMENTS = " \t<([\"'*>-+•·○●▶▷■□◆◇▪※◦ㆍ∙#~_"
_SENDERS = frozenset({"from", "sender", "mailfrom", "returnpath", "replyto", "보낸사람", "보낸메일주소", "발신자"})
_ENDINGS = ("주소", "메일", "이메일", "계정", "정보", "address", "(s)", "s")
_BEGINNINGS = (
    "실패한",
    "실패",
    "반송된",
    "반송",
    "오류",
    "전송실패",
    "발송실패",
    "배달실패",
    "failed",
    "original",
    "final",
    "intended",
)
_WEAK_LABELS = frozenset({"to"})
"""The letter's own field, which may be a list of others."""

_ANNOUNCING = ("reason", "error that the other server returned", "사유", "이유", "원인")


@dataclass(frozen=True, slots=True)
class Mention:
    """A recipient, and the words right after."""

    address: str
    reason: str
    is_named: bool = True
    """By a line or a label of its own; else it only stands in a sentence."""


def mentions_in(lines: Sequence[str], own: frozenset[str]) -> list[Mention]:
    """Each recipient once, as first named; `own` are addresses that are nobody's to be told of: the sender's."""
    ranked: list[tuple[int, int, AddressInLine]] = []
    for number, line in enumerate(lines):
        if "@" in line:
            before = lines[number - 1] if number else ""
            ranked += [(_rank(line, found, before), number, found) for found in addresses_in_line(line)]
    ranked = [one for one in ranked if one[0] and one[2].address.casefold() not in own]
    best = max((rank for rank, _, _ in ranked), default=0)
    starts = {number for rank, number, _ in ranked if rank == best}
    mentions: dict[str, Mention] = {}
    for rank, number, found in ranked:
        key = found.address.casefold()
        known = mentions.get(key)
        if rank == best and (known is None or not known.reason) and len(mentions) < _MOST_RECIPIENTS:
            mentions[key] = Mention(found.address, _reason_after(lines, number, found, starts), rank > 1)
    return list(mentions.values())


def _rank(line: str, found: AddressInLine, line_before: str) -> int:
    """3: the line begins with it, or a label stands before it. 2: an RCPT. 1: within a sentence. 0: somebody else's."""
    before = line[: found.start]
    if label_of(before) in _SENDERS:
        return 0
    is_first = begins_with_address(line) and not before.strip(_ORNAMENTS) and not _is_wrapped(line, found, line_before)
    if is_first or before[-5:].casefold() == "smtp=" or _is_label(label_of(before)):
        return 3
    folded = line.casefold()
    if says(folded, notice_words().others):
        return 0
    return 2 if "rcpt to" in folded or label_of(before) in _WEAK_LABELS else 1


def _is_wrapped(line: str, found: AddressInLine, line_before: str) -> bool:
    """A sentence that happens to be broken before an address: `… if` / `jane@example.com fails, try …`."""
    rest = line[found.end :]
    goes_on = rest[:1] == " " and rest[1:2].isascii() and rest[1:2].islower() and not rest.startswith(" on ")
    return goes_on and line_before.rstrip()[-1:].isalpha()


def _is_label(label: str) -> bool:
    """`받는분 메일 주소` and `반송된 수신자` too: what it is joined with does not change whose address it is."""
    if label in _WEAK_LABELS:
        return False
    labels = notice_words().labels
    bare = label
    for ending in _ENDINGS:
        bare = bare.removesuffix(ending)
    for beginning in _BEGINNINGS:
        bare = bare.removeprefix(beginning)
    return label in labels or bare in labels


def label_of(text: str) -> str:
    """The label before a value, without its ornaments: of `- 수신자 : <`, `RCPT TO:<`."""
    words = text[-_LONGEST_LABEL:].strip(_ORNAMENTS + ".0123456789" + _SEPARATORS)
    return as_label(words).casefold()


def _reason_after(lines: Sequence[str], number: int, found: AddressInLine, starts: set[int]) -> str:
    """The rest of the line and what is indented or follows under it, up to an empty line or the next recipient."""
    rest = lines[number][found.end :].lstrip(" \t>:)]\"',;.-으로에게의님은는을를")
    gathered = [rest] if rest else []
    for at in range(number + 1, min(len(lines), number + 1 + _MOST_REASON_LINES)):
        line = lines[at].strip()
        if at in starts:
            break
        if not line:
            if gathered:
                break
            continue
        gathered.append(line)
    return " ".join(gathered)


def labelled_reasons(lines: Sequence[str]) -> list[str]:
    """`사유 : …`, `Reason: …`; the value on the same line, or on the lines under it."""
    found: list[str] = []
    for number, line in enumerate(lines):
        place = min((at for at in map(line.find, _SEPARATORS) if at >= 0), default=-1)
        if _announces_reason(line):
            found.append(_paragraph(lines, number + 1))
            continue
        if not 0 < place <= _LONGEST_LABEL or label_of(line[: place + 1]) not in notice_words().reasons:
            continue
        value = line[place + 1 :].strip(" \t" + _SEPARATORS)
        found.append(value or _paragraph(lines, number + 1))
    return [value for value in found if value]


def _announces_reason(line: str) -> bool:
    """`This message was undeliverable due to the following reason:`"""
    folded = line.rstrip().casefold()
    return folded.endswith((":", "：")) and len(folded) > _LONGEST_LABEL and says(folded, _ANNOUNCING)


def _paragraph(lines: Sequence[str], start: int) -> str:
    gathered: list[str] = []
    for line in lines[start : start + _MOST_REASON_LINES]:
        if line.strip():
            gathered.append(line.strip())
        elif gathered:
            break
    return " ".join(gathered)
