"""Look outside for a check, where that is asked for: visit the links, ask SpamAssassin.

Touches: network; `links.json` in the workspace's state folder, for a day; SpamAssassin.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from newsletter.check.outside import Outside, SpamReport, addresses_to_visit
from newsletter.edition.edition import Edition
from newsletter.probes.link_cache import LinkCache
from newsletter.progress import Advance
from newsletter.settings.workspace import Workspace

from .compose import LetterComposer, without_subscriber
from .letter import Letter


@contextmanager
def _silently() -> Iterator[Advance]:
    yield lambda _done, _total: None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the outside to look at; `visiting` and `asking` tell who waits how many links or editions are done."""

    links: bool = False
    spam: bool = False
    visiting: Callable[[], AbstractContextManager[Advance]] = _silently
    asking: Callable[[], AbstractContextManager[Advance]] = _silently


NO_PROBES = Wanted()


def look_outside(workspace: Workspace, letter: Letter, editions: Mapping[str, Edition], wanted: Wanted) -> Outside:
    """What is wanted, and no more; UnavailableError (69) where SpamAssassin is wanted and not there."""
    spam = None
    if wanted.spam:
        with wanted.asking() as advance:
            spam = _ask_spamassassin(workspace, letter, editions, advance)
    if not wanted.links:
        return Outside(spam=spam)
    from newsletter.probes.links import visit

    addresses = addresses_to_visit(editions.values())
    cache = LinkCache(workspace.state / "links.json", datetime.now(UTC))
    known = {address: answer for address, answer in cache.read().items() if address in addresses}
    with wanted.visiting() as advance:
        new = visit([address for address in addresses if address not in known], advance)
    cache.write(new)
    return Outside(known | new, spam)


def _ask_spamassassin(
    workspace: Workspace, letter: Letter, editions: Mapping[str, Edition], advance: Advance
) -> dict[str, SpamReport]:
    """Its opinion of every edition, by variant: words that one language gets points for, another has not."""
    from newsletter.probes.spamassassin import spam_report

    # Not signed: SpamAssassin looks no key up here, and who checks need not have the one that signs.
    composer = LetterComposer.to_try(workspace.settings, letter.issue.slug, editions)
    reports = {}
    for variant, edition in editions.items():
        reports[variant] = spam_report(composer.message(without_subscriber(edition), variant).data)
        advance(len(reports), len(editions))
    return reports
