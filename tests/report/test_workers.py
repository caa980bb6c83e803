"""`newsletter workers`: a table for a person, JSON for scripts, and how one worker is, for probes."""

import json
from dataclasses import replace
from datetime import timedelta

from newsletter.catalogue import Verbatim, phrase
from newsletter.ledger.workers import Doing, WorkerState
from newsletter.report.worker_health import WorkerHealth
from newsletter.report.workers import WorkersReport
from tests.support.books import LIST, NOW

DOING = Doing(LIST, "2026-11", 1200, 18.5)
REFUSED = Verbatim("550 5.1.1 <hong@example.com> unknown")
TROUBLE = phrase("workflow.worker.cannot_send", newsletter=LIST, slug="2026-11", why=REFUSED)
BUSY = WorkerState(1, "mail1", 4711, "0.1.0", NOW, NOW, timedelta(seconds=4), [DOING], [TROUBLE])
IDLE = WorkerState(2, "mail2", 12, "0.1.0", NOW, NOW, timedelta(0), [], [])
KILLED = WorkerState(3, "mail3", 13, "0.1.0", NOW, NOW, timedelta(minutes=90), [DOING], [])


def test_the_table_says_who_sends_what_how_fast_and_who_is_silent() -> None:
    report = WorkersReport([BUSY, IDLE, KILLED], "Asia/Seoul")
    head, busy, idle, killed, trouble = report.to_text("en").splitlines()
    assert head.split("  ")[0] == "machine (process)"
    assert busy.split("  ")[0] == "mail1 (4711)"
    assert busy.endswith(f"4 s ago                2026-11 of {LIST}, 18.5/s")
    assert idle.endswith("nothing: nobody waits")
    assert killed.endswith("silent for 1 h 30 min  -")
    assert trouble.startswith("mail1 (4711): ")
    assert "h***@example.com" in trouble
    assert "일하는 워커가 없습니다" in WorkersReport([], "Asia/Seoul").to_text("ko")


def test_json_tells_the_same_and_shows_no_address() -> None:
    busy, killed = json.loads(WorkersReport([BUSY, KILLED], "Asia/Seoul").to_json())
    assert (busy["machine"], busy["lives"], busy["silent_seconds"]) == ("mail1", True, 4.0)
    assert busy["doing"] == [{"newsletter": LIST, "issue": "2026-11", "settled": 1200, "per_second": 18.5}]
    assert "h***@example.com" in busy["troubles"][0]
    assert killed["lives"] is False


def health(*, turned: float = 1, heard: float = 1, drains: bool = False, trouble: bool = False) -> WorkerHealth:
    return WorkerHealth("0.1.0", NOW, turned, heard, drains, 1200, [DOING], [TROUBLE] if trouble else [])


def test_a_probe_is_told_whether_all_is_well_and_whether_only_a_new_process_helps() -> None:
    looks = [health(), health(heard=31), health(drains=True), health(trouble=True), health(turned=31)]
    assert [(one.is_alive, one.is_ready) for one in looks] == [(True, True), *[(True, False)] * 3, (False, False)]
    assert [json.loads(one.to_json())["status"] for one in looks[:4]] == ["ok", "trouble", "draining", "trouble"]
    beginning = replace(health(), is_starting=True)
    assert (beginning.is_alive, beginning.is_ready, json.loads(beginning.to_json())["status"]) == (
        True,
        False,
        "starting",
    )
    assert "hong@" not in health(trouble=True).to_json()
    lines = health().to_prometheus().splitlines()
    assert f'newsletter_worker_per_second{{newsletter="{LIST}",issue="2026-11"}} 18.500' in lines
    assert "newsletter_worker_settled 1200" in lines
