"""What comes of having sent once: imported where senders are forked, it loads and compiles what each of them needs.

Touches: a folder of its own and a relay, both gone when it has been imported.
"""

import tempfile
from pathlib import Path

from newsletter.dispatch.event_loop import run_to_end
from newsletter.dispatch.run import run_deliveries
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose

from .books import planned, workspace_at
from .compiled import share_what_is_compiled
from .smtp_receiver import receiving
from .smtp_runs import compose, log_of, policy

share_what_is_compiled()
with tempfile.TemporaryDirectory() as _folder, receiving(log_of(Path(_folder))) as _relay:
    with open_ledger(workspace_at(Path(_folder)), Purpose.SENDING) as _ledger:
        run_to_end(run_deliveries(_ledger, planned(_ledger), compose, policy(_relay.port)))
    assert len(_relay.recipients()) == 3
