"""A process of its own that works on a ledger, for tests that need a real one. Run as

    python -m tests.support.ledger_worker <workspace> <url> open|drain|hold|stage|join|take

Touches: the ledger's database, standard output.
"""

import json
import signal
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.staged_audience import ComingDeliveries
from newsletter.ledger.states import PlannedDelivery
from newsletter.settings.rates import Window
from tests.support.books import LIST, NOW, edition, letterhead, readers, sent, workspace_at


def main(root: str, url: str, task: str) -> None:
    with open_ledger(workspace_at(Path(root), url), Purpose.SENDING) as book:
        if task == "stage":
            book.plan(letterhead(), {"ko": edition()}, _endless(), NOW)
        if task == "join" and (record := book.find(LIST, "2021-07")) is not None:
            book.add_latecomers(record.id, 1, ComingDeliveries(_endless()), NOW)
        if task == "take":
            while count := book.take("me", (Window(100, timedelta(hours=1)),), 3, NOW).count:
                _say(count)
        record = book.find(LIST, "2021-07")
        if record is None:
            return
        with book.lease(NOW) as lease:
            if task == "hold":
                claims = book.claim(record.id, lease, 2, NOW)
                book.turn([], claims[:1], NOW)
                _say_and_wait([claim.key for claim in claims])
            while claims := book.claim(record.id, lease, 5, NOW):
                book.turn([], claims, NOW)
                _say([claim.key for claim in claims])
                book.turn([sent(claim) for claim in claims], [], NOW)


def _endless() -> Iterator[PlannedDelivery]:
    yield from readers(1200)
    _say_and_wait("staged")


def _say(words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def _say_and_wait(words: object) -> None:
    _say(words)
    signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])
