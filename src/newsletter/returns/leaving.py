"""Tell who wants out by mail: the mailto of List-Unsubscribe (message/headers.py), or who writes so. Touches: nothing.

A token counts where the reader's program put it: in the subject, in the address, or as all that the body says. One in
a quoted letter does not: who answers a letter has not left.
"""

import re

from .clues import tokens_in, tokens_sent_to
from .mime import MimePart

_WISH = (
    r"(?:unsubscribe|unsub|opt[ -]?out|수신 ?거부|구독 ?(?:취소|해지|중지)|수신 ?(?:중단|해지)|abmelden|配信停止|退订)"
)
_SUBJECT = re.compile(rf"^\s*(?:re\s?:\s*)?\W{{0,3}}{_WISH}(?![\w-])", re.IGNORECASE)
_BODY = re.compile(rf"^\s*{_WISH}\s{{1,10}}(\S{{50}})\s*(?:\n|$)", re.IGNORECASE)
_ALONE = re.compile(rf"^\s*(?:re\s?:\s*)?\W{{0,3}}{_WISH}\W{{0,3}}$", re.IGNORECASE)


def tokens_of_leaving(message: MimePart, text: str) -> tuple[str, ...] | None:
    """Those of who leaves, perhaps none; None where nobody says so."""
    subject = message.fields.text("subject")
    if _SUBJECT.match(subject):
        if found := tokens_in(subject) or tokens_sent_to(message):
            return tuple(found)
        if body := _BODY.match(text):
            return tuple(tokens_in(body[1]))
        return () if _ALONE.match(subject) else None
    if not subject and (body := _BODY.match(text)):
        return tuple(tokens_in(body[1]))
    return None
