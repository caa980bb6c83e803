"""What issues are about: tags that are the same word to a reader are one, with one page. Touches: nothing.

`AI 정책` and `ai  정책` are the same. Limits: so are two that differ in nothing but signs, such as `R&D` and `R/D`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from .site import SiteIssue

_FOLDER = "tags/"


@dataclass(frozen=True, slots=True)
class TagLink:
    """A tag as it was written first, and the address of its page from the archive's own folder."""

    name: str
    href: str
    count: int = 0
    """Of issues; 0 where nobody asked."""


def tag_path(tag: str) -> str:
    """The file of its page: `tags/ai-정책.html`; no issue has an address like it."""
    folded = unicodedata.normalize("NFC", tag).casefold()
    name = re.sub(r"[\W_]+", "-", folded).strip("-")
    return f"{_FOLDER}{name}.html"


def tag_links(tags: Iterable[str]) -> tuple[TagLink, ...]:
    return tuple({path: TagLink(tag, quote(path)) for tag in tags for path in (tag_path(tag),)}.values())


def issues_by_tag(issues: Iterable[SiteIssue]) -> Mapping[str, tuple[str, tuple[SiteIssue, ...]]]:
    """By the path of a tag's page: how the newest issue writes it, and its issues; in the order of the words."""
    found: dict[str, tuple[str, list[SiteIssue]]] = {}
    for issue in issues:
        for link in dict.fromkeys(tag_path(tag) for tag in issue.tags):
            name = next(tag for tag in issue.tags if tag_path(tag) == link)
            found.setdefault(link, (name, []))[1].append(issue)
    return {path: (name, tuple(of)) for path, (name, of) in sorted(found.items())}
