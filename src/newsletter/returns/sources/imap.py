"""Folders of an IMAP mailbox. Touches: the network; that mailbox.

What was read moves to the folders `processed` and `unparsed`, by MOVE (RFC 6851) where the server has it, else by COPY
and a mark; only what we have copied is ever expunged (UID EXPUNGE, RFC 4315), and where the server cannot do that, the
marked message stays, and is not read again. Numbers of messages (UIDs) are used within one session alone, in which
they hold, so a new UIDVALIDITY confuses nothing. Of a message at most LARGEST_READ octets are fetched, and no mark is
set by reading it.
"""

import imaplib
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from imap_tools import BaseMailBox, ImapToolsError, MailboxFolderSelectError
from imap_tools.utils import encode_folder

from newsletter.catalogue import phrase
from newsletter.errors import UnavailableError

from .imap_login import ImapServer, log_in, translated
from .source import LARGEST_READ, READ_AT_ONCE, Batch, MessageFate, WaitingMessage

_FETCHED_AT_ONCE = 20
"""Messages of a megabyte each are held in memory."""
_UID = re.compile(rb"\bUID (\d+)")
_WANTED = f"(UID BODY.PEEK[]<0.{LARGEST_READ}>)"


_GONE = b"[EXPUNGEISSUED]"
"""Somebody else has moved some of them meanwhile (RFC 5530 3); what is left is read the next time."""


class ImapMailbox:
    """A `Source`."""

    def __init__(self, server: ImapServer, folders: Sequence[str], *, processed: str, unparsed: str) -> None:
        self.name = str(server)
        self.is_busy = False
        self._server = server
        self._folders = folders
        self._targets = {MessageFate.PROCESSED: processed, MessageFate.UNPARSED: unparsed}
        self._moves_to: dict[MessageFate, str] = {}
        self._can: frozenset[str] = frozenset()
        """What the server offers whoever is logged in."""
        self._mailbox: BaseMailBox | None = None

    def __enter__(self) -> Self:
        self._mailbox = log_in(self._server)
        with translated(self._server):
            self._can = self._capabilities()
            self._moves_to = {fate: self._folder(name) for fate, name in self._targets.items()}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._mailbox is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                self._mailbox.client.logout()
            self._mailbox = None

    def count(self) -> int:
        return sum(len(self._uids(folder)) for folder in self._folders)

    def batches(self) -> Iterator[Batch]:
        for folder in self._folders:
            uids = self._uids(folder)
            for begins in range(0, len(uids), READ_AT_ONCE):
                yield self._fetch(uids[begins : begins + READ_AT_ONCE])

    def put_away(self, fates: Sequence[tuple[WaitingMessage, MessageFate]]) -> None:
        with translated(self._server):
            for fate, folder in self._moves_to.items():
                if uids := [one.place for one, moves_to in fates if moves_to is fate]:
                    self._move(",".join(uids), folder)

    def _uids(self, folder: str) -> list[str]:
        """Selects the folder; those that somebody marked to be deleted are not ours to read."""
        with translated(self._server):
            try:
                self._open.folder.set(folder)
            except MailboxFolderSelectError as error:
                raise UnavailableError(
                    phrase("returns.imap.no_such_folder", server=self.name, folder=folder),
                    hint=phrase("returns.imap.name_folders"),
                ) from error
            return self._open.uids("UNDELETED", charset=None)

    def _fetch(self, uids: Sequence[str]) -> Batch:
        """Those that are still there."""
        found: list[WaitingMessage] = []
        with translated(self._server):
            for begins in range(0, len(uids), _FETCHED_AT_ONCE):
                some = ",".join(uids[begins : begins + _FETCHED_AT_ONCE])
                _, answer = self._checked(*self._open.client.uid("FETCH", some, _WANTED))
                found += _messages(answer)
        return found

    def _move(self, uids: str, folder: str) -> None:
        client, target = self._open.client, encode_folder(folder).decode("ascii")
        if "MOVE" in self._can:
            self._checked(*client.uid("MOVE", uids, target))
            return
        status, _ = self._checked(*client.uid("COPY", uids, target))
        if status != "OK":  # none was copied, so none may go
            return
        self._checked(*client.uid("STORE", uids, "+FLAGS.SILENT", r"(\Deleted)"))
        if "UIDPLUS" in self._can:
            self._checked(*client.uid("EXPUNGE", uids))

    def _capabilities(self) -> frozenset[str]:
        """The library remembers those of before the login, and most servers then offer less."""
        _, answer = self._checked(*self._open.client.capability())
        return frozenset(
            b" ".join(part for part in answer if isinstance(part, bytes)).decode("ascii", "replace").split()
        )

    def _folder(self, name: str) -> str:
        """Found or made; some servers have all folders under INBOX."""
        manager = self._open.folder
        inbox = manager.list("", "INBOX")
        names = (name, f"INBOX{inbox[0].delim if inbox else '/'}{name}")
        if found := next(filter(manager.exists, names), None):
            return found
        for one in names:
            with suppress(ImapToolsError):
                manager.create(one)
            if manager.exists(one):
                return one
        raise UnavailableError(
            phrase("returns.imap.cannot_make_folder", server=self.name, folder=name),
            hint=phrase("returns.imap.make_folder"),
        )

    def _checked(self, status: str, answer: list[object]) -> tuple[str, list[object]]:
        if status == "NO" and any(isinstance(part, bytes) and _GONE in part for part in answer):
            return status, []
        if status != "OK":
            raise imaplib.IMAP4.error(str(answer[:1]))
        return status, answer

    @property
    def _open(self) -> BaseMailBox:
        if self._mailbox is None:
            raise imaplib.IMAP4.error("not connected")
        return self._mailbox


def _messages(answer: Sequence[object]) -> Iterator[WaitingMessage]:
    """Of imaplib's answer to FETCH: pairs of what stands before a literal and the literal; the UID may stand behind."""
    for place, part in enumerate(answer):
        if not isinstance(part, tuple):
            continue
        behind = answer[place + 1] if place + 1 < len(answer) else b""
        uid = _UID.search(part[0]) or (_UID.search(behind) if isinstance(behind, bytes) else None)
        if uid:
            yield WaitingMessage(uid[1].decode(), part[1])
