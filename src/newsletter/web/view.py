"""What the studio shows of one issue for one reader, and what it asks of whoever makes it. Touches: nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from newsletter.errors import Problem

from .pages import Publisher


@dataclass(frozen=True, slots=True)
class Reader:
    """A subscriber to choose: the address, and the name where there is one."""

    address: str
    name: str


@dataclass(frozen=True)
class View:
    """An issue as one reader gets it, or what is wrong with it: `problems` is empty, or all the rest of a letter is."""

    publisher: Publisher
    slug: str
    issues: tuple[str, ...]
    """Slugs of all issues to choose from, the last first."""
    readers: tuple[Reader, ...] = ()
    """The first of the subscriber file; the rest is found by searching."""
    reader: str = ""
    """Address of the chosen reader; empty: the defaults."""
    unknown_reader: str = ""
    """What was asked for, where no subscriber is like it; the letter then has the defaults."""
    problems: tuple[Problem, ...] = ()
    subject: str = ""
    html: str = ""
    """Merged, pictures as `cid:` links."""
    text: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    """Name and decoded value, in order."""
    pictures: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    """Content-ID without angle brackets -> media type and bytes."""

    @cached_property
    def digest(self) -> str:
        """Changes when the letter would look different; hex."""
        seen = hashlib.sha256(self.html.encode())
        for cid, (_, data) in sorted(self.pictures.items()):
            seen.update(cid.encode() + data)
        return seen.hexdigest()


class Letters(Protocol):
    """Both may block for a second and may be called from several threads."""

    def load(self, slug: str | None, reader: str | None, /) -> View:
        """The view of an issue (None: the one the studio was opened with) for a reader.

        `reader` is an address or part of a name; empty the defaults, None the first subscriber. UsageError where there
        is no such issue; whatever is wrong with the issue is in the view.
        """
        ...

    def find_readers(self, words: str, /) -> Sequence[Reader]:
        """Subscribers whose name or address contains the words; a bounded number."""
        ...
