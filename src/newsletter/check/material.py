"""What the rules look at: the issue, its editions with their pages, the settings and the audience in numbers.

Touches: nothing.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from newsletter.edition.edition import Edition, Picture
from newsletter.edition.letter_words import LetterWords
from newsletter.edition.markdown.written_links import WrittenLink, written_links
from newsletter.edition.own_words import letter_words
from newsletter.edition.picture_facts import PictureFact
from newsletter.edition.picture_files import picture_stem
from newsletter.edition.strange_templates import StrangeTemplates
from newsletter.issue.model import Issue
from newsletter.issue.tree import DataPath
from newsletter.settings.model import Settings

from .audience import AudienceSummary
from .comments import IgnoreComment
from .outside import Outside
from .page import Page

_MAY_HOLD_LINKS = re.compile(r"\]\(|\]:|<|://|@|tel:", re.IGNORECASE)
# The address of a link by reference stands behind a colon, that of `<https://…>` in angle brackets; in square ones, an
# address is the words of another link.
_BRACKETED = r"(?:(?<=\]\()|(?<=[<:])|(?<=: )){}(?=[\s)>{{]|$)"
_BARE = r"(?<![\[<a-zA-Z0-9/.\-])(?<!\]\(){}(?![a-zA-Z0-9/?#=&%_\-])"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One edition, and its HTML as read."""

    edition: Edition
    page: Page

    def keys(self) -> set[str]:
        return {hole.key for hole in self.edition.holes}


@dataclass(frozen=True, slots=True)
class IssueLink:
    """A link and where it stands: the text at `path`, and `sought` in it, after `nth` others."""

    link: WrittenLink
    path: DataPath
    sought: str
    nth: int


@dataclass(frozen=True)
class Material:
    """Everything a rule may look at; without a subscriber file, `audience` names none."""

    issue: Issue
    sheets: tuple[Sheet, ...]
    settings: Settings
    audience: AudienceSummary
    links: tuple[IssueLink, ...]
    """Every link in the issue's Markdown, as typed."""
    strange_templates: StrangeTemplates
    comments: tuple[IgnoreComment, ...] = ()
    """Those in the issue's file that tell `check` to ignore something."""
    outside: Outside = field(default_factory=Outside)
    picture_facts: tuple[PictureFact, ...] = ()
    cells: tuple[str, ...] = ()
    """What stands in the issue's data files, which is text and nothing else."""
    ignorable: tuple[str, ...] = ()
    """Ids of the rules that such a comment may name."""
    templates: Path = Path()
    """The workspace's folder of templates, with words for the letter's chrome."""

    @property
    def language(self) -> str:
        return self.settings.newsletter.language

    def chrome(self, sheet: Sheet) -> LetterWords:
        """The letter's own words in one edition."""
        return letter_words(sheet.edition.language, self.language, self.templates)

    def path_of(self, text: str) -> DataPath:
        """Where in the issue a text comes from: the first value that holds it; empty where there is none."""
        return next((path for path, value in self.texts() if text and text in value), ())

    def path_of_picture(self, picture: Picture) -> DataPath:
        """Where the issue names it: its file name in the letter begins with that of the source."""
        named = self.issue.pictures()
        return next((one.path for one in named if picture.filename.startswith(f"{picture_stem(one.src)}-")), ())

    def texts(self) -> tuple[tuple[DataPath, str], ...]:
        """Every text of the issue with its path, in order."""
        return self._texts

    @cached_property
    def _texts(self) -> tuple[tuple[DataPath, str], ...]:
        return tuple((one.path, one.text) for one in self.issue.texts())

    def typed(self, pattern: re.Pattern[str]) -> bool:
        """Whether the issue, as written, has something of this pattern in it."""
        return any(pattern.search(value) for _, value in self.texts())


def issue_links(issue: Issue) -> Iterator[IssueLink]:
    """The links of those texts of an issue that are Markdown, with translations, in order."""
    for one in issue.texts():
        if one.kind.is_markdown and _MAY_HOLD_LINKS.search(one.text):
            yield from _placed(one.path, one.text)


def _placed(path: DataPath, text: str) -> Iterator[IssueLink]:
    seen: Counter[str] = Counter()
    for link in written_links(text):
        sought = link.typed or "]("
        places = [
            match.start() if link.typed else match.start() - 2
            for match in re.finditer((_BARE if link.is_bare else _BRACKETED).format(re.escape(link.typed)), text)
        ]
        position = places[min(seen[sought], len(places) - 1)] if places else max(text.find(sought), 0)
        seen[sought] += 1
        yield IssueLink(link, path, sought, text.count(sought, 0, position))
