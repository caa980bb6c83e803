"""Freeze an issue for its audience: the editions, the letterhead, and a delivery for each subscriber.

Touches: the subscriber file, a private file, the ledger.
"""

from collections.abc import Collection, Mapping

from newsletter.audience.judged_rows import JudgedRows
from newsletter.catalogue import phrase
from newsletter.edition.edition import Edition
from newsletter.edition.variants import VariantRule
from newsletter.errors import CannotWriteError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.ledger.staged_audience import Audience
from newsletter.message.letterhead import letterhead
from newsletter.settings.rates import slowest_per_second
from newsletter.settings.workspace import Workspace

from .audience import choose_variant, suppressed_in
from .judged import judge_again
from .keys import links_of
from .letter import Letter
from .lost_secret import note_own_secret
from .people import people_to_mail
from .prepare import Fresh
from .relay_settings import publish_relay_settings


def plan_dispatch(workspace: Workspace, ledger: Ledger, fresh: Fresh, first: int | None = None) -> DispatchRecord:
    """Freeze everything that makes a message, and one delivery for each subscriber, by one commit.

    For a canary of `first` it is paused until the run begins, so that nobody else goes on with it meanwhile.
    """
    rows = _judged(workspace, ledger, fresh)
    return plan_rows(workspace, ledger, fresh.letter, fresh.editions, rows, first, fresh.although_like)


def plan_rows(
    workspace: Workspace,
    ledger: Ledger,
    letter: Letter,
    editions: Mapping[str, Edition],
    rows: JudgedRows,
    first: int | None = None,
    although_like: Collection[str] = (),
) -> DispatchRecord:
    """The same for these people, who are taken."""
    settings, slug, now = workspace.settings, letter.issue.slug, ledger.now()
    note_own_secret(workspace, ledger)
    publish_relay_settings(workspace, ledger)  # before others see the plan and begin with it
    links = links_of(workspace, create=True)
    head = letterhead(settings, slug, now, links.key_id)
    try:
        rate = slowest_per_second(settings.smtp.rate)
        was_renamed = bool(settings.newsletter.former_list_ids)
        audience = Audience(rows, links.all_hashes, renamed=was_renamed, rate=rate)
        rule = VariantRule.of(letter.issue, settings.newsletter.language)
        ledger.plan(
            head,
            editions,
            audience,
            now,
            canary=first,
            although_like=although_like,
            variant_rule=rule,
        )
    finally:
        rows.close()
    record = ledger.find(settings.newsletter.list_id, slug)
    if record is None:
        raise CannotWriteError(phrase("workflow.send.plan_was_lost"), hint=phrase("workflow.send.was_ledger_replaced"))
    return record


def _judged(workspace: Workspace, ledger: Ledger, fresh: Fresh) -> JudgedRows:
    """The people who were surveyed, or those who are there now."""
    people, keeper = people_to_mail(workspace, ledger), fresh.keeper
    if keeper is None or not keeper.is_true_of(people):
        choose = choose_variant(fresh.letter.issue, workspace)
        keeper = judge_again(people, fresh.editions, choose, suppressed_in(workspace, ledger))
    keeper.refuse_unfit()
    return keeper.rows
