"""Sends the planned letter as `newsletter send` does, and prints what the sending alone took, as JSON.

    python ours.py WORKSPACE [asyncio]

With `asyncio`, on that loop also where uvloop is installed.

The plan (rows and frozen editions in a ledger on disk) is made first and not counted; what is counted is a run of the
dispatch with every promise kept, in as many processes as the settings say, their start included: claims, in-flight
marks durable before each dot, outcomes with the relay's words.
Touches: the workspace, the network.
"""

import json
import resource
import sys
import time
from pathlib import Path

from letter import SLUG

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import State
from newsletter.settings.load import find_workspace
from newsletter.workflow.steps.plan import plan_dispatch
from newsletter.workflow.steps.prepare import prepare
from newsletter.workflow.steps.run import run_dispatch


def main() -> int:
    folder = Path(sys.argv[1])
    if sys.argv[2:] == ["asyncio"]:
        sys.modules["uvloop"] = None  # type: ignore[assignment] # the import then fails as if it were not installed
    workspace = find_workspace(folder, explicit=folder, environ={})
    with open_ledger(workspace, Purpose.SENDING) as ledger:
        planning = time.perf_counter()
        record = plan_dispatch(workspace, ledger, prepare(workspace, SLUG))
        began, cpu = time.perf_counter(), _cpu()
        run_dispatch(workspace, ledger, record, advance=lambda _settled, _total: None)
        seconds, cpu = time.perf_counter() - began, _cpu() - cpu
        sent = ledger.counts(record.id)[State.SENT]
    print(json.dumps({"messages": sent, "seconds": seconds, "cpu_s": cpu, "plan_s": began - planning}))
    return 0


def _cpu() -> float:
    """Seconds, of this process and of those it has started and waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    sys.exit(main())
