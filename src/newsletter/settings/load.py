"""Find the workspace and read its settings: newsletter.toml, then the environment on top. Touches: file system.

Limits: all problems are told at once, with file, line and caret; of a file that is no TOML at all, the first.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from newsletter.catalogue import phrase
from newsletter.errors import Problem, SettingsError
from newsletter.excerpt import excerpt

from .environment import PASSWORDS, PREFIX, Override, overrides, tables
from .explain import explain, tidy, unknown_key, why_unreadable
from .footer import footer_problems
from .model import Settings
from .places import Places, toml_places
from .table import Table
from .theme import theme_problems
from .toml_faults import toml_fault
from .workspace import Workspace

FILE = "newsletter.toml"
_LARGEST = 1_000_000


_MAY_HOLD_A_SECRET = re.compile(r"password|heartbeat|://[^/\s]*:[^/\s]*@", re.IGNORECASE)


class NoWorkspaceError(SettingsError):
    """There is no workspace here, or none where one was named."""


def find_workspace(start: Path, *, explicit: Path | None, environ: Mapping[str, str]) -> Workspace:
    """The workspace that `explicit` names, else NEWSLETTER_WORKSPACE, else the nearest one at or above `start`."""
    root = find_root(start, explicit=explicit, environ=environ)
    return Workspace(root, load_settings(root / FILE, environ))


def find_root(start: Path, *, explicit: Path | None, environ: Mapping[str, str]) -> Path:
    """The folder of that workspace, whatever its settings say. Raises NoWorkspaceError."""
    named = explicit or (Path(environ["NEWSLETTER_WORKSPACE"]) if environ.get("NEWSLETTER_WORKSPACE") else None)
    if named is not None:
        root = (start / named).resolve()
        if not (root / FILE).is_file():
            raise NoWorkspaceError(
                phrase("settings.workspace.is_none", named=str(named), file=FILE),
                hint=phrase("settings.workspace.make_it", named=str(named)),
            )
        return root
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / FILE).is_file():
            return folder
    raise NoWorkspaceError(
        phrase("settings.workspace.not_here", file=FILE, folder=str(start.resolve())),
        hint=phrase("settings.workspace.make_or_name_one"),
    )


def written_language(root: Path) -> str | None:
    """What `[newsletter] language` says in a file of settings, however broken the rest is; None where nothing does."""
    try:
        text = (root / FILE).read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return None
    table = re.search(r"^\s*\[newsletter\]\s*$(.*?)(?=^\s*\[|\Z)", text, re.MULTILINE | re.DOTALL)
    said = re.search(r"^\s*language\s*=\s*[\"'](\w+)[\"']", table[1], re.MULTILINE) if table else None
    return said[1] if said else None


def load_settings(path: Path, environ: Mapping[str, str]) -> Settings:
    """The settings of one file with the environment's overrides; SettingsError carries every problem."""
    text = _read(path)
    data = _parse(text)
    places = toml_places(text)
    problems = _secrets_in_file(data)
    given, wrong = overrides(environ)
    for override in given:
        data.setdefault(override.table, {})
        if isinstance(data[override.table], dict):
            data[override.table][override.key] = value_of(override)
    origin = {(override.table, override.key): override.variable for override in given}
    settings = None
    try:
        settings = Settings.model_validate(data, context=origin)
    except ValidationError as error:
        problems += wrong_values(error, origin)
    told = theme_problems(data.get("theme"))
    told += footer_problems(settings.footer, settings.links.archive_url) if settings else []
    problems += [replace(problem, file=_variable(problem.path, origin)) for problem in told]
    problems = [*(_placed(problem, text, places) for problem in problems), *wrong]
    if problems or settings is None:
        raise SettingsError(problems=sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0)))
    return settings


def place_in_settings(root: Path, problem: Problem) -> Problem:
    """A problem that a later stage found with the setting `problem.path`, placed in the file; without one, unplaced."""
    try:
        text = _read(root / FILE)
        return _placed(problem, text, toml_places(text))
    except (SettingsError, tomllib.TOMLDecodeError):
        return replace(problem, file=FILE)


