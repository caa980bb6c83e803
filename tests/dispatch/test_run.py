"""A run from claims to outcomes, against a relay that keeps its own log."""

from pathlib import Path

from newsletter.ledger.book import Ledger
from tests.support.books import tally
from tests.support.smtp_receiver import receiving
from tests.support.smtp_runs import log_of, sending


def test_everybody_gets_it_once(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        job = sending(ledger, 50, relay.port)
        report = job.run()
        again = job.run()
    assert report.stopped is None
    assert tally(ledger, job.dispatch) == {"sent": 50}
    assert sorted(relay.recipients()) == sorted(f"reader{n}@example.com" for n in range(50))
    assert again.attempted == 0
