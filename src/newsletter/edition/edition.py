"""What an issue becomes when it is rendered once: texts with merge fields still open, and their pictures.

Touches: nothing. An open merge field stands in the texts as a marker, a plain ASCII word which survives Markdown, the
sanitiser and premailer; `holes` says for each marker which field fills it and what has to be escaped where it stands.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from html import escape
from typing import Any


class Context(StrEnum):
    """Where a hole stands, which decides how its value is escaped."""

    HTML = "html"
    """Text or quoted attribute of the HTML part."""
    URL = "url"
    """Inside a link of the HTML part: percent-encoded, then escaped as an attribute."""
    WHOLE_URL = "whole-url"
    """A link that begins with the field: its scheme is checked at merge."""
    PLAIN = "plain"
    """The text part, outside links."""
    PLAIN_URL = "plain-url"
    PLAIN_WHOLE_URL = "plain-whole-url"
    HEADER = "header"
    """The subject: no control characters."""


@dataclass(frozen=True, slots=True)
class Hole:
    """One open merge field; its marker occurs exactly once in the edition's texts."""

    marker: str
    key: str
    default: str | None
    context: Context


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the letter: it travels inside, or is published with the archive before the letter is sent.

    `cid` is the Content-ID without angle brackets. It is made from the hash of the file and of the width shown, not of
    `data`: the same on every machine, while the encoded bytes may change with the version of the encoder.
    """

    cid: str
    filename: str
    media_type: str
    data: bytes
    url: str = ""
    """Where it is published, for ever; empty: it travels inside."""

    @property
    def src(self) -> str:
        """What the letter says where it is shown."""
        return self.url or f"cid:{self.cid}"

    def to_json(self) -> dict[str, str]:
        """All but its bytes."""
        named = {"cid": self.cid, "filename": self.filename, "media_type": self.media_type}
        return named | ({"url": self.url} if self.url else {})


@dataclass(frozen=True, slots=True)
class Variant:
    """What distinguishes one edition of an issue from another: language, and the indexes of the visible sections."""

    language: str
    sections: tuple[int, ...]
    total: int
    """Sections of the issue that are not hidden; with all visible, the name is the language alone."""

    @property
    def name(self) -> str:
        """Safe as a file name: `ko`, or `ko-0-2` where only sections 0 and 2 are visible, or `ko-none`."""
        if len(self.sections) == self.total:
            return self.language
        return "-".join([self.language, *map(str, self.sections)] if self.sections else [self.language, "none"])


@dataclass(frozen=True, slots=True)
class Edition:
    """An issue rendered once for one variant."""

    slug: str
    variant: str
    language: str
    subject: str
    html: str
    text: str
    holes: tuple[Hole, ...]
    pictures: tuple[Picture, ...]
    content: str = ""
    """SHA-256, in hex, of what the issue says, without its date and number; empty for an edition made by hand."""

    def with_pictures_inside(self) -> "Edition":
        """The same letter for who looks at it before anything is published."""
        html = self.html
        for picture in self.pictures:
            if picture.url:
                html = html.replace(f'"{escape(picture.url)}"', f'"cid:{picture.cid}"')
        return replace(self, html=html, pictures=tuple(replace(picture, url="") for picture in self.pictures))

    def digest(self) -> str:
        """SHA-256, in hex, of what the letter says to this variant's readers (docs/design.md 4.5, promise 8).

        The slug, the date and the number are no part of it: a copied file with a new date is still a copy.
        """
        head = {"variant": self.variant, "content": self.content} if self.content else {**self.to_json(), "slug": ""}
        return hashlib.sha256(json.dumps(head, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def required_keys(self) -> frozenset[str]:
        """The keys that every subscriber must have a value for: they stand somewhere without a default."""
        return frozenset(hole.key for hole in self.holes if hole.default is None and not hole.key.startswith("link."))

    def link_keys(self) -> frozenset[str]:
        """The keys whose value is a whole link somewhere, so that it must be an address that may be linked to."""
        whole = {Context.WHOLE_URL, Context.PLAIN_WHOLE_URL}
        return frozenset(hole.key for hole in self.holes if hole.context in whole and not hole.key.startswith("link."))

    def to_json(self) -> dict[str, Any]:
        """All but the pictures' bytes, which are named by their cid and kept beside it."""
        data = asdict(self)
        data["holes"] = [{**asdict(hole), "context": hole.context.value} for hole in self.holes]
        data["pictures"] = [picture.to_json() for picture in self.pictures]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any], pictures: Mapping[str, bytes]) -> "Edition":
        """The reverse of `to_json`; `pictures` maps each cid to its bytes."""
        return cls(
            slug=data["slug"],
            variant=data["variant"],
            language=data["language"],
            subject=data["subject"],
            html=data["html"],
            text=data["text"],
            holes=tuple(Hole(h["marker"], h["key"], h["default"], Context(h["context"])) for h in data["holes"]),
            pictures=tuple(
                Picture(p["cid"], p["filename"], p["media_type"], pictures[p["cid"]], p.get("url", ""))
                for p in data["pictures"]
            ),
            content=data["content"],
        )
