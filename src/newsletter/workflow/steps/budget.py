"""The windows of hours and days, for whoever looks, and for mail that is no delivery. Touches: the ledger."""

from newsletter.catalogue import phrase
from newsletter.errors import RunAgainError
from newsletter.ledger.budgets import Usage
from newsletter.ledger.ledger import Ledger
from newsletter.report.expected_end import Allowance
from newsletter.report.states_and_times import local
from newsletter.settings.model import Settings
from newsletter.settings.rates import kept_windows, slowest_per_second
from newsletter.smtp.server import account_of


def pace_of(settings: Settings, ledger: Ledger | None) -> Allowance:
    """What the settings allow, and how much of it is used; without a ledger, nothing is."""
    per_second, windows = slowest_per_second(settings.smtp.rate), kept_windows(settings.smtp.rate)
    spare = len(settings.operator.notify)
    if ledger is None or not windows:
        return Allowance(per_second, [Usage(window, (), spare) for window in windows])
    return Allowance(per_second, ledger.usage(account_of(settings.smtp), windows, ledger.now(), spare=spare))


def count_one(settings: Settings, ledger: Ledger, *, spare: int = 0) -> None:
    """One message more is about to go, but not the last `spare`. RunAgainError (75) where a window is used up."""
    windows = kept_windows(settings.smtp.rate)
    if not windows:
        return
    now = ledger.now()
    block = ledger.take(account_of(settings.smtp), windows, 1, now, spare=spare)
    if not block.count:
        when = local(now + block.wait, settings.newsletter.timezone)
        raise RunAgainError(
            phrase("dispatch.stop.used_up", windows=tuple(map(str, block.used_up))),
            hint=phrase("workflow.send.again_from", when=when),
        )
