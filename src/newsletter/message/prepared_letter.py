"""One edition with all that is the same in each of its messages; the rest is copied in. Touches: nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.edition.edition import Edition

from .fillings import ANY_TOKEN, Fillings
from .header_encoding import Field, mailbox
from .headers import leaving_fields, sender_field, standing_fields, subject_field, unsubscribe_url, web_url
from .holes import holed_texts
from .message import Letterhead
from .mime import frame


@dataclass(frozen=True, slots=True)
class Parts:
    """What one subscriber would get, in pieces, for people to look at; `headers` are decoded, in order."""

    subject: str
    html: str
    text: str
    headers: tuple[tuple[str, str], ...]


class PreparedLetter:
    """What is personal comes as `filled`, by `fillings.fill`, and as the arguments of `head`."""

    def __init__(self, edition: Edition, letterhead: Letterhead) -> None:
        self._letterhead = letterhead
        self._language = edition.language
        self.fillings = Fillings(edition.holes, _own_links(letterhead))
        self._subject, self._html, self._text = holed_texts(edition, self.fillings)
        self._fixed_subject = (
            None if self._subject.holes else subject_field(letterhead, edition.language, edition.subject)
        )
        around = frame(edition)
        self._top = sender_field(letterhead)
        self._leaving = leaving_fields(letterhead, ANY_TOKEN)
        self._standing = [*standing_fields(letterhead, edition.language), around.content_type]
        below = b"".join(field.wire for field in [*self._leaving, *self._standing])
        self._round_tokens = below.split(ANY_TOKEN.encode("ascii"))
        self._encoded_text = self._text.encoded(before=around.opening, after=around.middle)
        self._encoded_html = self._html.encoded()
        self._closing = around.closing
        self._fixed_html = sum(len(piece.encode()) for piece in self._html.pieces)

    def head(self, name: str, recipient: str, identity: str, token: str, filled: Sequence[str]) -> bytes:
        """All header fields, without the empty line."""
        to, subject = mailbox("To", name, recipient), self._subject_field(filled)
        below = token.encode("ascii").join(self._round_tokens)
        return b"".join((self._top.wire, to.wire, subject.wire, _message_id_line(identity), below))

    def body(self, filled: Sequence[str]) -> list[bytes]:
        """The octets after the header, in pieces; the first two are the empty line."""
        written = self._encoded_text.fill(self._text.octets(filled))
        written += self._encoded_html.fill(self._html.octets(filled))
        written.append(self._closing)
        return written

    def html_octets(self, filled: Sequence[str]) -> int:
        """How many the HTML has before it is encoded."""
        return self._fixed_html + sum(map(len, self._html.octets(filled)))

    def parts(self, name: str, recipient: str, identity: str, token: str, filled: Sequence[str]) -> Parts:
        """What `head` and `body` hold, decoded."""
        subject = self._subject_field(filled)
        message_id = Field("Message-ID", identity, _message_id_line(identity))
        personal = [mailbox("To", name, recipient), subject, message_id]
        fields = [self._top, *personal, *self._leaving, *self._standing]
        return Parts(
            subject=subject.text,
            html=self._html.fill(filled).replace("\r\n", "\n"),
            text=self._text.fill(filled).replace("\r\n", "\n"),
            headers=tuple((field.name, field.text.replace(ANY_TOKEN, token)) for field in fields),
        )

    def _subject_field(self, filled: Sequence[str]) -> Field:
        if self._fixed_subject:
            return self._fixed_subject
        return subject_field(self._letterhead, self._language, self._subject.fill(filled))


def _message_id_line(identity: str) -> bytes:
    return f"Message-ID: {identity}\r\n".encode("ascii")


def _own_links(letterhead: Letterhead) -> dict[str, str]:
    return {
        "link.unsubscribe": unsubscribe_url(letterhead, ANY_TOKEN) if letterhead.pages_url else "",
        "link.web": web_url(letterhead) if letterhead.archive_url else "",
    }
