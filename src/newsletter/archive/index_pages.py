"""All issues by year, and those of each tag. Touches: files (templates)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote, urlsplit

from newsletter.edition.letter_words import LetterWords
from newsletter.edition.own_words import letter_words

from .event_calendar import ALL_EVENTS
from .feed_entries import feed_languages
from .look import SiteLook
from .page_head import head_of_index
from .page_templates import fill_template, in_language
from .page_words import page_words
from .pages import PageHead, up_from
from .search_index import search_words
from .site import Site, SiteFile, SiteIssue
from .tags import TagLink, issues_by_tag, tag_links
from .xml_feeds import FEED

_WHERE_SERVED = "/archive/"
"""By `newsletter serve`."""


@dataclass(frozen=True, slots=True)
class Card:
    """An issue in a list."""

    path: str
    title: str
    about: str
    """`제7호 · 2021년 7월 26일`"""
    summary: str
    picture: str
    tags: tuple[TagLink, ...]
    is_draft: bool


@dataclass(frozen=True, slots=True)
class YearOfIssues:
    number: int
    said: str
    cards: tuple[Card, ...]


def index_pages(site: Site, look: SiteLook) -> Iterator[SiteFile]:
    """`index.html`, a page for each tag, and one for what is not there; none of them waits for a script."""
    listed, by_tag = site.listed, issues_by_tag(site.listed)
    tags = tuple(TagLink(name, quote(path), len(issues)) for path, (name, issues) in by_tag.items())
    words = page_words(look.language)
    yield _not_found(site, look)
    yield _index(site, look, "index.html", words["all_issues"], listed, tags)
    for path, (name, issues) in by_tag.items():
        yield _index(site, look, path, words["with_tag"].format(tag=name), issues, ())


def _not_found(site: Site, look: SiteLook) -> SiteFile:
    """Web servers show it under whatever was asked for, so it leads to whole paths."""
    words, said = letter_words(look.language, look.language, look.workspace.templates), page_words(look.language)
    title = f"{said['not_found']} · {look.newsletter}"
    context = in_language(look.language, words) | {
        "page": PageHead(look.language, title, summary="", address="", is_hidden=True),
        "look": look,
        "up": urlsplit(site.base_url).path if site.base_url else _WHERE_SERVED,
        "for_machines": "",
    }
    return SiteFile("404.html", fill_template("404.html.j2", context, look.workspace.root).encode())


def _index(
    site: Site, look: SiteLook, path: str, heading: str, issues: Iterable[SiteIssue], tags: tuple[TagLink, ...]
) -> SiteFile:
    words = letter_words(look.language, look.language, look.workspace.templates)
    is_front = path == "index.html"
    head = PageHead(
        language=look.language,
        title=f"{heading} · {look.newsletter}",
        summary=look.tagline if is_front else "",
        address=site.base_url + ("" if is_front else quote(path)) if site.base_url else "",
        is_hidden=any(issue.is_draft for issue in site.issues),
    )
    context = in_language(look.language, words) | {
        "page": head,
        "look": look,
        "up": up_from(path),
        "heading": heading,
        "is_front": is_front,
        "tags": tags,
        "years": _years(issues, words),
        "for_machines": head_of_index(site) if is_front else "",
        "search": search_words(site) if is_front else {},
        "feed": FEED if is_front and feed_languages(site) else "",
        "calendar": ALL_EVENTS if is_front and any(issue.events for issue in site.listed) else "",
    }
    return SiteFile(path, fill_template("index.html.j2", context, look.workspace.root).encode())


def _years(issues: Iterable[SiteIssue], words: LetterWords) -> tuple[YearOfIssues, ...]:
    said = page_words(words.language)["year"]
    return tuple(
        YearOfIssues(number, said.format(year=number), tuple(_card(issue, words) for issue in of))
        for number, of in groupby(issues, key=lambda issue: issue.posted_at.year)
    )


def _card(issue: SiteIssue, words: LetterWords) -> Card:
    number = words.say("number", number=str(issue.number)) if issue.number is not None else ""
    return Card(
        path=issue.main.path,
        title=issue.main.title,
        about=" · ".join(filter(None, (number, words.full_date(issue.posted_at)))),
        summary=issue.main.summary,
        picture=issue.picture,
        tags=tag_links(issue.tags),
        is_draft=issue.is_draft,
    )
