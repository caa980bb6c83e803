"""Read a folder of .eml files as a person would: who, what, when, the parts of a letter. Touches: the folder, reading.

Limits: the newest MAX_MAILS files; a file over MAX_SIZE is listed and never parsed. A mail is hostile until shown
otherwise: whatever cannot be decoded is shown raw, and never an error.
"""

import email.message
import email.parser
import email.policy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from email.utils import parseaddr
from pathlib import Path

MAX_MAILS = 300
MAX_SIZE = 8 * 1024 * 1024
"""Bytes of a mail that is opened; Gmail clips a letter at 102 KB, a heavy one with pictures has 2 MB."""
_HEAD_SIZE = 64 * 1024
_ONE_CLICK = re.compile(r"<(https?://[^<>\s]{1,2000})>")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One mail in the list. `id` is the file's name without `.eml`."""

    id: str
    to: str
    to_name: str
    subject: str
    at: datetime
    """When the file was written; aware, this machine's zone."""
    size: int


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One mail, opened. `html` or `text` is empty where the mail has no such part."""

    sender: str
    html: str
    text: str
    headers: tuple[tuple[str, str], ...]
    pictures: Mapping[str, tuple[str, bytes]]
    """Content-ID without angle brackets -> media type and bytes."""
    one_click: str
    """The address of RFC 8058, or empty where the mail does not offer it."""


class DemoMailbox:
    """The mails of one folder; an id is looked up in the folder's listing and never made into a path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def arrivals(self) -> list[Arrival]:
        """Newest first."""
        return [arrival for path in self._files()[:MAX_MAILS] if (arrival := _arrival(path))]

    def file(self, identity: str) -> Path | None:
        """The file with that id, if it is in the folder now."""
        return next((path for path in self._files() if path.stem == identity), None)

    def open(self, identity: str) -> ReceivedMail | None:
        """The mail with that id; None where there is none, ValueError where it is too large."""
        path = self.file(identity)
        if path is None:
            return None
        if path.stat().st_size > MAX_SIZE:
            raise ValueError(identity)
        return read_mail(path.read_bytes())

    def stamp(self) -> tuple[tuple[int, str], ...]:
        """Changes whenever a mail comes or goes."""
        return tuple((written, path.name) for written, path in self._dated())

    def _files(self) -> list[Path]:
        return [path for _, path in self._dated()]

    def _dated(self) -> list[tuple[int, Path]]:
        """Plain files of the folder with the time they were written, newest first; a link could lead out of it."""
        found = [path for path in self.folder.glob("*.eml") if path.is_file() and not path.is_symlink()]
        return sorted(((path.stat().st_mtime_ns, path) for path in found), reverse=True)


def read_mail(data: bytes) -> ReceivedMail:
    """Take a mail apart (RFC 5322, RFC 2045, RFC 2392)."""
    # compat32: the modern policy raises on malformed headers of other people's mails, this one never does.
    mail = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(data)
    parts = [part for part in mail.walk() if not part.is_multipart()]
    return ReceivedMail(
        sender=_words(mail, "From"),
        html=_first(parts, "text/html"),
        text=_first(parts, "text/plain"),
        headers=tuple((name, _decoded(value)) for name, value in mail.items()),
        pictures=dict(_pictures(parts)),
        one_click=_one_click(mail),
    )


def _arrival(path: Path) -> Arrival | None:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_SIZE)
        facts = path.stat()
    except FileNotFoundError:
        return None
    mail = email.parser.BytesHeaderParser(policy=email.policy.compat32).parsebytes(head)
    name, address = parseaddr(str(mail.get("To", "")))
    return Arrival(
        id=path.stem,
        to=address,
        to_name=_decoded(name),
        subject=_words(mail, "Subject"),
        at=datetime.fromtimestamp(facts.st_mtime).astimezone(),
        size=facts.st_size,
    )


def _words(mail: email.message.Message, header: str) -> str:
    return _decoded(mail.get(header, ""))


def _decoded(value: object) -> str:
    """A header as a person reads it: encoded-words decoded, folds undone; raw where it is broken."""
    raw = str(value)
    try:
        readable = str(make_header(decode_header(raw)))
    except (MessageError, LookupError, ValueError):
        readable = raw
    return " ".join(readable.split())


def _first(parts: list[email.message.Message], media_type: str) -> str:
    for part in parts:
        if part.get_content_type() == media_type and part.get_content_disposition() != "attachment":
            return _text(part)
    return ""


def _text(part: email.message.Message) -> str:
    data = _bytes(part)
    try:
        return data.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def _bytes(part: email.message.Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _pictures(parts: list[email.message.Message]) -> Iterator[tuple[str, tuple[str, bytes]]]:
    for part in parts:
        cid = str(part.get("Content-ID", "")).strip().strip("<>")
        if cid and part.get_content_maintype() == "image":
            yield cid, (part.get_content_type(), _bytes(part))


def _one_click(mail: email.message.Message) -> str:
    if str(mail.get("List-Unsubscribe-Post", "")).strip().casefold() != "list-unsubscribe=one-click":
        return ""
    found = _ONE_CLICK.search("".join(str(mail.get("List-Unsubscribe", "")).split()))
    return found[1] if found else ""
