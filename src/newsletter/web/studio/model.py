"""What the studio shows of a letter: which one is asked for, and how it looks to one reader. Touches: nothing.

The templates under pages/ are written against these shapes; app.py says which of them a page is given, and panels/ has
those of the panels.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from newsletter.catalogue import Said
from newsletter.errors import Problem


@dataclass(frozen=True, slots=True)
class Asked:
    """Which letter is asked for. Any text may stand here: it comes from an address."""

    issue: str | None = None
    """A slug; None: the one the studio was opened with."""
    reader: str | None = None
    """An address or part of a name; empty: the defaults; None: the first subscriber."""
    language: str = ""
    """In place of the reader's; empty: theirs."""
    tags: tuple[str, ...] | None = None
    """In place of the reader's; None: theirs."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A subscriber to choose: the address, and the name where there is one."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """One header of the message: its name, what it says, decoded, and what it is for, where we know that."""

    name: str
    value: str
    why: Said | None


@dataclass(frozen=True, slots=True)
class InboxRow:
    """The letter in the list of a mail program; the three texts as far as there is room for them."""

    client: str
    """A key of the page's words, `studio.inbox_row.<client>`: gmail, gmail_phone, naver or naver_phone."""
    sender: str
    subject: str
    preheader: str
    """Empty where there is no room left for it, or where the program shows none."""
    subject_cut: bool
    preheader_cut: bool


@dataclass(frozen=True)
class View:
    """An issue as one reader gets it, or what is wrong with it: `problems` is empty, or all the rest of a letter is."""

    slug: str
    issues: tuple[str, ...]
    """Slugs of the issues to choose from, the last first; a bounded number."""
    readers: tuple[Reader, ...] = ()
    """The first of the subscriber file; the rest is found by searching."""
    reader: str = ""
    """Address of the chosen reader; empty: the defaults."""
    unknown_reader: str = ""
    """What was asked for, where no subscriber is like it; the letter then has the defaults."""
    problems: tuple[Problem, ...] = ()
    variant: str = ""
    """Name of the edition that is shown: its language, and the tags that open sections."""
    language: str = ""
    """Of the edition: ko, en, or one the issue is translated to."""
    languages: tuple[str, ...] = ()
    """Languages to choose from."""
    tags: tuple[str, ...] = ()
    """Tags that were looked at, the reader's or those asked for, sorted."""
    all_tags: tuple[str, ...] = ()
    """Tags that open a section somewhere in this issue, sorted; often none."""
    subject: str = ""
    html: str = ""
    """Merged, pictures as `cid:` links."""
    text: str = ""
    raw: str = ""
    """The whole message as it goes over the wire, base64 and all, with \\n for line ends; pictures are shortened."""
    size: int = 0
    """Octets of the whole message."""
    headers: tuple[HeaderLine, ...] = ()
    inbox: tuple[InboxRow, ...] = ()
    pictures: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    """Content-ID without angle brackets -> media type and bytes."""

    @cached_property
    def digest(self) -> str:
        """Changes when the letter would look different; hex."""
        seen = hashlib.sha256(self.html.encode())
        for cid, (_, data) in sorted(self.pictures.items()):
            seen.update(cid.encode() + data)
        return seen.hexdigest()
