"""Why a run ended, in words. Touches: nothing."""

from collections.abc import Mapping

from newsletter.catalogue import Said, phrase
from newsletter.dispatch.stop import StopKind
from newsletter.ledger.at_work import ENDED_DONE

from .announcement import STOPPED_BY

_ENDED_BY: Mapping[StopKind, Said] = {
    StopKind.BUDGET: phrase("report.page.ended_budget"),
    StopKind.RELAY: phrase("report.page.ended_relay"),
    StopKind.LOGIN: phrase("report.page.ended_login"),
    StopKind.SENDER: phrase("report.page.ended_sender"),
    StopKind.CONTENT: phrase("report.page.ended_content"),
}
"""Where the subject of a notice has too few words."""


def end_words(ended_by: str) -> Said | None:
    """As the ledger keeps it; None where it says nothing that this version knows."""
    if ended_by == ENDED_DONE:
        return phrase("report.page.ended_done")
    kind = StopKind.__members__.get(ended_by.upper())
    return None if kind is None else _ENDED_BY.get(kind, STOPPED_BY[kind])
