"""An issue with all its pages, the picture that stands for it and its events. Touches: files (templates, pictures)."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter.edition.picture_shape import shape_of
from newsletter.edition.spans import in_zone
from newsletter.issue.fields import parse_text
from newsletter.issue.model import Issue
from newsletter.issue.sections.events import Events
from newsletter.issue.sections.section import Image
from newsletter.message.escape import clean
from newsletter.settings.workspace import Workspace

from .issue_page import issue_page, page_languages, refuse_open_fields
from .site import SiteEvent, SiteIssue
from .web_pictures import PagePictures

_THUMBNAIL, _THUMBNAIL_SHAPE = 320, "3:2"
"""CSS pixels, and width to height."""


def make_issue(issue: Issue, workspace: Workspace, first_published: datetime) -> SiteIssue:
    """All that the archive shows of it. Raises InputError for what is wrong in it, with file and place."""
    refuse_open_fields(issue, workspace)
    zone = ZoneInfo(workspace.settings.newsletter.timezone)
    made = [issue_page(issue, workspace, language) for language in page_languages(issue, workspace)]
    pictures = {path: data for _, files in made for path, data in files.items()}
    return SiteIssue(
        slug=issue.slug,
        number=issue.number,
        pages=tuple(page for page, _ in made),
        posted_at=(issue.publish_at or first_published).astimezone(zone),
        registered_at=first_published.astimezone(zone),
        author=_said(issue.author),
        tags=issue.tags,
        picture=_thumbnail(issue, workspace, pictures),
        pictures=pictures,
        events=tuple(_events(issue, zone)),
        accent=issue.accent,
    )


def _thumbnail(issue: Issue, workspace: Workspace, pictures: dict[str, bytes]) -> str:
    """That of the issue, else of its first section that has one and that everybody sees; empty for none."""
    for place, image in _candidates(issue):
        if image is not None:
            files = PagePictures(issue, workspace, "")
            shape = shape_of(image.crop if image.crop == _THUMBNAIL_SHAPE else _THUMBNAIL_SHAPE, image.focus)
            path = files.take(files.encoded(image.src, _THUMBNAIL, f"{place}.src", shape=shape))
            pictures |= files.files
            return path
    return ""


def _candidates(issue: Issue) -> Iterator[tuple[str, Image | None]]:
    yield "hero", issue.hero
    for index, section in issue.shown_sections.items():
        if not section.only_for:
            yield f"sections[{index}].image", section.image


def _events(issue: Issue, zone: ZoneInfo) -> Iterator[SiteEvent]:
    for section in issue.shown_sections.values():
        if isinstance(section, Events) and not section.only_for:
            for item in section.items:
                yield SiteEvent(
                    title=_said(item.title),
                    starts_at=in_zone(item.starts_at, zone),
                    place=_said(item.place),
                    url=_said(item.url or item.online or ""),
                    ends_at=in_zone(item.ends_at, zone) if item.ends_at else None,
                )


def _said(text: str) -> str:
    """With the defaults of its merge fields."""
    return "".join(piece if isinstance(piece, str) else clean(piece.default or "") for piece in parse_text(text))
