"""Send notices of the law, one by one over one connection, each at most once, with the relay's words as proof.

Touches: the network, the ledger. A notice is begun in the ledger before its final dot can be written; what is cut short
in between is in doubt, by name, and is not sent again by itself. A second command at the same time sends others.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from newsletter.catalogue import Said, phrase
from newsletter.dispatch.reply_class import ReplyClass
from newsletter.dispatch.reply_rule import domain_of
from newsletter.dispatch.reply_rules import rule_for
from newsletter.dispatch.stop import Stop, StopKind, reply_at_stage
from newsletter.errors import RefusedError, RunAgainError, UnavailableError
from newsletter.ledger.legal_notices import NoticeKind
from newsletter.ledger.people_ledger import PeopleLedger
from newsletter.message.message import Message
from newsletter.report.legal_notice import NoticeText, notice_message
from newsletter.settings.rates import slowest_per_second
from newsletter.settings.workspace import Workspace
from newsletter.smtp.client import Lost, SMTPClient, TransactionResult, Withheld
from newsletter.smtp.connect import ConnectError
from newsletter.smtp.reply import Reply
from newsletter.smtp.server import SMTPServer, Timeouts

from .budget import count_one
from .keys import links_of

_OURS = frozenset(
    {
        *(ReplyClass.CONNECT, ReplyClass.LOGIN, ReplyClass.SENDER, ReplyClass.RELAYING),
        *(ReplyClass.CONTENT, ReplyClass.UNAUTHENTICATED),
    }
)
"""What the relay has against the sender: the next would be refused as well."""
_FOR_NOW = frozenset({ReplyClass.THROTTLE, ReplyClass.SESSION_LIMIT, ReplyClass.QUOTA})
"""The relay takes no more from us for now, by whatever code; it says nothing of the address."""
_PERMANENT = 500


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a notice goes to."""

    address: str
    key: str
    address_hash: bytes
    about: datetime
    text: NoticeText


@dataclass(slots=True)
class NoticesSent:
    """How it went."""

    sent: int = 0
    refused: int = 0
    """For good: the address."""
    waiting: int = 0
    """The relay asked to come back later; where it takes nothing more for now, the first of them alone is counted."""
    in_doubt: int = 0
    """The link was lost after the final dot could have been written."""
    elsewhere: int = 0
    """Begun before, by another command."""

    @property
    def tried(self) -> int:
        return self.sent + self.refused + self.waiting + self.in_doubt

    def __add__(self, other: "NoticesSent") -> "NoticesSent":
        return NoticesSent(
            self.sent + other.sent,
            self.refused + other.refused,
            self.waiting + other.waiting,
            self.in_doubt + other.in_doubt,
            self.elsewhere + other.elsewhere,
        )

    def told(self) -> Said:
        counts = {"sent": self.sent, "refused": self.refused, "waiting": self.waiting, "in_doubt": self.in_doubt}
        return phrase("workflow.notices.sent", **counts)


