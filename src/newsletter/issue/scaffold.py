"""Files to start from: a workspace, an issue. Touches: file system. Limits: never writes over a file."""

import os
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.catalogue import phrase
from newsletter.errors import CannotWriteError, UsageError
from newsletter.settings.explain import why_unreadable
from newsletter.settings.load import FILE
from newsletter.settings.system_reason import system_reason
from newsletter.settings.workspace import Workspace

from . import schema
from .find import SLUG, WELCOME
from .sections.registry import SECTION_TYPES, starter

_STARTER = Path(__file__).parent / "starter"
_IGNORED = ".gitignore"
_DATE = re.compile(r"^# publish_at: \S+ *", re.MULTILINE)
"""Of the starter, where it is an example."""


def init_workspace(directory: Path, *, language: str = "ko", today: date | None = None) -> list[Path]:
    """Make a workspace in `directory`, made if missing; the files that were written.

    What is there stays as it is, except that a .gitignore gets the lines it lacks. Raises UsageError where there is a
    workspace already, CannotWriteError.
    """
    root = directory.resolve()
    if (root / FILE).exists():
        raise UsageError(
            phrase("issue.scaffold.is_workspace_already", folder=str(root)), hint=phrase("issue.scaffold.begin_another")
        )
    day = today or datetime.now(UTC).date()
    written = [
        write_new(root / FILE, starter_file(language, FILE)),
        write_new(root / "issues" / f"{day:%Y-%m}.yaml", starter_issue(language, day)),
        write_new(root / "issues" / schema.NAME, schema.schema_text()),
        write_new(root / "subscribers.example.csv", starter_file(language, "subscribers.example.csv")),
        _ignore(root / _IGNORED),
    ]
    return [path for path in written if path]


def new_issue(
    workspace: Workspace, slug: str, *, today: date | None = None, publish_at: datetime | None = None
) -> Path:
    """Make issues/<slug>.yaml with every kind of section, in the workspace's language, and the schema that it names.

    The welcome letter begins as one.

    With `publish_at` it is dated. Raises UsageError.
    """
    settings = workspace.settings.newsletter
    day = today or (publish_at or datetime.now(ZoneInfo(settings.timezone))).date()
    if slug == WELCOME and publish_at is None:
        text = starter_file(settings.language, "welcome.yaml")
    else:
        text = starter_issue(settings.language, day, publish_at)
    return write_issue(workspace, slug, text)


def new_path(workspace: Workspace, slug: str) -> Path:
    """Where an issue of that name will be. Raises UsageError where it cannot be, or is one already."""
    if not SLUG.fullmatch(slug):
        raise UsageError(phrase("issue.scaffold.is_no_slug", slug=f"`{slug}`"))
    path = workspace.issues / f"{slug}.yaml"
    if os.path.lexists(path):
        raise UsageError(phrase("issue.scaffold.is_there_already", path=str(path)))
    return path


def write_issue(workspace: Workspace, slug: str, text: str) -> Path:
    """Begin issues/<slug>.yaml with a text, and the schema that its first line names. Raises UsageError."""
    path = new_path(workspace, slug)
    if write_new(path, text) is None:
        raise UsageError(phrase("issue.scaffold.is_there_already", path=str(path)))
    write_new(path.with_name(schema.NAME), schema.schema_text())
    return path


def starter_issue(language: str, day: date, publish_at: datetime | None = None) -> str:
    """The text of a new issue, begun on a day."""
    event = datetime.combine(day + timedelta(days=21), datetime.min.time()).replace(hour=14)
    parts = [starter(model, language) for model in SECTION_TYPES.values()]
    text = starter_file(language, "issue.yaml").replace("@SECTIONS@", "\n\n".join(parts))
    if publish_at is not None:
        text = _DATE.sub(f"publish_at: {publish_at.isoformat()} ", text)
    return text.replace("@EVENT@", event.isoformat(timespec="minutes"))


def starter_file(language: str, name: str) -> str:
    """What `init` begins with in a language: `newsletter.toml`, …"""
    return _text(_STARTER / language / name)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def write_new(path: Path, text: str) -> Path | None:
    """Write a file that is not there yet: the path, or None where something is. Raises CannotWriteError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        if not path.parent.is_dir():
            said = phrase("issue.scaffold.folder_is_file", folder=str(path.parent))
            raise CannotWriteError(said, hint=phrase("issue.scaffold.choose_another_name")) from None
        return None
    except OSError as error:
        raise CannotWriteError(
            phrase("issue.file.cannot_be_written", path=str(path), why=system_reason(error)),
            hint=phrase("issue.file.choose_another_folder"),
        ) from error
    return path


def _ignore(path: Path) -> Path | None:
    """Keep addresses and secrets out of git also where there is a .gitignore."""
    lines = _text(_STARTER / "gitignore")
    if made := write_new(path, lines):
        return made
    try:
        present = _text(path)
        missing = [line for line in lines.splitlines() if line not in present.splitlines()]
        if missing:
            end = "" if present.endswith("\n") or not present else "\n"
            with path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(end + "\n".join(missing) + "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotWriteError(
            phrase("issue.scaffold.cannot_add", path=str(path), why=why_unreadable(error))
        ) from error
    return path if missing else None
