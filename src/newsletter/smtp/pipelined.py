"""Carry messages with several commands in one write (RFC 2920): a round trip a message. Touches: an open connection.

    write:  body n · dot n · MAIL, RCPT, DATA n+1          the last of a group is DATA, the first may be a body (3.1)
    read:                250 n · 250 · 250 · 354 ─▶ (the ledger agrees to n+1) ─▶ write: body n+1 · dot n+1 · …

While the replies are under way the ledger commits the mark of n+1, so it costs no time of its own. Only a dot delivers:
what is written ahead is an envelope, and hanging up takes it back.

Limits: never across EHLO, STARTTLS or AUTH; only what fits into one write goes together with its dot. A relay that
once answers what it was not asked, or falls silent between the replies of a group, gets plain commands for the rest of
the run.
"""

import re
from collections.abc import Callable

from newsletter.message.message import Message

from .failpoints import Failpoint
from .protocol import LinkLostError, RawReply
from .reply import Reply
from .transaction import DOT, RSET, Agreed, Answer, Lost, SMTPSession, Withheld

_AT_ONCE = 128 * 1024
"""Octets. A larger body is drained before its dot, so that a relay which stops taking it leaves no doubt."""

_ENVELOPE = ("mail", "rcpt", "data")
_OUT_OF_STEP = re.compile(r"\bpipelining\b|synchroni[sz]ation", re.IGNORECASE)

Following = Callable[[], Message | None]
"""The message to begin behind the dot of this one; None where nothing may begin yet."""


class Pipelining:
    """Whether commands are grouped with this relay, for all connections of a run."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self.plain_because = "" if wanted else "pipelining is switched off"
        """Why plain commands were used; empty where they were not."""
        self.out_of_step = False

    def fits(self, extensions: frozenset[str]) -> bool:
        """`extensions` as offered after the last EHLO."""
        if self._wanted and "PIPELINING" not in extensions:
            self.plain_because = self.plain_because or "the relay does not offer pipelining"
            return False
        return self._wanted

    def give_up(self, reason: str) -> None:
        """The first anomaly: plain commands from now on."""
        if self._wanted:
            self._wanted, self.out_of_step = False, True
            self.plain_because = f"the relay fell out of step with pipelined commands: {reason}"


async def send_pipelined(
    at: SMTPSession, message: Message, agreed: Agreed, following: Following, grouping: Pipelining
) -> Answer | Withheld:
    """One transaction, its envelope written before or now, and the envelope of the next one written behind its dot."""
    try:
        if at.begun is not message:
            begin(at, message)
        if (refusal := await _opened(at)) is not None:
            return refusal
        return await _data(at, message, agreed, following)
    except LinkLostError as error:
        lost = at.lost(error)
        if error.nonsense or (error.silence and lost.stage in _ENVELOPE):
            grouping.give_up(lost.reason)
            # If it has no dot, nothing was said about this message: it starts anew in plain commands.
            lost = Lost(lost.stage, lost.reason, lost.in_doubt, idle=not lost.in_doubt)
        return lost


def begin(at: SMTPSession, message: Message) -> None:
    """Write an envelope on its own, and before it what takes back the last transaction. Raises LinkLostError."""
    at.stage = "mail"
    at.begun = message
    lead = [DOT] * at.wants_dot + [RSET] * at.is_open_there
    envelope = at.envelope(message)
    at.wire.write(b"".join([*lead, *envelope]), at.is_open_there + len(envelope))


async def _opened(at: SMTPSession) -> Reply | None:
    """Read the replies to an envelope: None for 354, else the refusal. Raises LinkLostError, for nonsense, too."""
    at.stage = "mail"
    await _taken_back(at)
    replies = await _envelope_replies(at)
    at.begun = None
    wanted = [2, 2, 3]
    kinds = [reply.code // 100 for reply in replies]
    if kinds == wanted:
        return None
    first = next(number for number, kind in enumerate(kinds) if kind != wanted[number])
    at.stage, said = _ENVELOPE[first], replies[first]
    if _contradicts(kinds, first) or _complains(said):
        raise LinkLostError(f"to {at.stage.upper()} the relay said {said.code} {said.text[:200]}", nonsense=True)
    at.wants_dot = kinds[2:] == [3]
    at.is_open_there = first > 0 or at.wants_dot
    refusal = at.answered(at.stage, said)
    if replies[-1].code == 421:
        at.hang_up()
    return refusal


async def _taken_back(at: SMTPSession) -> None:
    """The replies to what was written before this envelope, to clear the last one."""
    if at.wants_dot:
        said = await at.wire.answer(at.timeouts.dot)
        if said.code // 100 not in (4, 5):
            raise LinkLostError(f"to an end of data for nobody the relay said {said.code}", nonsense=True)
        at.wants_dot = False
    if at.is_open_there:
        said = await at.wire.answer(at.timeouts.reset)
        if said.code // 100 != 2:
            raise LinkLostError(f"to RSET the relay said {said.code} {said.text[:200]}")
        at.is_open_there = False


async def _envelope_replies(at: SMTPSession) -> list[RawReply]:
    """Three, or less after a refusal: an answer that is known does not wait long behind what cannot change it."""
    wait = at.timeouts
    replies: list[RawReply] = []
    known = False
    for stage, seconds in zip(_ENVELOPE, (wait.mail, wait.rcpt, wait.data), strict=True):
        try:
            if not known:
                at.stage = stage
            said = await at.wire.answer(min(seconds, wait.reset) if known else seconds)
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
    """Words of a relay that has lost its place, which in plain commands nothing would have given it a reason for."""
    return said.code in (500, 502, 503) or _OUT_OF_STEP.search(said.text) is not None


async def _data(at: SMTPSession, message: Message, agreed: Agreed, following: Following) -> Answer | Withheld:
    """The ledger's word; body, dot and the next envelope; the reply."""
    at.stage = "dot"
    large = sum(map(len, message.wire)) > _AT_ONCE
    if large:
        at.wire.write(b"".join(message.wire), 0)
        await at.wire.drain(at.timeouts.block)
    at.moments(Failpoint.AFTER_BODY)
    yes = await agreed()
    if at.wire.has_reply:
        return await at.early_reply()
    if not yes:
        at.hang_up()
        return Withheld()
    after = following()
    envelope = at.envelope(after) if after is not None else ()
    at.begun = after
    body = () if large else message.wire
    at.write_with_dot((*body, DOT, *envelope), len(envelope))
    await at.wire.drain(at.timeouts.block)
    return await at.reply_to_dot()
