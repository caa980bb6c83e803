"""Older issues that came in by `archive import`: `issues/imported/<slug>/page.html`, with its pictures beside it.

Touches: files. They are read as files that anybody may have edited: cleaned again, and never outside of their
folder. They are for the archive alone; nothing sends them.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.catalogue import phrase
from newsletter.edition.foreign_html import first_picture, headings_of, page_text, trusted_page
from newsletter.errors import InputError, Problem
from newsletter.excerpt import shortened
from newsletter.issue.find import SLUG, imported_issues
from newsletter.issue.front_matter import AboutIssue, read_about
from newsletter.issue.scan import read_text
from newsletter.settings.workspace import Workspace

from .site import IssuePage, SiteIssue
from .web_pictures import PICTURES

PAGE = "page.html"
_WIDE = 320
"""CSS pixels of a picture that can stand for its issue; logos and buttons are smaller."""
_SUMMARY = 160
"""Characters of the text, where nobody wrote a summary: what a search engine shows."""


@dataclass(frozen=True, slots=True)
class ImportedIssues:
    """Those that can be shown, by slug what is wrong with others, and the slugs of those whose page is gone."""

    issues: tuple[SiteIssue, ...]
    broken: Mapping[str, InputError]
    gone: tuple[str, ...]


def read_imported(workspace: Workspace) -> ImportedIssues:
    """All of the workspace, by slug."""
    issues: list[SiteIssue] = []
    broken: dict[str, InputError] = {}
    gone: list[str] = []
    for folder in imported_issues(workspace):
        if not os.path.lexists(folder / PAGE):
            gone.append(folder.name)
            continue
        try:
            issues.append(_read(folder, workspace))
        except InputError as error:
            broken[folder.name] = error
    return ImportedIssues(tuple(issues), broken, tuple(gone))


def _read(folder: Path, workspace: Workspace) -> SiteIssue:
    path = folder / PAGE
    shown = path.relative_to(workspace.root).as_posix()
    _refuse_out_of_place(folder, path, shown, workspace)
    newsletter = workspace.settings.newsletter
    found = read_about(read_text(path, shown), shown, ZoneInfo(newsletter.timezone))
    body, about = trusted_page(found.text, f"../{PICTURES}"), found.about
    words = page_text(body)
    page = IssuePage(
        slug=folder.name,
        language=about.language or newsletter.language,
        path=f"{folder.name}/",
        title=about.title,
        summary=about.summary or shortened(words, _SUMMARY),
        body=f'<div class="prose">\n{body}\n</div>\n',
        text=words,
        headings=headings_of(body),
    )
    return _issue(page, about, _PicturesOfFolder(folder / PICTURES), ZoneInfo(newsletter.timezone))


def _issue(page: IssuePage, about: AboutIssue, pictures: Mapping[str, bytes], zone: ZoneInfo) -> SiteIssue:
    posted_at = about.date.astimezone(zone)
    picture = first_picture(page.body, _WIDE).removeprefix("../")
    return SiteIssue(
        slug=page.slug,
        number=about.number,
        pages=(page,),
        posted_at=posted_at,
        registered_at=posted_at,
        author=about.author,
        tags=about.tags,
        picture=picture if picture in pictures else "",
        pictures=pictures,
        events=(),
    )


def _refuse_out_of_place(folder: Path, path: Path, shown: str, workspace: Workspace) -> None:
    if not SLUG.fullmatch(folder.name):
        raise InputError(problems=[Problem(phrase("archive.imported.is_no_slug", name=folder.name), shown)])
    if not path.resolve().is_relative_to(folder.resolve()) or folder.is_symlink():
        raise InputError(problems=[Problem(phrase("archive.imported.leads_elsewhere"), shown)])
    if (workspace.issues / f"{folder.name}.yaml").exists():
        taken = phrase("archive.imported.is_an_issue", slug=folder.name)
        raise InputError(problems=[Problem(taken, shown, hint=phrase("archive.imported.remove_one"))])


class _PicturesOfFolder(Mapping[str, bytes]):
    """The files of a folder by their path in the archive, each read when it is asked for; links are none of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _names(self) -> tuple[str, ...]:
        if self._folder.is_symlink() or not self._folder.is_dir():
            return ()
        return tuple(sorted(one.name for one in self._folder.iterdir() if one.is_file() and not one.is_symlink()))

    def __getitem__(self, path: str) -> bytes:
        name = path.removeprefix(PICTURES)
        if name not in self._names or name == path:
            raise KeyError(path)
        return (self._folder / name).read_bytes()

    def __iter__(self) -> Iterator[str]:
        return (f"{PICTURES}{name}" for name in self._names)

    def __len__(self) -> int:
        return len(self._names)
