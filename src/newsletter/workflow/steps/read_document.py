"""A document of another program -> its blocks, its title, and the pictures it names. Touches: that file, reading.

`.docx`, `.html`, `.md` (with or without front matter) and `.txt`. Pictures are those inside of it and, for HTML and
Markdown, files beside it or below; nothing is fetched. Limits: 50 MB.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from newsletter.catalogue import Said, phrase
from newsletter.edition.foreign_facts import facts_of_head
from newsletter.edition.pasted.cleaned import pasted_blocks
from newsletter.edition.pasted.left_out import LeftOutCount
from newsletter.edition.pasted.markdown_page import markdown_page
from newsletter.edition.pasted.pieces import PastedBlock
from newsletter.edition.pasted.plain_text import blocks_of_text
from newsletter.edition.picture_files import PictureError, read_picture
from newsletter.errors import InputError, Problem
from newsletter.issue.tree import Data
from newsletter.settings.system_reason import system_reason

from .decoded import decoded_text
from .front_matter_keys import without_front_matter
from .word_document import word_document

DOCUMENTS = frozenset({".docx", ".html", ".htm", ".md", ".markdown", ".txt"})
_LARGEST = 50_000_000
"""Bytes; a document with pictures."""
_DATA = re.compile(r"data:image/[a-z+.-]{1,20}(;[a-z]+=[\w-]+)*(?P<base64>;base64)?,", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadDocument:
    blocks: Sequence[PastedBlock]
    title: str
    """What it is called beside its text; empty where nothing says so."""
    said: Mapping[str, Data]
    """Keys of an issue that front matter has."""
    unknown: tuple[str, ...]
    """Keys of front matter that no issue has."""
    pictures: "DocumentPictures"
    left_out: LeftOutCount = field(default_factory=LeftOutCount)


@dataclass(frozen=True, slots=True)
class DocumentPictures:
    """The pictures that a document names."""

    inside: Mapping[str, bytes]
    beside: Path | None = None
    """The folder of the document, where it may name files."""

    def find(self, src: str) -> bytes | None:
        """The file of a picture; None where it is elsewhere or not there. Raises PictureError."""
        if src in self.inside:
            return self.inside[src]
        if found := _DATA.match(src):
            return _inline(src[found.end() :], is_base64=bool(found["base64"]))
        path = self._path(src)
        return read_picture(path) if path else None

    def _path(self, src: str) -> Path | None:
        try:
            parts = urlsplit(src)
            name = unquote(parts.path).replace("\\", "/")
            if parts.scheme or parts.netloc or not name or self.beside is None or "\0" in name:
                return None
            path = (self.beside / name).resolve()
            return path if path.is_relative_to(self.beside.resolve()) and path.is_file() else None
        except (OSError, ValueError):
            return None


def read_document(path: Path) -> ReadDocument:
    """Raises InputError with what it is and how to save it instead, SettingsError for a program that is missing."""
    return document_of(_bytes(path, path.name), path.name, path.parent)


def document_of(data: bytes, file: str, beside: Path | None = None) -> ReadDocument:
    """The same for the bytes of a file of that name, which names files `beside` it, if it may. Raises as above."""
    kind = PurePath(file).suffix.lower()
    _refuse_others(data, kind, file)
    left_out = LeftOutCount()
    if kind == ".docx":
        document = word_document(data, file)
        for what, count in document.left_out.items():
            left_out.add(what, count)
        blocks = pasted_blocks(document.html, left_out)
        return ReadDocument(blocks, "", {}, (), DocumentPictures(document.pictures), left_out)
    text = decoded_text(data, file)
    pictures = DocumentPictures({}, beside)
    if kind == ".txt":
        return ReadDocument(blocks_of_text(text, left_out), "", {}, (), pictures, left_out)
    if kind in {".html", ".htm"}:
        title = facts_of_head(text).get("title", "")
        return ReadDocument(pasted_blocks(text, left_out, keeps_pictures=True), title, {}, (), pictures, left_out)
    body, said, unknown = without_front_matter(text, file)
    blocks = pasted_blocks(markdown_page(body), left_out, keeps_pictures=True)
    return ReadDocument(blocks, "", said, unknown, pictures, left_out)


def _bytes(path: Path, file: str) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(problems=[Problem(phrase("workflow.new.is_too_large"), file)])
        return path.read_bytes()
    except OSError as error:
        why = phrase("issue.file.cannot_be_read", why=system_reason(error))
        raise InputError(problems=[Problem(why, file)]) from error


def _refuse_others(data: bytes, kind: str, file: str) -> None:
    """What other programs write, by content where its name says another thing."""
    other: Said | None = None
    if kind in {".hwp", ".hwpx"} or b"hwp+zip" in data[:100] or data[:17] == b"HWP Document File":
        other = phrase("workflow.new.is_hwp")
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        other = phrase("workflow.new.is_old_office")
    elif kind not in DOCUMENTS or (kind != ".docx" and data.startswith((b"PK\x03\x04", b"%PDF", b"{\\rtf"))):
        other = phrase("workflow.new.is_other_kind")
    if other:
        raise InputError(problems=[Problem(other, file, hint=phrase("workflow.new.save_as_docx"))])


def _inline(text: str, *, is_base64: bool) -> bytes:
    data = unquote_to_bytes(text)
    try:
        return base64.b64decode(data) if is_base64 else data
    except binascii.Error as error:
        raise PictureError(phrase("edition.picture.is_damaged", why="base64")) from error
