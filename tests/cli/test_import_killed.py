"""An import that is killed has taken over whole batches only, nobody who left is mailed, and again it ends the same."""

import os
import signal
import time
from pathlib import Path

from newsletter.ledger.people_ledger import open_people_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.load import find_workspace
from tests.cli.conftest import Call, make_workspace
from tests.support.cli import started

ROWS = 60_000
LIST = "letter.news.example.org"


def test_an_import_that_is_killed_is_done_again_with_the_same_end(call: Call, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "here")
    path = tmp_path / "list.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("email,consent_at,status\n")
        file.writelines(
            f"r{n}@example.com,2021-03-02,{'unsubscribed' if n % 10 == 0 else 'subscribed'}\n" for n in range(ROWS)
        )
    assert call("subscribers", "suppress", "r1@example.com", "--yes", cwd=root).code == 0

    workspace = find_workspace(root, explicit=root, environ={})

    def counted() -> tuple[int, int]:
        with open_people_ledger(workspace, Purpose.READ) as ledger:
            return ledger.subscription_stamp(LIST).count, sum(1 for _ in ledger.each_suppression(LIST))

    with (
        open_people_ledger(workspace, Purpose.READ) as ledger,
        started("subscribers", "import", str(path), "--yes", "--quiet", cwd=root) as process,
    ):
        deadline = time.monotonic() + 120
        while not ledger.subscription_stamp(LIST).count and process.poll() is None and time.monotonic() < deadline:
            os.sched_yield()
        process.send_signal(signal.SIGKILL)
        process.wait()
    people, left = counted()
    assert 0 < people < ROWS - ROWS // 10 - 1
    assert left == ROWS // 10 + 1
    assert call("subscribers", "import", str(path), "--yes", "--quiet", cwd=root).code == 0
    assert counted() == (ROWS - ROWS // 10 - 1, ROWS // 10 + 1)
    assert not list((root / ".newsletter").glob("import-csv-*"))
