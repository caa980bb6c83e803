"""The pages of issues: what is round their words, and where they lead. Touches: files (templates).

The same site gives the same bytes: nothing of now is in them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from newsletter.edition.own_words import letter_words
from newsletter.issue.texts import is_whole_day

from .issue_page import as_markup
from .language_names import name_of
from .look import SiteLook, accent_style
from .page_head import head_of_issue
from .page_templates import fill_template, in_language
from .site import IssuePage, Site, SiteFile, SiteIssue
from .tags import tag_links
from .view_count import place_for_views


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The same page in one of its languages."""

    tag: str
    """For `hreflang`; `x-default` for whom none fits."""
    name: str
    """In that language; empty for `x-default`."""
    href: str
    """From the page itself."""
    address: str
    """The whole; empty for a site without one."""


@dataclass(frozen=True, slots=True)
class PageHead:
    """What the head of any page of the archive says."""

    language: str
    title: str
    summary: str
    address: str
    """Its canonical address; empty for a site without one."""
    is_hidden: bool
    """Search engines are asked to leave it out."""
    languages: tuple[LanguageLink, ...] = ()


def issue_pages(site: Site, look: SiteLook) -> Iterator[SiteFile]:
    """A page for each language of each issue, and the sheets of accents that are an issue's own."""
    accents = {issue.accent: accent_style(look, issue.accent) for issue in site.issues if issue.accent}
    yield from dict.fromkeys(accents.values())
    for issue, older, newer in _with_neighbours(site.issues):
        accent = accents[issue.accent].path if issue.accent else ""
        for page in issue.pages:
            yield _page(site, look, issue, page, accent, (_beside(page, older), _beside(page, newer)))


def up_from(path: str) -> str:
    """From a page to the archive's own folder: `../` for `2026-11/`."""
    return "../" * path.count("/")


def _with_neighbours(issues: Sequence[SiteIssue]) -> Iterator[tuple[SiteIssue, SiteIssue | None, SiteIssue | None]]:
    """Each with the next older and the next newer one that anything leads to."""
    for at, issue in enumerate(issues):
        older = next((one for one in issues[at + 1 :] if one.is_listed), None)
        newer = next((one for one in reversed(issues[:at]) if one.is_listed), None)
        yield issue, older, newer


def _beside(page: IssuePage, issue: SiteIssue | None) -> IssuePage | None:
    """Its page in the same language, if it has one."""
    if issue is None:
        return None
    return next((one for one in issue.pages if one.language == page.language), issue.main)


def _page(
    site: Site,
    look: SiteLook,
    issue: SiteIssue,
    page: IssuePage,
    accent: str,
    beside: tuple[IssuePage | None, IssuePage | None],
) -> SiteFile:
    words = letter_words(page.language, look.language, look.workspace.templates)
    head = PageHead(
        language=page.language,
        title=f"{page.title} · {look.newsletter}",
        summary=page.summary,
        address=site.base_url + page.path if site.base_url else "",
        is_hidden=issue.is_draft,
        languages=tuple(_languages(site, issue, page)),
    )
    facts = {
        "number": words.say("number", number=str(issue.number)) if issue.number is not None else "",
        "posted": words.day_and_time(issue.posted_at, whole_day=is_whole_day(issue.posted_at)),
        "registered": words.full_date(issue.registered_at),
        "views": place_for_views(words.language),
    }
    older, newer = beside
    context = in_language(page.language, words) | {
        "page": head,
        "look": look,
        "up": up_from(page.path),
        "issue": issue,
        "issue_page": page,
        "facts": facts,
        "body": as_markup(page.body),
        "accent_path": accent,
        "for_machines": head_of_issue(site, issue, page),
        "tags": tag_links(issue.tags),
        "older": older,
        "newer": newer,
    }
    return SiteFile(f"{page.path}index.html", fill_template("issue.html.j2", context, look.workspace.root).encode())


def _languages(site: Site, issue: SiteIssue, page: IssuePage) -> Iterator[LanguageLink]:
    """Each language of the issue and, for whom none fits, the newsletter's own; nothing where there is one alone."""
    if len(issue.pages) == 1:
        return
    for one in issue.pages:
        yield _language(site, page, one, one.language, name_of(one.language))
    yield _language(site, page, issue.main, "x-default", "")


def _language(site: Site, page: IssuePage, one: IssuePage, tag: str, name: str) -> LanguageLink:
    address = site.base_url + quote(one.path) if site.base_url else ""
    return LanguageLink(tag, name, up_from(page.path) + quote(one.path), address)
