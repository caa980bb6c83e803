"""What is about to be sent, in words for the question. Touches: nothing."""

from newsletter.check.audience import AudienceSummary
from newsletter.ledger.records import DispatchRecord
from newsletter.ledger.states import UNFINISHED, DispatchStatus, State
from newsletter.settings.model import Settings
from newsletter.settings.values import per_second

from .audience import left_out, left_out_words
from .states_and_times import counted, local


def plan_words(settings: Settings, file: str, subject: str, audience: AudienceSummary) -> str:
    """Issue, subject, sender, relay, audience and how long it takes at the set rate."""
    lines = [
        f"Issue    {file}",
        f"Subject  {subject}",
        f"From     {settings.sender_name} <{settings.sender.address}>",
        f"To       {counted(audience.to_mail, 'subscriber')} of {audience.file}" + left_out_words(audience),
        f"Relay    {_relay(settings)}{_duration(settings, audience.to_mail)}",
    ]
    lines += left_out(audience)
    return "\n".join(lines)


def _relay(settings: Settings) -> str:
    """The address without whatever stands before the @: a password could."""
    scheme, _, rest = settings.smtp.url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _duration(settings: Settings, messages: int) -> str:
    rate = per_second(settings.smtp.rate)
    if rate is None or messages < rate * 60:
        return ""
    return f", at least {messages / rate / 60:.0f} minutes at {settings.smtp.rate}"


def continue_words(record: DispatchRecord, counts: dict[State, int], zone: str) -> str:
    """An issue that was planned before: how far it is."""
    done = ", ".join(f"{count} {state.value.replace('_', ' ')}" for state, count in counts.items() if count)
    planned = local(record.planned_at, zone)
    left = sum(counts[state] for state in UNFINISHED)
    if left == 0:
        words = f"{record.slug}: nothing is left to send (planned {planned}): {done}"
        if counts[State.IN_DOUBT]:
            words += f"\nDecide about what is in doubt: newsletter resolve {record.slug} --as-sent or --resend"
        return words
    state = "" if record.status is DispatchStatus.RUNNING else f", {record.status.value}"
    return f"{record.slug} was planned {planned}{state}; continuing with the words frozen then.\n{done}"