class Notifier:
    """Sends notices of one kind."""

    def __init__(self, workspace: Workspace, ledger: PeopleLedger, kind: NoticeKind) -> None:
        self._settings = workspace.settings
        self._ledger = ledger
        self._kind = kind
        links = links_of(workspace, create=True)
        pages = self._settings.links.pages_url
        self._leave: Callable[[str], str] = lambda key: f"{pages}/u/{links.token(key)}" if pages else ""
        self._links = links
        self._client = SMTPClient(SMTPServer.from_settings(self._settings, workspace.root), Timeouts())
        per_second = slowest_per_second(self._settings.smtp.rate)
        self._pause = 1 / per_second if per_second else 0.0
        self._takes_more = True
        self.result = NoticesSent()

    def send(self, addressees: Iterable[Addressee], done: Callable[[int], None] = lambda _count: None) -> NoticesSent:
        """All of them. UnavailableError (69) where the relay does not answer, RefusedError (77) where it does not take
        this sender, RunAgainError (75) where a window of `[smtp] rate` is used up; what was sent then stays sent."""
        asyncio.run(self._send_all(iter(addressees), done))
        return self.result

    async def _send_all(self, addressees: Iterator[Addressee], done: Callable[[int], None]) -> None:
        try:
            for number, one in enumerate(addressees, start=1):
                await self._send_one(one)
                done(number)
                if not self._takes_more:
                    break
            await self._client.quit()
        finally:
            self._client.close()

    async def _send_one(self, one: Addressee) -> None:
        count_one(self._settings, self._ledger)
        await self._connect()
        now = datetime.now(UTC)
        message = self._message(one, now)
        about = (one.address_hash, self._kind, one.about)
        list_id = self._settings.newsletter.list_id
        if not self._ledger.begin_notice(list_id, *about, message.message_id, now):
            self.result.elsewhere += 1
            return
        try:
            answer = await self._carry(message)
        except BaseException:
            if not self._client.dot_written:
                self._ledger.drop_notice(*about)
            raise
        self._settle(one, answer, about)
        await self._client.tidy()
        await asyncio.sleep(self._pause)

    async def _carry(self, message: Message) -> TransactionResult | Withheld:
        """Once more over a fresh link, where this one had carried others and was at its end."""
        answer = await self._client.send(message, _agreed)
        had_carried = self._client.carried > 1
        if (isinstance(answer, Lost) and answer.idle) or (had_carried and _class_of(answer, message) in _FOR_NOW):
            await self._client.quit()
            await self._connect()
            answer = await self._client.send(message, _agreed)
        return answer

    async def _connect(self) -> None:
        if self._client.is_open and self._client.carried < self._settings.smtp.messages_per_connection:
            return
        if self._client.is_open:
            await self._client.quit()
        try:
            await self._client.connect()
        except ConnectError as error:
            is_login = rule_for(error.reply, "").reply_class is ReplyClass.LOGIN
            kind = StopKind.LOGIN if is_login else StopKind.RELAY
            raise UnavailableError(Stop.because(kind, error.reply).reason) from error

    def _settle(
        self, one: Addressee, answer: TransactionResult | Withheld, about: tuple[bytes, NoticeKind, datetime]
    ) -> None:
        if isinstance(answer, Lost) and answer.in_doubt:
            self.result.in_doubt += 1
            return
        if not isinstance(answer, Reply):
            self._ledger.drop_notice(*about)
            raise UnavailableError(phrase("workflow.notices.link_lost"), hint=phrase("workflow.notices.run_again"))
        found = rule_for(answer, domain_of(one.key)).reply_class
        if found is ReplyClass.ACCEPTED:
            self._ledger.end_notice(*about, reply=answer.stored_text, at=datetime.now(UTC))
            self.result.sent += 1
        elif found in _OURS:
            self._ledger.drop_notice(*about)
            raise RefusedError(phrase("dispatch.send_one.refused", reply=reply_at_stage(answer)))
        elif found in _FOR_NOW:
            self._ledger.drop_notice(*about)
            self.result.waiting += 1
            self._takes_more = False
        elif answer.code >= _PERMANENT:
            self._ledger.end_notice(*about, reply=f"{answer.code} {answer.stored_text}", at=None)
            self.result.refused += 1
        else:
            self._ledger.drop_notice(*about)
            self.result.waiting += 1

    def _message(self, one: Addressee, now: datetime) -> Message:
        """Its Message-ID is a function of whom and what it is about: a second one would be known by it."""
        tag = self._links.message_tags(f"notice {self._kind} {one.about.isoformat()}")(one.key)
        return notice_message(
            self._settings,
            one.text,
            address=one.address,
            key=one.key,
            message_id=f"<{tag}@{self._settings.sender.address.rpartition('@')[2]}>",
            leave=self._leave(one.key),
            now=now,
        )

    def way_out(self, key: str) -> str:
        """How this person leaves: a page, or a mailbox; empty where the newsletter offers neither."""
        return self._leave(key) or (
            f"mailto:{self._settings.links.unsubscribe_mailto}" if self._settings.links.unsubscribe_mailto else ""
        )


def require_all_sent(went: NoticesSent) -> None:
    """RunAgainError (75) where the relay asked to come back for some."""
    if went.waiting:
        raise RunAgainError(
            phrase("workflow.notices.some_wait", count=went.waiting), hint=phrase("workflow.notices.run_again")
        )


def _class_of(answer: TransactionResult | Withheld, message: Message) -> ReplyClass | None:
    """None where there was no reply."""
    domain = domain_of(message.envelope.rcpt_to)
    return rule_for(answer, domain).reply_class if isinstance(answer, Reply) else None


async def _agreed() -> bool:
    return True
