"""Finished letters to look at: the example issue and one with every kind of section, merged.

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

ROOT = Path(__file__).parents[2]
ISSUES = {
    "example": ROOT / "issues" / "2021-07.yaml",
    "every-section": ROOT / "tests" / "letter" / "every-section.yaml",
}
WAY_OUT = "https://news.example.org/u/abc"
"""Stands for the links that only a subscriber gives a value to."""


@cache
def edition_of(name: str) -> Edition:
    """The edition of one of ISSUES, with every section visible."""
    workspace = find_workspace(ROOT, explicit=None, environ={})
    issue = load_issue(ISSUES[name], workspace_root=ROOT, timezone="Asia/Seoul")
    return render(issue, workspace, variants(issue, ["ko"])[0])


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
