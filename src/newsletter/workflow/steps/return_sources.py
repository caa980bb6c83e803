"""Where returns are read: what the command line names, else all that `[returns]` names. Touches: nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from newsletter.returns.sources.imap import ImapMailbox
from newsletter.returns.sources.imap_login import ImapServer
from newsletter.returns.sources.maildir import Maildir
from newsletter.returns.sources.mbox import Mbox
from newsletter.returns.sources.source import Source
from newsletter.settings.workspace import Workspace

from .own_maildir import own_maildir


@dataclass(frozen=True, slots=True)
class NamedSources:
    """What the command line names, if anything."""

    maildir: Path | None = None
    mbox: Path | None = None
    imap: str = ""
    access_log: Path | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))


def sources_of(workspace: Workspace, named: NamedSources) -> list[Source]:
    """In the order in which they are read; none where nothing is named anywhere.

    Raises SettingsError (78) where the IMAP mailbox has no password.
    """
    return list(_named(workspace, named) if named else _set(workspace))


def access_log_of(workspace: Workspace, named: NamedSources) -> Path | None:
    """The log of a web server that takes clicks by itself; None where none is to be read."""
    if named:
        return named.access_log
    log = workspace.settings.returns.access_log
    return workspace.root / log if log else None


def _named(workspace: Workspace, named: NamedSources) -> Iterator[Source]:
    if named.maildir:
        yield _maildir(workspace, named.maildir, str(named.maildir))
    if named.mbox:
        yield _mbox(workspace, named.mbox, str(named.mbox))
    if named.imap:
        yield _imap(workspace, named.imap)


def _set(workspace: Workspace) -> Iterator[Source]:
    """And what standard input has left waiting."""
    returns = workspace.settings.returns
    if returns.maildir:
        yield _maildir(workspace, workspace.root / returns.maildir, returns.maildir)
    if returns.mbox:
        yield _mbox(workspace, workspace.root / returns.mbox, returns.mbox)
    if returns.imap:
        yield _imap(workspace, returns.imap)
    if (workspace.own_returns / "new").is_dir():
        yield own_maildir(workspace)


def _maildir(workspace: Workspace, folder: Path, name: str) -> Source:
    returns = workspace.settings.returns
    return Maildir(folder, name, processed=returns.processed, unparsed=returns.unparsed)


def _mbox(workspace: Workspace, path: Path, name: str) -> Source:
    returns = workspace.settings.returns
    return Mbox(path, name, processed=returns.processed, unparsed=returns.unparsed)


def _imap(workspace: Workspace, url: str) -> Source:
    returns = workspace.settings.returns
    server = ImapServer.of(url, returns, workspace.root)
    folders = [server.folder] if server.folder else returns.folders
    return ImapMailbox(server, folders, processed=returns.processed, unparsed=returns.unparsed)
