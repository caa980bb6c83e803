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
        self._fixed_subject = None if self._subject.holes else self._subject_field(edition.subject)
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
        to, subject, message_id = self._personal_fields(name, recipient, identity, filled)
        below = token.encode("ascii").join(self._round_tokens)
        return b"".join((self._top.wire, to.wire, subject.wire, message_id.wire, below))

    def body(self, filled: Sequence[str]) -> list[bytes]:
        """The octets after the header, in pieces; the first two are the empty line."""
        return [
            *self._encoded_text.fill(self._text.octets(filled)),
            *self._encoded_html.fill(self._html.octets(filled)),
            self._closing,
        ]

    def html_octets(self, filled: Sequence[str]) -> int:
        """How many the HTML has before it is encoded."""
        return self._fixed_html + sum(map(len, self._html.octets(filled)))

    def parts(self, name: str, recipient: str, identity: str, token: str, filled: Sequence[str]) -> Parts:
        """What `head` and `body` hold, decoded."""
        personal = self._personal_fields(name, recipient, identity, filled)
        fields = [self._top, *personal, *self._leaving, *self._standing]
        return Parts(
            subject=personal[1].text,
            html=self._html.fill(filled).replace("\r\n", "\n"),
            text=self._text.fill(filled).replace("\r\n", "\n"),
            headers=tuple((field.name, field.text.replace(ANY_TOKEN, token)) for field in fields),
        )

    def _personal_fields(
        self, name: str, recipient: str, identity: str, filled: Sequence[str]
    ) -> tuple[Field, Field, Field]:
        subject = self._fixed_subject or self._subject_field(self._subject.fill(filled))
        message_id = Field("Message-ID", identity, f"Message-ID: {identity}\r\n".encode("ascii"))
        return mailbox("To", name, recipient), subject, message_id

    def _subject_field(self, subject: str) -> Field:
        return subject_field(self._letterhead, self._language, subject)


def _own_links(letterhead: Letterhead) -> dict[str, str]:
    return {
        "link.unsubscribe": unsubscribe_url(letterhead, ANY_TOKEN) if letterhead.pages_url else "",
        "link.web": web_url(letterhead) if letterhead.archive_url else "",
    }
