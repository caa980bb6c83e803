"""Carry messages with several commands in one write (RFC 2920): a round trip a message. Touches: an open connection.

    write:  body n · dot n · MAIL, RCPT, DATA n+1          the last of a group is DATA, the first may be a body (3.1)
    read:                250 n · 250 · 250 · 354 ─▶ (the ledger agrees to n+1) ─▶ write: body n+1 · dot n+1 · …

While the replies are under way the ledger commits the mark of n+1, so it costs no time of its own. Only a dot delivers:
what is written ahead is an envelope, and hanging up takes it back.

Limits: never across EHLO, STARTTLS or AUTH; only what fits into one write goes together with its dot. A relay that
once answers what it was not asked, or falls silent between the replies of a group, gets its commands step by step
(stepwise.py) for the rest of the run.
"""

import re
from collections.abc import Callable

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.message.message import Message

from .failpoints import Failpoint
from .reply import Reply
from .reply_parser import LinkLostError, RawReply
from .transaction import AT_ONCE, DOT, RSET, Agreed, Lost, SMTPSession, TransactionResult, Withheld

_ENVELOPE = ("mail", "rcpt", "data")
_OUT_OF_STEP = re.compile(r"\bpipelining\b|synchroni[sz]ation", re.IGNORECASE)

Following = Callable[[], Message | None]
"""The message to begin behind the dot of this one; None where nothing may begin yet."""


