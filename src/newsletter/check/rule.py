"""The rules by id; a rule is a small function that looks at the material and says what it found. Touches: nothing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from newsletter.issue.tree import DataPath

from .finding import Severity
from .material import Material, Sheet
from .page import Tag


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule says, in both languages, and where: a path in the issue, or a line of another file."""

    ko: str
    en: str
    ko_hint: str = ""
    en_hint: str = ""
    path: DataPath = ()
    sought: str = ""
    """What of the text at `path` it is about, if not all of it; after `nth` others."""
    nth: int = 0
    file: str = ""
    line: int | None = None
    at: tuple[int, int] | None = None
    """Line and column in the issue's file, where that is known and no `path`."""
    severity: Severity | None = None
    """Where it differs from the rule's."""
    tag: Tag | None = None
    """Where in the HTML of `sheet` it is."""
    sheet: Sheet | None = None


Look = Callable[[Material], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    severity: Severity
    look: Look

    @property
    def family(self) -> str:
        """The file it stands in; its texts stand beside it (texts.py)."""
        return self.look.__module__.rpartition(".")[2]


_rules: dict[str, Rule] = {}
RULES: Mapping[str, Rule] = MappingProxyType(_rules)
"""All rules, once `newsletter.check.rules` is imported."""
FIXED = frozenset({"issue-file", "audience-file", "audience-empty", "merge-missing", "merge-failed"})
"""Rules that nobody can lower or ignore: without what they demand there is no letter, or nobody to send it to."""


def error(rule_id: str) -> Callable[[Look], Look]:
    """Register a rule whose findings stop a send."""
    return _registered(rule_id, Severity.ERROR)


def warning(rule_id: str) -> Callable[[Look], Look]:
    """Register a rule whose findings are advice."""
    return _registered(rule_id, Severity.WARNING)


def _registered(rule_id: str, severity: Severity) -> Callable[[Look], Look]:
    def register(look: Look) -> Look:
        if rule_id in _rules:
            raise ValueError(f"two rules are called {rule_id}")
        _rules[rule_id] = Rule(rule_id, severity, look)
        return look

    return register
