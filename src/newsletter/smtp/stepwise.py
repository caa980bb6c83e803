"""Carry a message step by step, each command after the reply to the one before. Touches: an open connection."""

from newsletter.catalogue import phrase
from newsletter.message.message import Message

from .failpoints import Failpoint
from .reply_parser import LinkLostError, RawReply
from .transaction import DOT, Agreed, SMTPSession, TransactionResult, Withheld


async def send_stepwise(session: SMTPSession, message: Message, agreed: Agreed) -> TransactionResult | Withheld:
    """One transaction. The mark is awaited while the body is on its way: only the dot can deliver."""
    wait = session.timeouts
    steps = zip(("mail", "rcpt", "data"), session.envelope(message), (wait.mail, wait.rcpt, wait.data), strict=True)
    try:
        for session.stage, command, seconds in steps:
            session.protocol.write(command, 1)
            said = await session.protocol.answer(seconds)
            if said.code // 100 != (3 if session.stage == "data" else 2):
                if session.forgoes_dsn(said.code):
                    return await send_stepwise(session, message, agreed)
                return _refused(session, said)
        session.stage = "dot"
        return await _data(session, message, agreed)
    except LinkLostError as error:
        return session.lost(error)


async def tidy_up(session: SMTPSession) -> None:
    """Take back what is left of a refused transaction (RSET); if the relay hangs or objects, the link is closed.

    Its own step before the next message, because an answer that is known must never wait behind it.
    """
    try:
        if session.wants_dot:
            session.protocol.write(DOT, 0)
            if (await session.protocol.answer(session.timeouts.reset)).code // 100 not in (4, 5):
                session.hang_up()
        session.wants_dot = False
        if session.is_open_there and (await session.protocol.command(b"RSET", session.timeouts.reset)).code // 100 != 2:
            session.hang_up()
        session.is_open_there = False
    except LinkLostError:
        session.hang_up()
    except BaseException:
        session.hang_up()
        raise


async def _data(session: SMTPSession, message: Message, agreed: Agreed) -> TransactionResult | Withheld:
    """The body, the ledger's word, the dot and its reply."""
    session.protocol.write(b"".join(message.wire), 0)
    await session.protocol.drain(session.timeouts.block)
    session.on_failpoint(Failpoint.AFTER_BODY)
    yes = await agreed()
    if session.protocol.has_reply:
        return await session.early_reply()
    if not yes:
        # Inside DATA there is no way back but to hang up (RFC 5321 4.1.1.4).
        session.hang_up()
        return Withheld()
    if not session.write_with_dot((DOT,), 0):
        return Withheld()
    return await session.reply_to_dot()


def _refused(session: SMTPSession, said: RawReply) -> TransactionResult:
    if said.code // 100 not in (4, 5):
        command = session.stage.upper()
        raise LinkLostError(phrase("smtp.lost.answers_with", command=command, said=said.quoted), nonsense=True)
    session.is_open_there = session.stage != "mail"
    return session.answered(session.stage, said)
