"""Twelve recorded runs of the real engine, rehearsed from what the ledger knew before them: right within a tenth.

record_runs.py made them and can make them anew; nothing is fitted to a single one.
"""

from dataclasses import replace

import pytest

from tests.rehearse.record_runs import SCENARIOS, Behaviour, Scenario
from tests.rehearse.record_runs import record as record_run
from tests.rehearse.records import MILESTONES, Record, records

RECORDS = list(records())
A_TENTH = 0.1


def expected(record: Record) -> dict[str, float]:
    """Seconds, by milestone."""
    found = record.rehearsed()
    bands = {"half": found.out(0.5), "most": found.out(0.9), "tried": found.all_tried, "all": found.out(1.0)}
    return {name: (band.expected - record.began).total_seconds() for name, band in bands.items()}


def test_there_are_ten_and_more_each_after_smaller_issues() -> None:
    assert {record.name for record in RECORDS} == set(SCENARIOS)
    assert len(RECORDS) >= 10
    for record in RECORDS:
        assert len(record.known) == len(SCENARIOS[record.name].earlier)
        assert len(record.order) == SCENARIOS[record.name].readers > max(SCENARIOS[record.name].earlier)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_half_most_and_all_are_out_when_the_rehearsal_says(record: Record) -> None:
    found = expected(record)
    for milestone in ("half", "most", "all"):
        assert found[milestone] == pytest.approx(record.really[milestone], rel=A_TENTH), milestone
    # When all were tried once is a moment within it, where nearly everybody is told to come again.
    assert found["tried"] == pytest.approx(record.really["tried"], abs=A_TENTH * record.really["all"])


@pytest.mark.parametrize(
    "record", [one for one in RECORDS if one.name in ("steady", "a-session-limit")], ids=lambda r: r.name
)
def test_a_relay_that_was_a_fifth_slower_then_would_be_told_wrong(record: Record) -> None:
    """So the tenth means something."""
    slower = tuple(
        replace(past, stretches=tuple(replace(one, seconds=one.seconds * 1.2) for one in past.stretches))
        for past in record.known
    )
    found = expected(replace(record, known=slower))
    assert found["all"] != pytest.approx(record.really["all"], rel=A_TENTH)


def test_a_run_can_be_recorded_anew() -> None:
    """A small one: the engine runs twice, and nothing is said of how long that takes but that it is no other world."""
    greylists = {"naver.com": 120.0}
    scenario = Scenario(Behaviour(0.2, greylists=greylists), domains={"naver.com": 1, "example.com": 1})
    made = record_run("small", replace(scenario, earlier=(24,), readers=32), lambda _words: None)
    assert [past.per_second > 0 for past in made.known] == [True]
    assert set(made.really) == set(MILESTONES)
    assert 300 < made.really["all"] < 6000  # with the second run, which cron begins
    assert expected(made)["all"] == pytest.approx(made.really["all"], rel=9)
    assert len(made.order) == 32
