"""Carry the mails that ask people to confirm, in a thread of its own; what waits stands in the ledger.

Touches: network, the ledger. A relay that is down, slow or refuses us holds this thread and no page; then all wait,
longer each time. What the relay says of one recipient is about that one: later for 4xx, never for 5xx. After a kill a
mail whose fate nobody knows goes once more, as the same message. What is due, and whose it is, goes by the ledger's
clock: several may carry from it, on several machines.
"""

import asyncio
import math
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Self

from newsletter.catalogue import Said, phrase
from newsletter.dispatch.reply_class import ReplyClass
from newsletter.dispatch.reply_rule import domain_of
from newsletter.dispatch.reply_rules import rule_for
from newsletter.errors import CannotWriteError, NewsletterError, RunAgainError
from newsletter.ledger.book_time import boot_seconds
from newsletter.ledger.people_ledger import PeopleLedger
from newsletter.ledger.sign_ups import ToAsk
from newsletter.message.message import Message
from newsletter.settings.model import Settings
from newsletter.smtp.client import SMTPClient
from newsletter.smtp.connect import ConnectError
from newsletter.smtp.reply import Reply
from newsletter.smtp.server import SMTPServer, Timeouts

from .budget import count_one
from .pages_ledger import PagesLedger

_TIMEOUTS = Timeouts(connect=15, greeting=60, mail=60, rcpt=60, data=60, block=60, dot=300, reset=10)
_LEASE = timedelta(minutes=15)
"""Longer than one mail can take; a process that stood still meanwhile writes no dot any more."""
_LONGEST_WAIT = timedelta(hours=1)
_LONGEST_OF_ONE = timedelta(hours=4)
_LOOK_EVERY = 20.0
"""Seconds: what another process wrote down, or what is due again."""
_TIDY_EVERY = 600.0
"""Seconds."""
_OF_THE_RECIPIENT = frozenset(
    {
        ReplyClass.BAD_ADDRESS,
        ReplyClass.MAILBOX_FULL,
        ReplyClass.GREYLIST,
        ReplyClass.POLICY,
        ReplyClass.TEMPORARY,
        ReplyClass.PERMANENT,
    }
)
"""What else is refused is refused to everybody: it is the relay's, or ours."""

MakeMail = Callable[[ToAsk], Message]


class _RelayError(Exception):
    """Nothing can be sent now, and why."""

    def __init__(self, why: Said) -> None:
        super().__init__(str(why))
        self.why = why


class AskerMails:
    """`with` carries until its end. `tell` is called when mails begin to wait, and when they go again."""

    def __init__(
        self,
        settings: Settings,
        server: SMTPServer,
        ledger: PagesLedger,
        make: MakeMail,
        tell: Callable[[Said], None],
        *,
        first_wait: timedelta = timedelta(seconds=15),
    ) -> None:
        """`make` is called in the thread, and may raise a NewsletterError: then all wait, as for a relay."""
        self._settings = settings
        self._server = server
        self._ledger = ledger
        self._make = make
        self._tell = tell
        self._first_wait = first_wait
        self._wait = timedelta()
        # In seconds that nobody sets: how long this process waits is nobody else's.
        self._not_before = self._tidied = -math.inf
        self._is_anybodys_from = 0.0
        """The mail at hand; by the boot's clock."""
        self._woken = threading.Event()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="newsletter-askers", daemon=True)

    def wake(self) -> None:
        """There is one to carry."""
        self._woken.set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = True
        self._woken.set()
        # What is under way then is carried once more after the next start, as the same message.
        self._thread.join(_TIMEOUTS.reset)

    def _run(self) -> None:
        while not self._ended:
            try:
                self._tidy()
                if time.monotonic() >= self._not_before:
                    asyncio.run(self._carry_all())
                    self._goes()
            except _RelayError as error:
                self._waits(error.why)
            except NewsletterError as error:
                self._waits(error.message)
            seconds = self._not_before - time.monotonic() if self._wait else _LOOK_EVERY
            self._woken.wait(max(0.0, min(seconds, _LOOK_EVERY)))
            self._woken.clear()

    def _tidy(self) -> None:
        if time.monotonic() - self._tidied >= _TIDY_EVERY:
            now = self._ledger.now()
            before = now - self._settings.subscribe.confirm_within
            self._ledger.ask(lambda ledger: ledger.erase_sign_ups(self._ledger.list_id, before=before, now=now))
            self._tidied = time.monotonic()

    def _goes(self) -> None:
        if self._wait:
            self._wait = timedelta()
            self._tell(phrase("workflow.sign_up.mailed_again"))

    def _waits(self, why: Said) -> None:
        if not self._wait:
            self._tell(phrase("workflow.sign_up.not_mailed", why=why))
        self._wait = min(max(self._first_wait, self._wait * 2), _LONGEST_WAIT)
        self._not_before = time.monotonic() + self._wait.total_seconds()

    async def _carry_all(self) -> None:
        """All that is due, one after the other over one connection."""
        client = SMTPClient(self._server, _TIMEOUTS, may_write=self._has_it)
        try:
            while not self._ended and (waiting := self._next()):
                try:
                    await self._carry(client, waiting)
                except (_RelayError, NewsletterError):
                    self._put_off(waiting, timedelta())
                    raise
            await client.quit()
        finally:
            client.close()

    def _has_it(self) -> bool:
        """The mail at hand is this process's."""
        return boot_seconds() < self._is_anybodys_from

    def _next(self) -> ToAsk | None:
        self._is_anybodys_from = boot_seconds() + _LEASE.total_seconds()
        now = self._ledger.now()
        taken = self._ledger.ask(
            lambda ledger: ledger.take_to_mail(self._ledger.list_id, now, most=1, until=now + _LEASE)
        )
        return taken[0] if taken else None

    async def _carry(self, client: SMTPClient, waiting: ToAsk) -> None:
        message = self._make(waiting)
        self._count()
        if not client.is_open:
            try:
                await client.connect()
            except ConnectError as error:
                raise _RelayError(error.reply) from error
        answer = await client.send(message, _agreed)
        if not isinstance(answer, Reply):
            raise _RelayError(phrase("workflow.sign_up.link_lost"))
        rule = rule_for(answer, domain_of(message.envelope.rcpt_to))
        if rule.reply_class is ReplyClass.ACCEPTED:
            now = self._ledger.now()
            self._ledger.ask(lambda ledger: ledger.sign_up_mailed(waiting.id, now))
            self._goes()
        elif rule.reply_class in _OF_THE_RECIPIENT:
            await client.tidy()
            self._put_off(waiting, None if answer.code >= 500 else _wait_of_one(waiting.tries))
        else:
            raise _RelayError(answer)

    def _count(self) -> None:
        """In the windows of `[smtp] rate`."""
        try:
            self._ledger.ask(lambda ledger: count_one(self._settings, ledger))
        except RunAgainError as error:
            raise _RelayError(phrase("workflow.sign_up.used_up")) from error

    def _put_off(self, waiting: ToAsk, wait: timedelta | None) -> None:
        """None: for ever."""
        if not self._has_it():
            return
        try:
            until = None if wait is None else self._ledger.now() + wait
            self._ledger.ask(lambda ledger: PeopleLedger.put_sign_up_off(ledger, waiting.id, until))
        except CannotWriteError:  # it is due again when its lease is over
            return


def _wait_of_one(tries: int) -> timedelta:
    """5, 10, 20 minutes … to four hours."""
    return min(timedelta(minutes=5 << min(tries - 1, 10)), _LONGEST_OF_ONE)


async def _agreed() -> bool:
    return True
