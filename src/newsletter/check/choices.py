"""What newsletter.toml says of the rules: `[check.severity]` and `[check.ignore]`.

Touches: the settings' file, for places. Rule ids are looked at here and not where the settings are read, since only
here the rules are known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.catalogue import Said, phrase
from newsletter.errors import Problem, SettingsError
from newsletter.excerpt import suggestion
from newsletter.settings.load import place_in_settings
from newsletter.settings.model import Settings

from .finding import Severity
from .former_ids import present_id
from .rule import Rule


@dataclass(frozen=True, slots=True)
class Choices:
    """By rule id."""

    severity: Mapping[str, Severity]
    ignore: Mapping[str, str]
    """The reason."""


def choices_of(settings: Settings, rules: Mapping[str, Rule], root: Path) -> Choices:
    """Raises SettingsError, with a suggestion, for an id that none of the `rules` has."""
    tables: dict[str, Iterable[str]] = {"severity": settings.check.severity, "ignore": settings.check.ignore}
    problems = [
        _placed(settings, root, table, Problem(_fault(rule, rules), path=f"check.{table}.{rule}"))
        for table, named in tables.items()
        for rule in named
        if present_id(rule) not in rules or rules[present_id(rule)].is_fixed
    ]
    if problems:
        raise SettingsError(problems=problems)
    severity = {present_id(rule): Severity(word) for rule, word in settings.check.severity.items()}
    return Choices(severity, {present_id(rule): reason for rule, reason in settings.check.ignore.items()})


def _fault(rule: str, rules: Mapping[str, Rule]) -> Said:
    if rule in rules:
        return phrase("check.choices.is_fixed")
    near = suggestion(rule, rules)
    if near:
        return phrase("check.choices.unknown_rule_near", near=near)
    return phrase("check.choices.unknown_rule")


def _placed(settings: Settings, root: Path, table: str, problem: Problem) -> Problem:
    variable = settings.variable(f"check.{table}")
    return replace(problem, file=variable) if variable else place_in_settings(root, problem)
