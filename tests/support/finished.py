"""Finished letters to look at, merged: the example, also in other clothes and in English, and every kind of section.

Touches: files (the repository's own workspace and tests/letter).
"""

import base64
import re
from functools import cache
from pathlib import Path

from newsletter.edition.edition import Edition
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.issue.load import load_issue
from newsletter.settings.load import find_workspace
from newsletter.settings.model import ThemeTable
from newsletter.settings.workspace import Workspace

ROOT = Path(__file__).parents[2]
ISSUES = {
    "example": ROOT / "issues" / "2021-07.yaml",
    "every-section": ROOT / "tests" / "letter" / "every-section.yaml",
    "themed": ROOT / "issues" / "2021-07.yaml",
    "english": ROOT / "issues" / "2021-07.yaml",
    "japanese": ROOT / "tests" / "letter" / "every-section.yaml",
    "arabic": ROOT / "tests" / "letter" / "every-section.yaml",
}
LANGUAGES = {"english": "en", "japanese": "ja", "arabic": "ar"}
"""Of the letters that are translations; the others are Korean."""
THEME = ThemeTable(
    accent="#b02a4a", logo="tests/letter/logo.png", logo_width=200, width=560, headline=34, heading=24, body=17
)
"""Of the letter `themed`; its archive is public, too."""
WAY_OUT = "https://news.example.org/u/abc"
"""Stands for the links that only a subscriber gives a value to."""


def workspace_of(name: str) -> Workspace:
    """The repository itself, with a theme and an archive for the letter `themed`."""
    workspace = find_workspace(ROOT, explicit=None, environ={})
    if name != "themed":
        return workspace
    settings = workspace.settings
    links = settings.links.model_copy(update={"archive_url": "https://news.example.org/archive"})
    return Workspace(ROOT, settings.model_copy(update={"theme": THEME, "links": links}))


@cache
def edition_of(name: str) -> Edition:
    """The edition of one of ISSUES, with every section visible."""
    workspace = workspace_of(name)
    issue = load_issue(ISSUES[name], workspace_root=ROOT, timezone="Asia/Seoul")
    return render(issue, workspace, variants(issue, [LANGUAGES.get(name, "ko")])[0])


def html_of(name: str) -> str:
    """The HTML part for a reader about whom nothing is known; pictures are `cid:` links."""
    return _filled(edition_of(name), edition_of(name).html)


def text_of(name: str) -> str:
    """The text part for the same reader."""
    return _filled(edition_of(name), edition_of(name).text)


def with_pictures(html: str, name: str) -> str:
    """`html` with its pictures in it, for a browser."""
    for picture in edition_of(name).pictures:
        data = base64.b64encode(picture.data).decode("ascii")
        html = html.replace(f"cid:{picture.cid}", f"data:{picture.media_type};base64,{data}")
    return html


def without_styles(html: str) -> str:
    """What the Gmail app shows with a non-Google account: no style element at all."""
    return re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)


def _filled(edition: Edition, text: str) -> str:
    for hole in edition.holes:
        text = text.replace(hole.marker, WAY_OUT if hole.default is None else hole.default)
    return text
