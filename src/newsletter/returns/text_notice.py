"""Whether a text is a mail system's notice, of what kind, and where the copy of the letter begins. Touches: nothing.

People write about undelivered letters too, and forward notices: a text alone is believed only where a mail system says
that it speaks; else sender, subject and form have to agree.
"""

import re
from dataclasses import dataclass

from .model import Kind
from .notice_words import notice_words, says
from .text_addresses import begins_with_address

_MOST_CHARACTERS = 100_000
_LONGEST_LINE = 1_000
_MOST_LINES = 400
"""Of the notice itself; the longest ones of forty recipients have some two hundred."""
_LONGEST_SEPARATOR = 160
_HEADER_OF_COPY = re.compile(r"(?:return-path|received|delivered-to|x-[a-z-]{2,40}|dkim-signature):", re.IGNORECASE)
_ANSWER = re.compile(r"\s*(?:(?:re|fw|fwd|aw|답장|회신|전달)\s*[:\]]|\[(?:re|fwd?|답장|회신|전달)\])", re.IGNORECASE)
_CODE = re.compile(r"(?<![\w.])(?:[45][0-5]\d[ -]|#?[45]\.\d\.\d{1,3}(?![\d.]))")


@dataclass(frozen=True, slots=True)
class PlainNotice:
    """A notice without the copy of the letter."""

    kind: Kind
    lines: tuple[str, ...]


def notice_in(text: str, subject: str, sender: str) -> PlainNotice | None:
    """The notice, or None: a letter, an automatic reply, a challenge."""
    lines = _before_copy(text)
    folded = "\n".join(line for line in lines if not _is_quoted(line)).casefold()
    words = notice_words()
    if says(folded, words.challenges) or not _is_notice(folded, lines, subject, sender):
        return None
    about = f"{subject.casefold()}\n{folded}"
    is_delay = says(about, words.delays) and not says(about, words.given_up)
    return PlainNotice(Kind.DELAY if is_delay else Kind.BOUNCE, lines)


def _is_notice(folded: str, lines: tuple[str, ...], subject: str, sender: str) -> bool:
    """A person who asks why a letter did not arrive has the words, and perhaps the subject, but not the form."""
    words = notice_words()
    is_system = sender.strip(" <>") == "" or says(sender.casefold(), words.senders)
    is_answer = bool(_ANSWER.match(subject))
    is_told = says(folded, words.systems)
    if is_answer and not is_system:
        return False
    if is_told and (is_system or _has_form(lines)):
        return True
    speaks = says(folded, words.failures) or says(folded, words.delays)
    has_subject = says(subject.casefold(), (*words.subjects, *words.failures))
    if is_system:
        return has_subject or (_has_address(lines) and (is_told or speaks or _has_form(lines)))
    if has_subject and says(sender.casefold(), words.unattended):
        return speaks and _has_address(lines)
    return has_subject and (is_told or (speaks and _has_form(lines)))


def _has_form(lines: tuple[str, ...]) -> bool:
    """A line that is an address, or a code of SMTP."""
    return any(begins_with_address(line) or _CODE.search(line) for line in lines)


def _has_address(lines: tuple[str, ...]) -> bool:
    return any("@" in line for line in lines)


def _before_copy(text: str) -> tuple[str, ...]:
    kept: list[str] = []
    originals = notice_words().originals
    for line in text[:_MOST_CHARACTERS].splitlines()[:_MOST_LINES]:
        clipped = line[:_LONGEST_LINE].rstrip()
        if _HEADER_OF_COPY.match(clipped) and any(kept):
            break
        if len(clipped) <= _LONGEST_SEPARATOR and _begins_copy(clipped, originals, bool(kept)):
            break
        kept.append(clipped)
    return tuple(kept)


def _begins_copy(line: str, originals: tuple[str, ...], has_notice: bool) -> bool:
    """`--- Below this line is a copy of the message.`, not a sentence that speaks of the copy in the middle."""
    folded = line.strip().casefold()
    if not has_notice or not folded or "attached" in folded.partition("original message")[0]:
        return False
    is_rule = not folded[0].isalnum() or folded[-1] in ":-=*_#" or len(folded) < 60
    return is_rule and says(folded, originals)


def _is_quoted(line: str) -> bool:
    return line.startswith(("> ", ">>", "|"))