def problem_with_setting(workspace: Workspace, problem: Problem) -> Problem:
    """The same, naming the variable of the environment where the setting comes from one."""
    variable = workspace.settings.variable(problem.path)
    return replace(problem, file=variable) if variable else place_in_settings(workspace.root, problem)


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise SettingsError(
            phrase("settings.file.cannot_be_read", path=str(path), why=why_unreadable(error))
        ) from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(problems=[Problem(phrase("settings.file.is_not_utf8"), file=FILE, line=line)]) from None


def _parse(text: str) -> dict[str, Any]:
    try:
        if len(text) > _LARGEST:
            raise SettingsError(problems=[Problem(phrase("settings.file.is_too_large"), file=FILE)])
        return tomllib.loads(text)
    except RecursionError:
        raise SettingsError(problems=[Problem(phrase("settings.file.is_nested_too_deeply"), file=FILE)]) from None
    except tomllib.TOMLDecodeError as error:
        fault = toml_fault(error, text)
        lines = text.split("\n")
        shown = _shown(lines[fault.line - 1], fault.column) if fault.line <= len(lines) else ""
        problem = Problem(fault.said, FILE, fault.line, fault.column, excerpt=shown, hint=fault.hint)
        raise SettingsError(problems=[problem]) from None


def _secrets_in_file(data: dict[str, Any]) -> list[Problem]:
    """A password in a file that belongs into git."""
    return [
        Problem(
            phrase("settings.file.holds_password"),
            path=f"{table}.{key}",
            hint=phrase("settings.file.where_passwords_go", variable=f"{PREFIX}{table}__{key}".upper()),
        )
        for table, key in PASSWORDS
        if isinstance(data.get(table), dict) and key in data[table]
    ]


def _shown(line: str, column: int) -> str:
    """The line with its caret, unless it may hold a secret: errors end up in the logs of cron and CI."""
    return "" if _MAY_HOLD_A_SECRET.search(line) else excerpt(line, column)


def value_of(override: Override) -> object:
    """As the model takes it; an empty password is none."""
    if (override.table, override.key) in PASSWORDS:
        return str(override.value) or None
    return override.value


def wrong_values(error: ValidationError, origin: Mapping[tuple[str, str], str]) -> list[Problem]:
    """All that is wrong with a set of values; `origin` as the model's context. No value is told."""
    return [_problem(detail, origin) for detail in error.errors(include_url=False, include_input=False)]


def _problem(detail: ErrorDetails, origin: Mapping[tuple[str, str], str]) -> Problem:
    """What is wrong and where in the data; the place in the file is found from the path."""
    loc = tuple(part for part in detail["loc"] if not str(part).startswith(("literal[", "function-", "[key]")))
    words = explain(detail)
    if detail["type"] == "extra_forbidden":
        words = unknown_key(str(loc[-1]), _known(loc))
    path = tidy(loc)
    return Problem(words, file=_variable(path, origin), path=path)


def _variable(path: str, origin: Mapping[tuple[str, str], str]) -> str:
    """The variable of the environment that a key comes from; empty where it stands in the file."""
    table, _, key = path.partition(".")
    return origin.get((table, re.split(r"[.\[]", key)[0]), "")


def _known(loc: tuple[int | str, ...]) -> list[str]:
    """The keys that are allowed where the unknown one of `loc` stands."""
    if len(loc) == 1:
        return list(tables())
    if len(loc) > 2:
        # A table in a list or in a table of tables.
        kinds = get_args(tables()[str(loc[0])].model_fields[str(loc[1])].annotation)
        return [
            key for kind in kinds if isinstance(kind, type) and issubclass(kind, Table) for key in kind.model_fields
        ]
    return [key for key in tables()[str(loc[0])].model_fields if (loc[0], key) not in PASSWORDS]


def _placed(problem: Problem, text: str, places: Places) -> Problem:
    """The problem with the line of its key, or of the nearest table around it."""
    if problem.file:
        return problem
    keys = tuple(re.split(r"[.\[]", problem.path))
    found = next((places[keys[:size]] for size in range(len(keys), 0, -1) if keys[:size] in places), None)
    if found is None:
        return replace(problem, file=FILE)
    line, column = found
    shown = _shown(text.split("\n")[line - 1], column)
    return replace(problem, file=FILE, line=line, column=column, excerpt=shown)
