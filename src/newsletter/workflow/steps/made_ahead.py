"""Make many issues and their cards on all cores, into the cache that they are then taken from. Touches: as `PageMaker`.

It is only for speed: what a process could not make, or did not come to, is made, and told, by who asked. Limits: a
process takes a second to start and some 120 MB.
"""

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from threading import Thread

from newsletter.archive.card_cache import card_cache
from newsletter.archive.cards import card_fonts, share_cards
from newsletter.archive.site import Site, SiteIssue
from newsletter.settings.processes import usable_cores
from newsletter.settings.workspace import Workspace

from .page_maker import Archived, PageMaker
from .sent_issues import SentIssue

_FEWEST = 16
"""Issues; of fewer it is faster to make them here."""
_MOST_PROCESSES = 8


def make_ahead(
    workspace: Workspace, issues: Sequence[tuple[Path, SentIssue]], base_url: str, advance: Callable[[int], None]
) -> int:
    """How many were tried. `base_url` is that of the site."""
    processes = min(usable_cores(), _MOST_PROCESSES, len(issues) // (_FEWEST // 2))
    if len(issues) < _FEWEST or processes < 2:
        return 0
    # Not by fork: a progress bar has a thread, whose locks a forked process would wait for.
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (workspace, base_url))
    try:
        with suppress(BrokenProcessPool):  # one was killed; what is missing is made by who asked
            waited_for = [pool.submit(_make, *one) for one in issues]
            for done, _ in enumerate(as_completed(waited_for), 1):
                advance(done)
    finally:
        pool.shutdown(cancel_futures=True)
    return len(issues)


class _Process:
    """What one of the processes keeps."""

    maker: PageMaker
    found: Archived
    draw: Callable[[tuple[SiteIssue, ...]], object]


def _begin(workspace: Workspace, base_url: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; who asked says when to stop
    Thread(target=_end_with_parent, daemon=True).start()
    _Process.found = Archived()
    _Process.maker = PageMaker(workspace, _Process.found)
    fonts, cards = card_fonts(workspace), card_cache(workspace)
    _Process.draw = lambda issues: share_cards(Site(base_url, workspace.settings, issues), fonts, cards.card)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _make(path: Path, sent: SentIssue) -> None:
    _Process.maker.add_sent(path, sent, drafts=False)
    _Process.draw(tuple(_Process.found.issues))
    _Process.found.issues.clear()
