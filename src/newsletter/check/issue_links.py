"""The links in an issue's Markdown, as typed, each with its place. Touches: nothing."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.edition.written_links import WrittenLink, written_links
from newsletter.issue.model import Issue
from newsletter.issue.tree import DataPath


@dataclass(frozen=True, slots=True)
class IssueLink:
    """A link and where it stands: the text at `path`, and `sought` in it, after `nth` others."""

    link: WrittenLink
    path: DataPath
    sought: str
    nth: int


def issue_links(issue: Issue) -> Iterator[IssueLink]:
    """The links of those texts of an issue that are Markdown, with translations, in order."""
    for one in issue.texts():
        if one.kind.is_markdown and ("](" in one.text or "]:" in one.text or "<" in one.text):
            yield from _placed(one.path, one.text)


def _placed(path: DataPath, text: str) -> Iterator[IssueLink]:
    seen: Counter[str] = Counter()
    for link in written_links(text):
        sought = link.typed or "]("
        # The address of a link by reference stands behind a colon, that of `<https://…>` in angle brackets.
        places = [
            match.start() if link.typed else match.start() - 2
            for match in re.finditer(rf"(?:(?<=\]\()|(?<=[<:])|(?<=: )){re.escape(link.typed)}(?=[\s)>{{]|$)", text)
        ]
        position = places[min(seen[sought], len(places) - 1)] if places else max(text.find(sought), 0)
        seen[sought] += 1
        yield IssueLink(link, path, sought, text.count(sought, 0, position))
