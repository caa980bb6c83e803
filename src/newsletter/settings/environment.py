"""Overrides of settings by the environment: NEWSLETTER_<TABLE>__<KEY>. Touches: files named by `…_FILE`.

Limits: a secret's value is never part of an error.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import get_origin

from newsletter.catalogue import Said, phrase
from newsletter.errors import Problem
from newsletter.excerpt import suggestion

from .explain import WrongValueError, why_unreadable
from .model import Settings
from .table import Table

PREFIX = "NEWSLETTER_"
_ELSEWHERE = {
    "NEWSLETTER_WORKSPACE",
    "NEWSLETTER_LANG",
    "NEWSLETTER_BROWSER",
    "NEWSLETTER_SECRET_KEY",
    "NEWSLETTER_SECRET_KEY_FILE",
}
PASSWORDS = (("smtp", "password"), ("returns", "password"))
"""Settings that stand in the environment only."""
FROM_FILE = {*PASSWORDS, ("ledger", "url"), ("operator", "heartbeat")}
"""Settings that may hold a secret, so `…_FILE` may name a file with it."""
# Kubernetes and Docker links put these into every container beside a service that is called "newsletter".
_SERVICE_LINK = re.compile(r"NEWSLETTER_(SERVICE_(HOST|PORT\w*)|PORT(_\d+_(TCP|UDP)\w*)?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Override:
    """One setting from the environment; `variable` is where it came from."""

    variable: str
    table: str
    key: str
    value: object


def overrides(environ: Mapping[str, str]) -> tuple[list[Override], list[Problem]]:
    """What the environment says about settings, and what is wrong with how it says it."""
    known = variables()
    found: list[Override] = []
    problems: list[Problem] = []
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name in _ELSEWHERE or _SERVICE_LINK.fullmatch(name):
            continue
        try:
            found.append(_override(name, environ[name], known))
        except WrongValueError as error:
            problems.append(Problem(error.said, file=name))
    return found, problems


def variables() -> dict[str, tuple[str, str]]:
    """Every variable that overrides a setting -> its table and key."""
    known: dict[str, tuple[str, str]] = {}
    for table, model in tables().items():
        for key in model.model_fields:
            known[f"{PREFIX}{table}__{key}".upper()] = (table, key)
    for table, key in FROM_FILE:
        known[f"{PREFIX}{table}__{key}_FILE".upper()] = (table, key)
    return known


def tables() -> dict[str, type[Table]]:
    """The tables of the file by name."""
    annotations = {name: field.annotation for name, field in Settings.model_fields.items()}
    return {name: kind for name, kind in annotations.items() if isinstance(kind, type) and issubclass(kind, Table)}


def _nearest(name: str, known: Iterable[str]) -> str:
    """By what stands behind the prefix, which makes all of them alike."""
    rest = suggestion(name.removeprefix(PREFIX).lower(), [one.removeprefix(PREFIX).lower() for one in known])
    return f"{PREFIX}{rest.upper()}" if rest else ""


def _override(name: str, text: str, known: Mapping[str, tuple[str, str]]) -> Override:
    if name not in known:
        near = _nearest(name, (*known, *_ELSEWHERE))
        raise WrongValueError(
            phrase("settings.environment.unknown_near", near=near) if near else phrase("settings.environment.unknown")
        )
    table, key = known[name]
    if (table, key) in FROM_FILE and name.endswith("_FILE"):
        text = _secret(Path(text))
    return Override(name, table, key, _value(text, get_origin(tables()[table].model_fields[key].annotation)))


def _value(text: str, kind: object) -> object:
    if kind is tuple or (kind is UnionType and text.lstrip().startswith("[")):
        return _json(text, "[", phrase("settings.environment.must_be_json_list"))
    if kind is dict:
        return _json(text, "{", phrase("settings.environment.must_be_json_object"))
    return text


def _json(text: str, opening: str, otherwise: Said) -> object:
    try:
        value = json.loads(text) if text.lstrip().startswith(opening) else None
    except (ValueError, RecursionError):
        value = None
    if value is None:
        raise WrongValueError(otherwise)
    return value


def _secret(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongValueError(
            phrase("settings.environment.secret_cannot_be_read", path=str(path), why=why_unreadable(error))
        ) from error
