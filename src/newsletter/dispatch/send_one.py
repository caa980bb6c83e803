"""Carry one message, without a ledger: proofs, and word to the operator. Touches: network.

Limits: one try. A link lost after the dot raises as well; for a proof a second copy does no harm.
"""

from newsletter.catalogue import SILENCE, lines, phrase
from newsletter.errors import NewsletterError, RefusedError, UnavailableError
from newsletter.message.message import Message
from newsletter.smtp.client import Lost, SMTPClient, Withheld
from newsletter.smtp.connect import ConnectError
from newsletter.smtp.reply import Reply
from newsletter.smtp.server import SMTPServer, Timeouts

from .reply_class import ReplyClass
from .reply_meanings import meaning_of
from .reply_rule import domain_of
from .reply_rules import rule_for
from .stop import Stop, StopKind, reply_at_stage


async def deliver(message: Message, server: SMTPServer, timeouts: Timeouts | None = None) -> Reply:
    """The relay's reply to the end of data, 2xx. UnavailableError (69) or RefusedError (77) for anything else."""
    client = SMTPClient(server, timeouts or Timeouts())
    try:
        await client.connect()
        answer = await client.send(message, _agreed)
        await client.quit()
    except ConnectError as error:
        kind = StopKind.LOGIN if rule_for(error.reply, "").reply_class is ReplyClass.LOGIN else StopKind.RELAY
        raise UnavailableError(Stop.because(kind, error.reply).reason) from error
    finally:
        client.close()
    if not isinstance(answer, Reply):
        raise _failure(answer)
    rule = rule_for(answer, domain_of(message.envelope.rcpt_to))
    if rule.reply_class is ReplyClass.ACCEPTED:
        return answer
    told = meaning_of(rule.id, rule.reply_class)
    refused = phrase("dispatch.send_one.refused", reply=reply_at_stage(answer))
    raise RefusedError(refused, hint=lines(told.meaning, told.remedy) if told else SILENCE)


async def _agreed() -> bool:
    return True


def _failure(answer: Lost | Withheld) -> NewsletterError:
    if not isinstance(answer, Lost):
        return UnavailableError(phrase("dispatch.send_one.not_sent"))
    if answer.in_doubt:
        return UnavailableError(phrase("dispatch.send_one.lost_in_doubt", reason=answer.reason))
    return UnavailableError(phrase("dispatch.send_one.lost", reason=answer.reason))
