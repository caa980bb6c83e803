"""A Postfix where readers have mailboxes of their own, and one in which the newsletter's bounces and complaints arrive.

It relays what the newsletter sends, and writes a notification (RFC 3464) about whoever is unknown. Messages are what
lies in the Maildirs. Touches: processes, disk.
"""

import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from .postfix import PATIENCE, Postfix, postfix


@dataclass(frozen=True)
class PostOffice:
    """A running one, and whose mailbox is where."""

    relay: Postfix
    homes: Path

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.relay.ports['pipelined']}"

    def submit(self, sender: str, recipient: str, message: EmailMessage) -> None:
        """As a person's or a provider's program does."""
        with smtplib.SMTP("127.0.0.1", self.relay.ports["pipelined"], timeout=PATIENCE) as line:
            line.send_message(message, sender, [recipient])

    def letters(self, reader: str) -> list[EmailMessage]:
        """All that a reader ever got, the oldest first."""
        return [message_from_bytes(one.read_bytes(), policy=policy.default) for one in _files(self.homes / reader)]

    def wait_for(self, reader: str, count: int) -> EmailMessage:
        """The newest of so many, once it is there."""
        wait_until_there(self.homes / reader, count, self.relay)
        letters = self.letters(reader)
        assert len(letters) == count, [str(one["Subject"]) for one in letters]
        return letters[-1]


def wait_until_there(maildir: Path, count: int, relay: Postfix) -> None:
    """AssertionError with the relay's log where so many do not come."""
    deadline = time.monotonic() + PATIENCE
    while len(_files(maildir)) < count:
        assert time.monotonic() < deadline, f"not {count} in {maildir}:\n{relay.log}"
        time.sleep(0.02)


@contextmanager
def post_office(homes: Path, readers: tuple[str, ...], ours: dict[str, Path]) -> Iterator[PostOffice]:
    """Everybody in `readers` has a Maildir in `homes`; what is for an address of `ours` lands in the one given."""
    homes.chmod(0o777)  # mailboxes are made by the user that owns them
    named = {reader: homes / reader for reader in readers} | ours
    with postfix(named) as relay:
        yield PostOffice(relay, homes)


def _files(maildir: Path) -> list[Path]:
    return sorted((maildir / "new").glob("*"), key=lambda path: path.stat().st_mtime_ns)
