"""What the archive's files are made from: a site, its issues, a page for each language of one. Touches: nothing.

Limits: all text is a reader's without tags, with merge defaults filled in; no address, no token and no marker is in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from newsletter.settings.model import Settings

LIST = ".newsletter-archive.json"
"""Says in the folder which files are ours; a folder without it is no archive."""


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file of the archive: its path below the folder, with slashes, and its bytes."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class IssuePage:
    """An issue in one language, as the public reads it."""

    slug: str
    language: str
    """The page's, as BCP 47."""
    path: str
    """Below the archive's address: `2026-11/`, and `2026-11/en/` in a language that is not the newsletter's."""
    title: str
    summary: str
    """One or two sentences of plain text: the preheader, else the beginning."""
    body: str
    """HTML of the issue's parts without the page round them; links and pictures are absolute or relative to `path`."""
    text: str
    """The same as plain text, for the search index."""
    headings: tuple[tuple[str, str], ...]
    """Anchor (`story-01`) and words, in order."""
    untranslated: tuple[str, ...] = ()
    """Anchors of the headings that stayed in the newsletter's language."""


@dataclass(frozen=True, slots=True)
class SiteEvent:
    """An event of the letter. `starts_at` is aware, in the newsletter's time zone."""

    title: str
    starts_at: datetime
    place: str
    url: str
    ends_at: datetime | None = None
    """Aware, too. At midnight both mean the whole day, the last one included."""


@dataclass(frozen=True, slots=True)
class SiteIssue:
    """One issue in the archive."""

    slug: str
    number: int | None
    pages: tuple[IssuePage, ...]
    """The newsletter's own language first."""
    posted_at: datetime
    """`publish_at`, else when it was planned; aware, in the newsletter's time zone."""
    registered_at: datetime
    """When it was first published; for an imported issue the same as `posted_at`."""
    author: str
    tags: tuple[str, ...]
    picture: str
    """Path below the archive's address of the picture that stands for it (`pictures/…`), 3:2; empty: none."""
    pictures: Mapping[str, bytes]
    """All its pictures by their path below the archive's address; read when they are asked for."""
    events: tuple[SiteEvent, ...]
    accent: str = ""
    """Its own colour in place of the theme's, six digits."""
    is_listed: bool = True
    """Otherwise its pages and pictures are there, and nothing leads to them: it is being sent, or was cancelled."""
    is_draft: bool = False
    """Was not sent; only a preview has any, and asks to be left out of search engines."""

    @property
    def main(self) -> IssuePage:
        return self.pages[0]


@dataclass(frozen=True, slots=True)
class Site:
    """All that is in the archive."""

    base_url: str
    """Its public address with a final slash (`https://news.example.org/archive/`); empty where it has none yet."""
    settings: Settings
    issues: tuple[SiteIssue, ...]
    """Newest first."""

    @property
    def listed(self) -> tuple[SiteIssue, ...]:
        """What index, feeds, search and sitemap lead to."""
        return tuple(issue for issue in self.issues if issue.is_listed)


class MakesFiles(Protocol):
    """One kind of files of the archive: a pure function, the same bytes for the same site."""

    def __call__(self, site: Site, /) -> tuple[SiteFile, ...]: ...
