"""What `status` tells of the relay's replies: class, rule, how many, and an example that shows nobody's address."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.catalogue import LANGUAGES, Verbatim
from newsletter.dispatch.reply_meanings import meaning_of
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import DispatchStatus, Learned, Outcome, State
from newsletter.report.headway import Headway
from newsletter.report.layout import width
from newsletter.report.replies import masked
from newsletter.report.status import StatusReport
from newsletter.smtp.reply import Reply
from tests.support.books import ACCEPTED, LIST, NOW, planned, workspace_at


@pytest.fixture
def report(tmp_path: Path) -> StatusReport:
    """Four sent, two refused by one rule, one deferred, one lost, two still planned."""
    with open_ledger(workspace_at(tmp_path), Purpose.SENDING) as book:
        dispatch = planned(book, 10)
        with book.lease(NOW) as lease:
            claims = book.claim(dispatch, lease, 8, NOW)
            book.turn([], claims, NOW)
            refused = [
                Outcome(
                    claim, State.FAILED, Reply("rcpt", 550, "5.1.1", f"<{claim.address}>: no such user"),
                    "bad_address", rule="bad-address",
                )
                for claim in claims[4:6]
            ]  # fmt: skip
            later = Outcome(
                claims[6], State.DEFERRED, Reply("rcpt", 451, "4.7.1", "greylisted"), "greylist",
                due_at=NOW + timedelta(hours=1), rule="greylisted",
            )  # fmt: skip
            lost = Outcome(claims[7], State.IN_DOUBT, Reply("dot", 0, "", "the link was lost"), "lost")
            book.turn(
                [*[Outcome(claim, State.SENT, ACCEPTED, "accepted") for claim in claims[:4]], *refused, later, lost],
                [],
                NOW,
            )
        record = book.find(LIST, "2021-07")
        headway = Headway(book.counts(dispatch), (), NOW)
        return StatusReport("2021-07", "Asia/Seoul", record, headway, (), book.replies(dispatch))


def test_the_table_names_class_rule_and_an_example(report: StatusReport) -> None:
    lines = report.to_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.split()[:2] == ["reply", "rule"])
    table = [line.split(maxsplit=3) for line in lines[start + 1 : start + 5]]
    assert ["bad", "address", "bad-address", "2  550 5.1.1 <r***@example.com>: no such user"] in table
    assert ["accepted", "accepted", "4", "250 2.0.0 Ok: queued as 4cR9"] in table
    assert ["greylist", "greylisted", "1", "451 4.7.1 greylisted"] in table
    assert ["lost", "-", "1", "the link was lost"] in table


def test_json_keeps_the_contract_and_gains_the_replies(report: StatusReport) -> None:
    told = json.loads(report.to_json())
    assert (told["issue"], told["total"], len(told["states"])) == ("2021-07", 10, 10)
    assert told["replies"][1] == {
        "class": "bad_address",
        "rule": "bad-address",
        "count": 2,
        "example": "550 5.1.1 <r***@example.com>: no such user",
        "meaning": "There is no such address, or it has been closed.",
        "remedy": "The address is suppressed. Take it out of the subscriber file.",
    }
    assert sum(kind["count"] for kind in told["replies"]) == 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_rule_that_spoke_is_explained_but_not_what_was_accepted(report: StatusReport, language: str) -> None:
    lines = report.to_text(language).splitlines()
    told = meaning_of("bad-address", "bad_address")
    assert told is not None
    at = lines.index(f"  bad-address: {told.meaning.in_language(language)}")
    assert lines[at + 1] == f"    {told.remedy.in_language(language)}"
    explained = [line.split(":")[0].strip() for line in lines[at : at + 6 : 2]]
    assert explained == ["bad-address", "greylisted", {"en": "lost", "ko": "연결 끊김"}[language]]
    assert not any(line.startswith("  accepted:") for line in lines)


def test_a_relay_that_rests_is_named_as_such(report: StatusReport) -> None:
    resting = replace(report, resting=[Learned("", 1.0, rests_until=NOW)])
    assert "the relay's limit is used up; it is asked again from 2026-11-22 17:00 KST" in resting.to_text()


@pytest.mark.parametrize(
    ("counts", "standing"),
    [
        ({State.SENT: 3}, "finished"),
        ({State.SENT: 2, State.IN_DOUBT: 1}, "finished, except for what is in doubt"),
        ({State.SENT: 2, State.PLANNED: 1, State.IN_DOUBT: 1}, "not finished"),
    ],
)
def test_what_is_in_doubt_is_not_called_finished(report: StatusReport, counts: dict[State, int], standing: str) -> None:
    headway = Headway({**dict.fromkeys(State, 0), **counts}, (), NOW)
    assert replace(report, headway=headway).to_text().startswith(f"2021-07: {standing}, planned ")


def test_an_issue_that_was_never_planned_has_no_replies() -> None:
    report = StatusReport("2021-07", "Asia/Seoul", None, Headway(dict.fromkeys(State, 0), (), NOW))
    assert json.loads(report.to_json())["replies"] == []


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("<hong.gildong@example.com>: Recipient rejected", "<h***@example.com>: Recipient rejected"),
        ("no mailbox hong.gildong here", "no mailbox h*** here"),
        ("user Hong.Gildong unknown", "user h*** unknown"),
        ("hong.gildong=example.com@example.org bounced", "h***@example.org bounced"),
        ("2.0.0 Ok: queued as 4cR9", "2.0.0 Ok: queued as 4cR9"),
    ],
)
def test_addresses_are_masked(words: str, shown: str) -> None:
    assert masked(words, "hong.gildong@example.com") == shown


@given(st.text(max_size=30), st.from_regex(r"[a-z][a-z0-9.+-]{2,20}", fullmatch=True), st.text(max_size=30))
def test_the_address_itself_never_stands_in_what_is_shown(before: str, name: str, after: str) -> None:
    address = f"{name}@example.com"
    assert address not in masked(f"{before}<{address}>{after}", address)


def test_a_domain_that_rests_is_named_with_the_time(report: StatusReport) -> None:
    resting = replace(report, resting=[Learned("naver.com", 1.0, rests_until=NOW)])
    assert json.loads(resting.to_json())["resting"] == [{"domain": "naver.com", "until": "2026-11-22T08:00:00+00:00"}]
    assert "naver.com is left alone; it is tried again from 2026-11-22 17:00 KST" in resting.to_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_and_replies_line_up_in_both_languages(report: StatusReport, language: str) -> None:
    lines = report.to_text(language).splitlines()
    head = next(number for number, line in enumerate(lines) if line.split()[:1] == [REPLY[language]])
    counts, replies = lines[head - 6 : head], lines[head : head + 5]
    assert [int(line.split()[-1]) for line in counts] == [2, 4, 1, 2, 1, 10]
    assert len({width(line) for line in counts}) == 1
    starts = {width(line.partition(example)[0]) for line, example in zip(replies, EXAMPLES[language], strict=True)}
    assert len(starts) == 1


REPLY = {"en": "reply", "ko": "응답"}
EXAMPLES = {
    "en": ["for example", "250 2.0.0", "550 5.1.1", "451 4.7.1", "the link"],
    "ko": ["예", "250 2.0.0", "550 5.1.1", "451 4.7.1", "the link"],
}
"""How the last column begins, in each row; a reply is the relay's own words."""


def test_a_pause_names_who_when_and_the_way_on(report: StatusReport) -> None:
    assert report.record is not None
    by = Verbatim("hong@mail1")
    paused = replace(report.record, status=DispatchStatus.PAUSED, paused_at=NOW, paused_by=by)
    english = replace(report, record=paused).to_text().splitlines()
    korean = replace(report, record=paused).to_text("ko").splitlines()
    assert english[1:3] == ["  paused by hong@mail1, 2026-11-22 17:00 KST", "  To go on: newsletter resume 2021-07"]
    assert korean[1:3] == [
        "  일시 중지: hong@mail1, 2026-11-22 17:00 KST",
        "  이어서 보내려면: newsletter resume 2021-07",
    ]
    nobody = replace(report, record=replace(paused, paused_by=None)).to_text().splitlines()
    assert nobody[1] == "  paused 2026-11-22 17:00 KST"
