"""Which variables of the environment have to go along where a command is started later, and which must not.

Touches: nothing.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from .environment import FROM_FILE, PREFIX, tables, variables

_SECRET_KEY = f"{PREFIX}SECRET_KEY"
_LANGUAGE = f"{PREFIX}LANG"


def carried(environ: Mapping[str, str]) -> dict[str, str]:
    """Every variable that says something about a newsletter, but the workspace, which is named otherwise; by name."""
    known = {*variables(), _LANGUAGE, _SECRET_KEY, file_of(_SECRET_KEY)}
    return {name: environ[name] for name in sorted(environ) if name in known}


def may_hold_secret(name: str) -> bool:
    """Whether the value of a variable may be a secret, so that it must be written nowhere."""
    if name == _SECRET_KEY:
        return True
    table, key = variables().get(name, ("", ""))
    if not table or names_secret_file(name):
        return False
    return (table, key) in FROM_FILE or not tables()[table].model_fields[key].repr


def file_of(name: str) -> str:
    """The variable that names a file with the secret instead; empty where there is none."""
    given = f"{name}_FILE"
    return given if given == f"{_SECRET_KEY}_FILE" or given in variables() else ""


def names_secret_file(name: str) -> bool:
    """Whether a variable is one of those; their paths start at the current folder, those of settings do not."""
    return any(name == file_of(other) for other in (_SECRET_KEY, *_secrets()))


def has_password(url: str) -> bool:
    """Whether one stands in it; also where that cannot be told."""
    try:
        parts = urlsplit(url)
        return bool(parts.password) or any("password" in name.lower() for name, _ in parse_qsl(parts.query))
    except ValueError:
        return True


def _secrets() -> list[str]:
    return [f"{PREFIX}{table}__{key}".upper() for table, key in FROM_FILE]
