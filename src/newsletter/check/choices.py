"""What newsletter.toml says of the rules: `[check.severity]` and `[check.ignore]`.

Touches: the settings' file, for places. Rule ids are looked at here and not where the settings are read, since only
here the rules are known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.errors import Problem, SettingsError
from newsletter.excerpt import suggestion
from newsletter.settings.load import place_in_settings
from newsletter.settings.model import Settings

from .finding import Severity
from .rule import FIXED


@dataclass(frozen=True, slots=True)
class Choices:
    """By rule id."""

    severity: Mapping[str, Severity]
    ignore: Mapping[str, str]
    """The reason."""


def choices_of(settings: Settings, known: Iterable[str], root: Path) -> Choices:
    """Raises SettingsError, with a suggestion, for an id that none of the `known` rules has."""
    tables: dict[str, Iterable[str]] = {"severity": settings.check.severity, "ignore": settings.check.ignore}
    known = list(known)
    problems = [
        _placed(settings, root, table, Problem(_unknown(rule, known), path=f"check.{table}.{rule}"))
        for table, rules in tables.items()
        for rule in rules
        if rule not in known or rule in FIXED
    ]
    if problems:
        raise SettingsError(problems=problems)
    severity = {rule: Severity(word) for rule, word in settings.check.severity.items()}
    return Choices(severity, settings.check.ignore)


def _unknown(rule: str, known: list[str]) -> str:
    if rule in FIXED:
        return "this rule cannot be changed: nothing can be sent without it"
    near = suggestion(rule, known)
    return f"there is no rule of this name; {f'did you mean `{near}`?' if near else 'docs/checks.md has them all'}"


def _placed(settings: Settings, root: Path, table: str, problem: Problem) -> Problem:
    variable = settings.variable(f"check.{table}")
    return replace(problem, file=variable) if variable else place_in_settings(root, problem)
