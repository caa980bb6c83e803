"""What the rules look at: the issue, its editions with their pages, the settings and the audience in numbers.

Touches: nothing.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

from newsletter.edition.edition import Edition
from newsletter.edition.strange_templates import StrangeTemplates
from newsletter.issue.model import Issue
from newsletter.issue.tree import DataPath
from newsletter.settings.model import Settings

from .audience import AudienceSummary
from .comments import IgnoreComment
from .issue_links import IssueLink
from .outside import Outside
from .page import Page


@dataclass(frozen=True, slots=True)
class Sheet:
    """One edition, and its HTML as read."""

    edition: Edition
    page: Page

    def keys(self) -> set[str]:
        return {hole.key for hole in self.edition.holes}


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

    @property
    def language(self) -> str:
        return self.settings.newsletter.language

    def path_of(self, text: str) -> DataPath:
        """Where in the issue a text comes from: the first value that holds it; empty where there is none."""
        return next((path for path, value in self.texts() if text and text in value), ())

    def texts(self) -> tuple[tuple[DataPath, str], ...]:
        """Every text of the issue with its path, in order."""
        return self._texts

    @cached_property
    def _texts(self) -> tuple[tuple[DataPath, str], ...]:
        return tuple((one.path, one.text) for one in self.issue.texts())

    def typed(self, pattern: re.Pattern[str]) -> bool:
        """Whether the issue, as written, has something of this pattern in it."""
        return any(pattern.search(value) for _, value in self.texts())
