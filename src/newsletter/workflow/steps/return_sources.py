"""Where returns are read: what the command line names, else all that `[returns]` names. Touches: nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from newsletter.returns.sources.maildir import Maildir
from newsletter.returns.sources.source import Source
from newsletter.settings.workspace import Workspace


@dataclass(frozen=True, slots=True)
class NamedSources:
    """What the command line names, if anything."""

    maildir: Path | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))


def sources_of(workspace: Workspace, named: NamedSources) -> list[Source]:
    """In the order in which they are read; none where nothing is named anywhere."""
    return list(_named(workspace, named) if named else _set(workspace))


def _named(workspace: Workspace, named: NamedSources) -> Iterator[Source]:
    if named.maildir:
        yield _maildir(workspace, named.maildir, str(named.maildir))


def _set(workspace: Workspace) -> Iterator[Source]:
    returns = workspace.settings.returns
    if returns.maildir:
        yield _maildir(workspace, workspace.root / returns.maildir, returns.maildir)


def _maildir(workspace: Workspace, folder: Path, name: str) -> Source:
    returns = workspace.settings.returns
    return Maildir(folder, name, processed=returns.processed, unparsed=returns.unparsed)
