"""Who is suppressed, as a question about one subscriber. Touches: the ledger, reading."""

from collections.abc import Callable

from newsletter.audience.subscriber import Subscriber
from newsletter.errors import NewsletterError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.workspace import Workspace

from .secret import links_of

IsSuppressed = Callable[[Subscriber], bool]


def suppressed_in(workspace: Workspace, ledger: Ledger) -> IsSuppressed:
    """Whether somebody is suppressed now; the plan and every claim ask the ledger again."""
    marks: set[str | bytes] = set()
    for one in ledger.suppressions(workspace.settings.newsletter.list_id):
        marks.update(mark for mark in (one.key, one.address_hash) if mark)
    if not marks:
        return lambda _subscriber: False
    hash_of = links_of(workspace, create=True).address_hash
    return lambda subscriber: subscriber.key in marks or hash_of(subscriber.key) in marks


def known_suppressed(workspace: Workspace) -> IsSuppressed | None:
    """The same for who only looks; None where there is no ledger at hand to know it."""
    try:
        with open_ledger(workspace, Purpose.READ) as ledger:
            return suppressed_in(workspace, ledger)
    except NewsletterError:  # an editor's machine need not reach the operator's database; `send` says what is wrong
        return None
