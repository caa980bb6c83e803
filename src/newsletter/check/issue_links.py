"""The links in an issue's Markdown, as typed, each with its place. Touches: nothing."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsletter.issue.tree import DataPath

from .written_links import WrittenLink, written_links

MARKDOWN = frozenset({"intro", "closing", "body", "text", "summary", "caption"})
"""The keys whose text is Markdown; everything else is shown as it is."""


@dataclass(frozen=True, slots=True)
class IssueLink:
    """A link and where it stands: the text at `path`, and `sought` in it, after `nth` others."""

    link: WrittenLink
    path: DataPath
    sought: str
    nth: int


def issue_links(texts: Iterable[tuple[DataPath, str]]) -> Iterator[IssueLink]:
    """The links of those texts of an issue that are Markdown, with translations, in order."""
    for path, text in texts:
        if path[-1:] and path[-1] in MARKDOWN and ("](" in text or "]:" in text or "<" in text):
            yield from _placed(path, text)


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
