"""Make the pages of many issues on all cores, into the cache that they are then taken from. Touches: as `PageMaker`.

It is only for speed: what a process could not make, or did not come to, is made, and told, by who asked. Limits: a
process takes a second to start and some 120 MB.
"""

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from threading import Thread

from newsletter.settings.processes import usable_cores
from newsletter.settings.workspace import Workspace

from .page_maker import Archived, PageMaker
from .sent_issues import SentIssue

_FEWEST = 16
"""Issues; of fewer it is faster to make them here."""
_MOST_PROCESSES = 8


def make_ahead(workspace: Workspace, issues: Sequence[tuple[Path, SentIssue]], advance: Callable[[int], None]) -> int:
    """How many were tried."""
    processes = min(usable_cores(), _MOST_PROCESSES, len(issues) // (_FEWEST // 2))
    if len(issues) < _FEWEST or processes < 2:
        return 0
    # Not by fork: a progress bar has a thread, whose locks a forked process would wait for.
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (workspace,))
    try:
        waited_for = [pool.submit(_make, *one) for one in issues]
        for done, _ in enumerate(as_completed(waited_for), 1):
            advance(done)
    finally:
        pool.shutdown(cancel_futures=True)
    return len(issues)


class _Process:
    """What one of the processes keeps."""

    maker: PageMaker


def _begin(workspace: Workspace) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; who asked says when to stop
    Thread(target=_end_with_parent, daemon=True).start()
    _Process.maker = PageMaker(workspace, Archived())


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _make(path: Path, sent: SentIssue) -> None:
    _Process.maker.add_sent(path, sent, drafts=False)
