"""A relay whose mail can be read and waited for: the receiver with its durable log, and every message in memory."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from tests.support.smtp_receiver import Receiver, serving

PATIENCE = 180.0
"""Seconds to wait for an event that must come; generous, since it only bounds a hang."""


class Mailroom(Receiver):
    """What arrived, by recipient, in order."""

    def __init__(self, log: Path, *, delay: float = 0.0, replies: dict[str, str] | None = None) -> None:
        super().__init__(log, delay, replies or {})
        self.mail: list[tuple[str, bytes]] = []
        self._arrival = threading.Condition()

    def _keep(self, recipient: str, data: bytes) -> None:
        super()._keep(recipient, data)
        with self._arrival:
            self.mail.append((recipient, data))
            self._arrival.notify_all()

    def wait_for(self, count: int) -> None:
        """Return once so many messages are here; AssertionError if they do not come."""
        with self._arrival:
            assert self._arrival.wait_for(lambda: len(self.mail) >= count, PATIENCE), f"{len(self.mail)} of {count}"

    def letter_to(self, address: str) -> EmailMessage:
        """The newest message to an address, parsed."""
        data = [data for recipient, data in self.mail if recipient == address][-1]
        return message_from_bytes(data, policy=policy.default)

    def words_to(self, address: str) -> str:
        """The text of the newest message to an address, without what is attached to it."""
        text = self.letter_to(address).get_body(("plain",))
        assert text is not None
        return str(text.get_content())

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def mailroom(folder: Path, *, delay: float = 0.0, replies: dict[str, str] | None = None) -> Iterator[Mailroom]:
    """Serve on a port of its own while the block runs; the log is `receiver.log` in `folder`."""
    room = Mailroom(folder / "receiver.log", delay=delay, replies=replies)
    with serving(room.serve) as room.port:
        yield room
