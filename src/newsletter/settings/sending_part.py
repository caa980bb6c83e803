"""The part of the settings that sending alone needs: published for machines without the workspace's files.

Touches: what the environment names. Limits: never a password, nor a file's contents; paths are those of the machine
that sends. Defaults are left out, so that an older version fails over a new key only where somebody uses it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ValidationError

from newsletter.catalogue import phrase
from newsletter.errors import Problem, SettingsError

from .environment import overrides
from .load import value_of, wrong_values
from .model import Settings

_OWN = ("smtp", "dkim")
"""Tables that a machine's own environment may override."""


def sending_part(settings: Settings) -> dict[str, Any]:
    """Tables as in newsletter.toml, fit for JSON; of their newsletter all but its list_id."""
    newsletter, schedule = settings.newsletter, settings.schedule
    return {
        "newsletter": {"name": newsletter.name, "language": newsletter.language, "timezone": newsletter.timezone},
        "sender": {"address": settings.sender.address},
        "institute": {"name": settings.institute.name},
        "smtp": {"url": settings.smtp.url, **_written(settings.smtp, {"password", "rules", "ca_file", "processes"})},
        "dkim": _written(settings.dkim, set()),
        "schedule": {"give_up_after": _as_text(schedule.give_up_after)},
    }


def settings_of_part(
    list_id: str, part: Mapping[str, Mapping[str, Any]], ledger_url: str, secret_file: str, environ: Mapping[str, str]
) -> Settings:
    """A machine's settings for one newsletter: what was published, this machine's environment on top.

    The ledger and the file of the secret are the machine's own. SettingsError (78) with all that is wrong.
    """
    tables: dict[str, dict[str, Any]] = {name: dict(table) for name, table in part.items()}
    tables.setdefault("newsletter", {})["list_id"] = list_id
    tables |= {"ledger": {"url": ledger_url}, "links": {"secret_file": secret_file}}
    given, problems = overrides(environ)
    origin = {(override.table, override.key): override.variable for override in given}
    for override in given:
        if override.table in _OWN:
            tables.setdefault(override.table, {})[override.key] = value_of(override)
    settings = None
    try:
        settings = Settings.model_validate(tables, context=origin)
    except ValidationError as error:
        problems = [*problems, *(_placed(problem, list_id) for problem in wrong_values(error, origin))]
    if problems or settings is None:
        raise SettingsError(problems=problems)
    return settings


def _placed(problem: Problem, list_id: str) -> Problem:
    """Not from the environment: a newer version has published what this one does not know."""
    if problem.file:
        return problem
    return replace(problem, file=list_id, hint=phrase("settings.published.is_newer"))


def _written(table: BaseModel, without: set[str]) -> dict[str, Any]:
    """What differs from the defaults."""
    found: dict[str, Any] = _as_text(table.model_dump(exclude=without, exclude_defaults=True))
    return found


def _as_text(value: Any) -> Any:  # noqa: ANN401 - whatever a setting may be
    """As it may be written in the file."""
    if isinstance(value, timedelta):
        return f"{int(value.total_seconds())}s"
    if isinstance(value, dict):
        return {key: _as_text(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_as_text(one) for one in value]
    return value
