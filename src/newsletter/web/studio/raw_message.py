"""Show a message as it goes over the wire, short enough for a page, and say of each header what it is for.

Touches: nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from newsletter.catalogue import Phrase, phrase

from .model import HeaderLine

_KEPT_LINES = 3
"""Lines of a picture that are shown; one may have 20,000."""
_SIGNATURE = re.compile(rb"^(DKIM-Signature): (.*(?:\r\n[ \t].*)*)", re.MULTILINE)

HEADER_WORDS: Mapping[str, Phrase] = {
    "From": phrase("web.headers.from"),
    "To": phrase("web.headers.to"),
    "Subject": phrase("web.headers.subject"),
    "Message-ID": phrase("web.headers.message_id"),
    "List-Unsubscribe": phrase("web.headers.list_unsubscribe"),
    "List-Unsubscribe-Post": phrase("web.headers.list_unsubscribe_post"),
    "Date": phrase("web.headers.date"),
    "Reply-To": phrase("web.headers.reply_to"),
    "List-Id": phrase("web.headers.list_id"),
    "List-Archive": phrase("web.headers.list_archive"),
    "Precedence": phrase("web.headers.precedence"),
    "X-Auto-Response-Suppress": phrase("web.headers.x_auto_response_suppress"),
    "Feedback-ID": phrase("web.headers.feedback_id"),
    "Content-Language": phrase("web.headers.content_language"),
    "MIME-Version": phrase("web.headers.mime_version"),
    "Content-Type": phrase("web.headers.content_type"),
    "DKIM-Signature": phrase("web.headers.dkim_signature"),
}
"""What each header that we send is for."""


def explained(headers: Iterable[tuple[str, str]]) -> tuple[HeaderLine, ...]:
    """The headers, in order, each with what it is for, where it is one of ours."""
    return tuple(HeaderLine(name, value, HEADER_WORDS.get(name)) for name, value in headers)


def signatures(data: bytes) -> list[tuple[str, str]]:
    """The signatures in the header of a message, as name and value, folds undone."""
    header = data.partition(b"\r\n\r\n")[0]
    return [(name.decode(), " ".join(value.decode("ascii").split())) for name, value in _SIGNATURE.findall(header)]


def readable_wire(data: bytes) -> str:
    """The message with \\n for line ends; of each picture only the first lines, then how many were left out."""
    return "\n".join(_shortened(data.decode("ascii", "backslashreplace").split("\r\n")))


def _shortened(lines: list[str]) -> Iterator[str]:
    is_picture, left_out, inside = False, 0, 0
    for line in lines:
        if line.startswith("--"):
            if left_out:
                yield f"[… {left_out}]"
            is_picture, left_out, inside = False, 0, 0
        elif line.lower().startswith("content-type: image/"):
            is_picture = True
        elif is_picture and (inside or not line):
            inside += 1
        if inside > _KEPT_LINES + 1:
            left_out += 1
        else:
            yield line
