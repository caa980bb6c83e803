"""Carry one message, without a ledger: proofs, and word to the operator. Touches: network.

Limits: one try. A link lost after the dot raises as well; for a proof a second copy does no harm.
"""

from newsletter.errors import NewsletterError, RefusedError, UnavailableError
from newsletter.message.message import Message
from newsletter.smtp.client import Lost, SMTPClient, Withheld
from newsletter.smtp.connect import ConnectError
from newsletter.smtp.reply import Reply
from newsletter.smtp.server import SMTPServer
from newsletter.smtp.timeouts import Timeouts

from .decide import domain_of
from .replies import ReplyClass
from .reply_rules import rule_for
from .stop import Stop, StopKind, said


async def deliver(message: Message, address: SMTPServer, timeouts: Timeouts | None = None) -> Reply:
    """The relay's reply to the end of data, 2xx. UnavailableError (69) or RefusedError (77) for anything else."""
    relay = SMTPClient(address, timeouts or Timeouts())
    try:
        await relay.connect()
        answer = await relay.send(message, _agreed)
        await relay.quit()
    except ConnectError as error:
        kind = StopKind.LOGIN if rule_for(error.reply, "").reply_class is ReplyClass.LOGIN else StopKind.RELAY
        raise UnavailableError(Stop.because(kind, error.reply).reason) from error
    finally:
        relay.close()
    if isinstance(answer, Reply):
        rule = rule_for(answer, domain_of(message.envelope.rcpt_to))
        if rule.reply_class is ReplyClass.ACCEPTED:
            return answer
    raise _failure(answer)


async def _agreed() -> bool:
    return True


def _failure(answer: Reply | Lost | Withheld) -> NewsletterError:
    if isinstance(answer, Reply):
        return RefusedError(f"the relay refused it: {said(answer)}")
    if isinstance(answer, Lost):
        sent = "; it may have been delivered" if answer.in_doubt else ""
        return UnavailableError(f"the link to the relay was lost: {answer.reason}{sent}")
    return UnavailableError("the message was not sent")
