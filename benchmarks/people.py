"""How long a list is read: the subscriber file alone, and together with sign-ups. Touches: a folder, the disk.

    python benchmarks/people.py [--people N] [--rounds N] [--json]

Each way reads as many people, in a process of its own, by turns in the same rounds; medians count:

- plain: the file by its reader alone, without a ledger, as before there were sign-ups;
- file: the file with a ledger in which nobody signed up;
- choices: the same, where a tenth chose a language by a link;
- both: each of the file signed up, too;
- sign-ups: nobody in the file, all in the ledger.

Limits: SQLite; what follows the reading (merging, planning) is measured in benchmarks/dispatch.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from newsletter.audience.read import read_subscribers
from newsletter.audience.subscriber import BadRow, Subscriber
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.subscription_state import SubscriptionState
from newsletter.ledger.subscriptions import Subscription
from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.keys import links_of
from newsletter.workflow.steps.people import people_to_mail

WAYS = ("plain", "file", "choices", "both", "sign-ups")
_CHOSE = 10
"""One in so many."""
_SETTINGS = """
[newsletter]
name = "서울이슈큐레이터"
list_id = "issue-curator.news.example.org"
[sender]
address = "no-reply@news.example.org"
[institute]
name = "서울연구원"
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--read", nargs=2, metavar=("WAY", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        print(json.dumps(_read(given.read[0], Path(given.read[1]))))
        return
    with TemporaryDirectory() as folder:
        for way in WAYS:
            _make(way, Path(folder) / way, given.people)
        found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for _ in range(given.rounds):
            for way in WAYS:
                command = [sys.executable, __file__, "--read", way, str(Path(folder) / way)]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                found[way].append(json.loads(done.stdout))
    told = {
        way: {name: statistics.median(one[name] for one in runs) for name in ("people", "seconds", "cpu", "mib")}
        for way, runs in found.items()
    }
    if given.json:
        print(json.dumps(told, indent=1))
        return
    for way, one in told.items():
        ratio = one["cpu"] / told["plain"]["cpu"]
        print(f"{way:9} {one['people']:>9,.0f} people {one['cpu']:7.2f} s of CPU ({ratio:.2f} x) {one['mib']:5.0f} MiB")


def _workspace(folder: Path) -> Workspace:
    return find_workspace(folder, explicit=None, environ={})


def _make(way: str, folder: Path, people: int) -> None:
    folder.mkdir()
    (folder / "newsletter.toml").write_text(_SETTINGS, encoding="utf-8")
    workspace = _workspace(folder)
    if way != "sign-ups":
        with workspace.csv.open("w", encoding="utf-8") as file:
            file.write("email,name,language,tags,소속\n")
            file.writelines(f"reader{number}@example.com,홍길동,ko,시민;연구,서울시\n" for number in range(people))
    if way in ("plain", "file"):
        if way == "file":
            open_ledger(workspace, Purpose.SENDING).close()
        return
    hash_of = links_of(workspace, create=True).address_hash
    with open_ledger(workspace, Purpose.SENDING) as book:
        book.subscribe(workspace.settings.newsletter.list_id, _signed_up(way, people, hash_of), datetime.now(UTC))


def _signed_up(way: str, people: int, hash_of: Callable[[str], bytes]) -> Iterator[Subscription]:
    now = datetime.now(UTC)
    for number in range(0, people, _CHOSE if way == "choices" else 1):
        key = f"reader{number}@example.com"
        if way == "choices":
            yield Subscription(hash_of(key), state=SubscriptionState.CHOSE, language="en", source="link")
        else:
            tags = frozenset({"시민"})
            yield Subscription(
                hash_of(key), key, key, name="길동", language="en", tags=tags, consent_at=now, consent_source="form"
            )


def _read(way: str, folder: Path) -> dict[str, float]:
    workspace = _workspace(folder)
    began, before = time.perf_counter(), time.process_time()
    if way == "plain":
        count = _count(read_subscribers(workspace.csv))
    else:
        with open_ledger(workspace, Purpose.READ) as book:
            count = _count(people_to_mail(workspace, book).rows())
    return {
        "people": count,
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - before,
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _count(rows: Iterator[Subscriber | BadRow]) -> int:
    return sum(isinstance(row, Subscriber) for row in rows)


if __name__ == "__main__":
    main()
