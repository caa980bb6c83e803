"""A run that is stopped in the middle for as long as a test needs: its readers, its settings, its relay."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.cli import newsletter
from tests.support.mailroom import PATIENCE, Mailroom
from tests.support.smtp_receiver import serving

PEOPLE = 100
CONNECTIONS = 3
ISSUE = "2026-11"
EVERYBODY = sorted(f"reader{number}@example.com" for number in range(PEOPLE))


class Turnstile(Mailroom):
    """A relay that takes so many messages, and keeps those who bring more waiting for its reply until it is opened."""

    def __init__(self, log: Path) -> None:
        super().__init__(log)
        self._after = 0
        self._open = threading.Event()
        self._waiting = 0
        self._came = threading.Condition()

    def close(self, after: int) -> None:
        """Once so many messages are here, nobody who brings one gets a reply."""
        self._after = after
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    def held(self, connections: int) -> int:
        """Wait until so many have brought a message and get no reply; how many messages are here then."""
        with self._came:
            assert self._came.wait_for(lambda: self._waiting >= connections, PATIENCE), f"{self._waiting} wait"
            return len(self.mail)

    async def _take(self, recipient: str, reader: asyncio.StreamReader) -> str:
        reply = await super()._take(recipient, reader)
        if len(self.mail) >= self._after:
            self._count_waiting(1)
            await asyncio.to_thread(self._open.wait, PATIENCE)
            self._count_waiting(-1)
        return reply

    def _count_waiting(self, more: int) -> None:
        with self._came:
            self._waiting += more
            self._came.notify_all()


@contextmanager
def turnstile(folder: Path) -> Iterator[Turnstile]:
    room = Turnstile(folder / "receiver.log")
    with serving(room.serve) as room.port:
        try:
            yield room
        finally:
            room.open()


def crowd(workspace: Path, relay: Mailroom) -> dict[str, str]:
    """Write the subscribers; the settings, as variables, of a run as fast as the relay takes it."""
    rows = "".join(f"reader{number}@example.com,\n" for number in range(PEOPLE))
    (workspace / "subscribers.csv").write_text(f"email,name\n{rows}", encoding="utf-8")
    return {
        "NEWSLETTER_SMTP__URL": relay.url,
        "NEWSLETTER_SMTP__RATE": "",
        "NEWSLETTER_SMTP__CONNECTIONS": str(CONNECTIONS),
        "NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false",
    }


def states(workspace: Path, **environ: str) -> dict[str, int]:
    """The counts that are not zero; they add up."""
    ended = newsletter("status", ISSUE, "--json", cwd=workspace, **environ)
    counts: dict[str, int] = json.loads(ended.stdout)["states"]
    assert sum(counts.values()) == PEOPLE
    return {state: count for state, count in counts.items() if count}
