"""Carry a message in plain commands, each after the reply to the one before. Touches: an open connection."""

from newsletter.message.message import Message

from .failpoints import Failpoint
from .protocol import LinkLostError, RawReply
from .transaction import DOT, Agreed, Answer, SMTPSession, Withheld


async def send_stepwise(at: SMTPSession, message: Message, agreed: Agreed) -> Answer | Withheld:
    """One transaction. The mark is awaited while the body is on its way: only the dot can deliver."""
    wait = at.timeouts
    steps = zip(("mail", "rcpt", "data"), at.envelope(message), (wait.mail, wait.rcpt, wait.data), strict=True)
    try:
        for at.stage, command, seconds in steps:
            at.wire.write(command, 1)
            said = await at.wire.answer(seconds)
            if said.code // 100 != (3 if at.stage == "data" else 2):
                return _refused(at, said)
        at.stage = "dot"
        return await _data(at, message, agreed)
    except LinkLostError as error:
        return at.lost(error)


async def tidy_up(at: SMTPSession) -> None:
    """Take back what is left of a refused transaction (RSET); if the relay hangs or objects, the link is closed.

    Its own step before the next message, because an answer that is known must never wait behind it.
    """
    try:
        if at.wants_dot:
            at.wire.write(DOT, 0)
            if (await at.wire.answer(at.timeouts.reset)).code // 100 not in (4, 5):
                at.hang_up()
        at.wants_dot = False
        if at.is_open_there and (await at.wire.command(b"RSET", at.timeouts.reset)).code // 100 != 2:
            at.hang_up()
        at.is_open_there = False
    except LinkLostError:
        at.hang_up()
    except BaseException:
        at.hang_up()
        raise


async def _data(at: SMTPSession, message: Message, agreed: Agreed) -> Answer | Withheld:
    """The body, the ledger's word, the dot and its reply."""
    at.wire.write(b"".join(message.wire), 0)
    await at.wire.drain(at.timeouts.block)
    at.moments(Failpoint.AFTER_BODY)
    yes = await agreed()
    if at.wire.has_reply:
        return await at.early_reply()
    if not yes:
        # Inside DATA there is no way back but to hang up (RFC 5321 4.1.1.4).
        at.hang_up()
        return Withheld()
    at.write_with_dot((DOT,), 0)
    return await at.reply_to_dot()


def _refused(at: SMTPSession, said: RawReply) -> Answer:
    if said.code // 100 not in (4, 5):
        raise LinkLostError(f"to {at.stage.upper()} the relay said {said.code} {said.text[:200]}", nonsense=True)
    at.is_open_there = at.stage != "mail"
    return at.answered(at.stage, said)