class Pipelining:
    """Whether this relay gets several commands at once, for all connections of a run."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self.stepwise_because: Said = SILENCE if wanted else phrase("smtp.pipelining.switched_off")
        """Why commands went one at a time; SILENCE where they did not."""
        self.out_of_step = False

    def fits(self, extensions: frozenset[str]) -> bool:
        """`extensions` as offered after the last EHLO."""
        if self._wanted and "PIPELINING" not in extensions:
            if self.stepwise_because is SILENCE:
                self.stepwise_because = phrase("smtp.pipelining.not_offered")
            return False
        return self._wanted

    def give_up(self, reason: Said) -> None:
        """The first anomaly: step by step from now on."""
        if self._wanted:
            self._wanted, self.out_of_step = False, True
            self.stepwise_because = phrase("smtp.pipelining.out_of_step", reason=reason)


async def send_pipelined(
    session: SMTPSession, message: Message, agreed: Agreed, following: Following, pipelining: Pipelining
) -> TransactionResult | Withheld:
    """One transaction, its envelope written before or now, and the envelope of the next one written behind its dot."""
    try:
        if session.begun is not message:
            begin(session, message)
        refusal = await _opened(session)
        if refusal is not None and session.forgoes_dsn(refusal.code):
            begin(session, message)
            refusal = await _opened(session)
        if refusal is not None:
            return refusal
        return await _data(session, message, agreed, following)
    except LinkLostError as error:
        return _lost(session, error, pipelining)


async def end_of_data(session: SMTPSession, pipelining: Pipelining) -> TransactionResult:
    """What the relay says to a dot that is written."""
    session.stage = "dot"
    try:
        await session.protocol.drain(session.timeouts.block)
        return await session.reply_to_dot()
    except LinkLostError as error:
        return _lost(session, error, pipelining)


def _lost(session: SMTPSession, error: LinkLostError, pipelining: Pipelining) -> Lost:
    lost = session.lost(error)
    if error.nonsense or (error.silence and lost.stage in _ENVELOPE):
        pipelining.give_up(lost.reason)
        # If it has no dot, nothing was said about this message: it starts anew, step by step.
        return Lost(lost.stage, lost.reason, lost.in_doubt, idle=not lost.in_doubt)
    return lost


def begin(session: SMTPSession, message: Message) -> None:
    """Write an envelope on its own, and before it what takes back the last transaction. Raises LinkLostError."""
    session.stage = "mail"
    session.begun = message
    lead = [DOT] * session.wants_dot + [RSET] * session.is_open_there
    envelope = session.envelope(message)
    session.protocol.write(b"".join([*lead, *envelope]), session.is_open_there + len(envelope))


async def _opened(session: SMTPSession) -> Reply | None:
    """Read the replies to an envelope: None for 354, else the refusal. Raises LinkLostError, for nonsense, too."""
    session.stage = "mail"
    await _taken_back(session)
    replies = await _envelope_replies(session)
    session.begun = None
    wanted = [2, 2, 3]
    kinds = [reply.code // 100 for reply in replies]
    if kinds == wanted:
        return None
    first = next(number for number, kind in enumerate(kinds) if kind != wanted[number])
    session.stage, said = _ENVELOPE[first], replies[first]
    if _contradicts(kinds, first) or _complains(said):
        command = session.stage.upper()
        raise LinkLostError(phrase("smtp.lost.answers_with", command=command, said=said.quoted), nonsense=True)
    session.wants_dot = kinds[2:] == [3]
    session.is_open_there = first > 0 or session.wants_dot
    refusal = session.answered(session.stage, said)
    if replies[-1].code == 421:
        session.hang_up()
    return refusal


async def _taken_back(session: SMTPSession) -> None:
    """The replies to what was written before this envelope, to clear the last one."""
    if session.wants_dot:
        said = await session.protocol.answer(session.timeouts.dot)
        if said.code // 100 not in (4, 5):
            raise LinkLostError(phrase("smtp.lost.answers_the_lone_dot_with", number=said.code), nonsense=True)
        session.wants_dot = False
    if session.is_open_there:
        said = await session.protocol.answer(session.timeouts.reset)
        if said.code // 100 != 2:
            raise LinkLostError(phrase("smtp.lost.answers_with", command="RSET", said=said.quoted))
        session.is_open_there = False


async def _envelope_replies(session: SMTPSession) -> list[RawReply]:
    """Three, or less after a refusal: an answer that is known does not wait long behind what cannot change it."""
    wait = session.timeouts
    replies: list[RawReply] = []
    known = False
    for stage, seconds in zip(_ENVELOPE, (wait.mail, wait.rcpt, wait.data), strict=True):
        try:
            if not known:
                session.stage = stage
            said = await session.protocol.answer(min(seconds, wait.reset) if known else seconds)
        except LinkLostError:
            if known:
                break
            raise
        replies.append(said)
        known = known or said.code // 100 in (4, 5)
        if said.code == 421:
            break
    return replies


def _contradicts(kinds: list[int], first: int) -> bool:
    """These replies cannot belong to these commands: a wrong first digit, or a recipient for a refused sender."""
    sane = all(kind in ((3, 4, 5) if number == 2 else (2, 4, 5)) for number, kind in enumerate(kinds))
    return not sane or (first == 0 and kinds[1:2] == [2])


def _complains(said: RawReply) -> bool:
    """Words of a relay that has lost its place, which step by step nothing would have given it a reason for."""
    return said.code in (500, 502, 503) or _OUT_OF_STEP.search(said.text) is not None


async def _data(
    session: SMTPSession, message: Message, agreed: Agreed, following: Following
) -> TransactionResult | Withheld:
    """The ledger's word; body, dot and the next envelope; the reply."""
    session.stage = "dot"
    large = sum(map(len, message.wire)) > AT_ONCE
    if large:
        session.protocol.write(b"".join(message.wire), 0)
        await session.protocol.drain(session.timeouts.block)
    session.on_failpoint(Failpoint.AFTER_BODY)
    yes = await agreed()
    if session.protocol.has_reply:
        return await session.early_reply()
    if not yes:
        session.hang_up()
        return Withheld()
    after = following()
    envelope = session.envelope(after) if after is not None else ()
    session.begun = after
    body = () if large else message.wire
    if not session.write_with_dot((*body, DOT, *envelope), len(envelope)):
        return Withheld()
    await session.protocol.drain(session.timeouts.block)
    return await session.reply_to_dot()
