"""Why a run ended, in words. Touches: nothing."""

from collections.abc import Mapping

from newsletter.catalogue import Said, phrase
from newsletter.dispatch.stop import StopKind
from newsletter.ledger.at_work import ENDED_DONE

STOPPED_BY: Mapping[StopKind, Said] = {
    StopKind.RELAY: phrase("report.notice.relay"),
    StopKind.LOGIN: phrase("report.notice.login"),
    StopKind.SENDER: phrase("report.notice.sender"),
    StopKind.CONTENT: phrase("report.notice.content"),
    StopKind.QUOTA: phrase("report.notice.quota"),
    StopKind.UNAUTHENTICATED: phrase("report.notice.unauthenticated"),
    StopKind.BUDGET: phrase("report.notice.budget"),
    StopKind.REFUSALS: phrase("report.notice.refusals"),
    StopKind.BAD_ADDRESSES: phrase("report.notice.bad_addresses"),
    StopKind.PAUSED: phrase("report.notice.paused"),
    StopKind.CANCELLED: phrase("report.notice.cancelled"),
    StopKind.CANARY: phrase("report.notice.canary"),
    StopKind.ASKED: phrase("report.notice.asked"),
    StopKind.LEASE: phrase("report.notice.lease"),
    StopKind.LEDGER: phrase("report.notice.ledger"),
}
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
