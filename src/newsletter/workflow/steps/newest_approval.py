"""Whether the approval in this workspace is the newest that anybody gave: on many machines a checkout may be old.

Touches: nothing. Limits: an approval that never reached the ledger, from an editor's machine without one, is known by
git alone; the two are told apart by its own time, which is that machine's.
"""

from newsletter.catalogue import phrase
from newsletter.errors import RefusedError
from newsletter.ledger.scheduling import Scheduled
from newsletter.report.states_and_times import local

from .approval import Approval
from .letter import Letter


class OldApprovalError(RefusedError):
    """Somebody has approved the issue since, elsewhere; what lies here is not what they said yes to."""


def refuse_old_approval(
    newest: Scheduled | None, letter: Letter, approval: Approval, zone: str, *, goes_by_date: bool = False
) -> None:
    """OldApprovalError (77) where `newest`, of the ledger, is a later yes to other editions.

    With `goes_by_date`, for who sends when it is due, also where it is due later by then, or by hand.
    """
    if newest is None or newest.at <= approval.at:
        return
    slug, by, when = letter.issue.slug, newest.approved_by, local(newest.at, zone)
    hint = phrase("workflow.newest_approval.to_bring_it_here", slug=slug)
    if not newest.is_of(approval.editions):
        here = local(approval.at, zone)
        raise OldApprovalError(
            phrase("workflow.newest_approval.is_another", file=letter.file, by=by, when=when, here=here), hint=hint
        )
    here_due = letter.issue.publish_at
    if not goes_by_date or here_due is None or newest.due_at == here_due:
        return
    if newest.due_at is None:
        raise OldApprovalError(
            phrase("workflow.newest_approval.is_sent_by_hand", file=letter.file, by=by, when=when), hint=hint
        )
    if newest.due_at > here_due:
        due, here = local(newest.due_at, zone), local(here_due, zone)
        raise OldApprovalError(
            phrase("workflow.newest_approval.is_due_later", file=letter.file, by=by, when=when, due=due, here=here),
            hint=hint,
        )
