"""From what a rule found to a finding: with its place, and whether it counts.

Touches: newsletter.toml, for the places of settings.
"""

from collections.abc import Iterator
from functools import lru_cache, partial

from newsletter.catalogue import SILENCE, Said
from newsletter.errors import Problem
from newsletter.issue.tree import DataPath
from newsletter.settings.load import problem_with_setting
from newsletter.settings.workspace import Workspace

from .choices import Choices
from .comments import IgnoreComment
from .finding import Finding, LetterPlace
from .material import Material
from .places.in_letter import fields_as_typed, letter_place
from .places.origin import Origin, Origins
from .places.shown import Shown
from .places.source import IssueSource
from .rule import Found, Rule


class Teller:
    """Tells all findings of one issue, and remembers which comments were needed for them."""

    def __init__(self, material: Material, source: IssueSource, choices: Choices, workspace: Workspace) -> None:
        self._comments = material.comments
        self._origins = Origins(material)
        self._shown = Shown(material)
        self._sheets = material.sheets
        self._source = source
        self._choices = choices
        self._workspace = workspace
        self._needed: set[tuple[IgnoreComment, str]] = set()
        self._place = lru_cache(maxsize=None)(source.place)

    def finding(self, rule: Rule, found: Found) -> Finding:
        """One thing that a rule found; `ignored` has the reason where the settings or a comment say so."""
        origin = self._origin(found)
        at = self._at(found, origin)
        comment = self._comment(rule.id, origin.path)
        shown = partial(fields_as_typed, found.sheet.edition) if found.sheet else _as_it_is
        return Finding(
            rule=rule.id,
            severity=self._choices.severity.get(rule.id) or found.severity or rule.severity,
            message=shown(found.says),
            file=found.file or at.file or self._source.file,
            line=at.line,
            column=at.column,
            hint=rule.mend if found.hint is SILENCE else shown(found.hint),
            excerpt=at.excerpt,
            why=rule.why,
            source=rule.source,
            letters=tuple(self._letters(found, origin)),
            ignored=comment.reason if comment else self._choices.ignore.get(rule.id, ""),
            ignored_here=comment is not None,
            path=(*origin.path[:-1], found.lacking) if found.lacking else origin.path,
        )

    def needless(self, judged: frozenset[str]) -> Iterator[tuple[IgnoreComment, str]]:
        """Comments, each with a rule, by which nothing was ignored; of the `judged` rules only, which all looked."""
        for comment in self._comments:
            if comment.reason and comment.path:
                needless = (rule for rule in comment.rules if (comment, rule) not in self._needed)
                yield from ((comment, rule) for rule in needless if rule in judged)

    def _origin(self, found: Found) -> Origin:
        if found.file or found.at or found.setting:
            return Origin(())
        if not found.path and found.sheet and found.tag:
            return self._origins.of(found.sheet, found.tag) or Origin(())
        return Origin(found.path, found.sought, found.nth)

    def _at(self, found: Found, origin: Origin) -> Problem:
        if found.file:
            return Problem(SILENCE, line=found.line)
        if found.setting:
            return problem_with_setting(self._workspace, Problem(SILENCE, path=found.setting))
        if found.at:
            return self._source.at(*found.at)
        return self._place(origin.path, origin.sought, origin.nth)

    def _letters(self, found: Found, origin: Origin) -> Iterator[LetterPlace]:
        """Where in the HTML: what the rule found there, else what shows the place of the issue, in each edition."""
        if found.sheet and found.tag:
            yield letter_place(found.sheet, found.tag)
        elif origin.path:
            for sheet in self._sheets:
                if tag := self._shown.of(sheet, origin):
                    yield letter_place(sheet, tag)

    def _comment(self, rule: str, path: DataPath) -> IgnoreComment | None:
        """The comment by which it is ignored."""
        found = next((one for one in self._comments if path and one.holds_for(rule, path)), None)
        if found:
            self._needed.add((found, rule))
        return found


def _as_it_is(words: Said) -> Said:
    return words
