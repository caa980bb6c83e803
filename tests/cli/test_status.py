"""`newsletter status --who` and `--watch` as scripts and people meet them."""

import json
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.audience.address import parse_address
from newsletter.cli import live_status
from newsletter.cli.session import Session
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Outcome, PlannedDelivery, State
from newsletter.settings.load import find_workspace
from newsletter.smtp.reply import Reply
from newsletter.workflow.status import watch
from tests.cli.conftest import Call, make_workspace
from tests.support.books import edition, hash_of, letterhead, sent
from tests.support.cli import started
from tests.support.terminal import at_terminal

SLUG = "2026-11"
ADDRESSES = [
    *("hong@naver.com", "jane@mail.naver.com", "kim@notnaver.com", "lee@example.com"),
    *("park@example.com", parse_address("choi@서울이슈큐레이터.com")[1]),
]
GREY = Reply("rcpt", 451, "4.7.1", "greylisted\t\x1b]0;x\x07")


def book_of(folder: Path) -> Ledger:
    return open_ledger(find_workspace(folder, explicit=folder, environ={}), Purpose.SENDING)


def plan(book: Ledger, addresses: list[str]) -> int:
    rows = [
        PlannedDelivery(key, key, hash_of(key), "ko", {"email": key}, line) for line, key in enumerate(addresses, 2)
    ]
    head = letterhead(SLUG, "letter.news.example.org")
    return book.plan(head, {"ko": edition(SLUG)}, rows, datetime.now(UTC)).dispatch


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two deferred, one failed, one in doubt, one sent, one planned."""
    here, now = make_workspace(tmp_path / "here"), datetime.now(UTC)
    with book_of(here) as book:
        dispatch = plan(book, ADDRESSES)
        with book.lease(now) as lease:
            claims = book.claim(dispatch, lease, 5, now)
            book.turn([], claims, now)
            later = [
                Outcome(claim, State.DEFERRED, GREY, "greylist", due_at=now + timedelta(hours=1), rule="greylisted")
                for claim in claims[:2]
            ]
            gone = Outcome(
                claims[2], State.FAILED, Reply("rcpt", 550, "5.1.1", "nobody"), "bad_address", rule="rfc-5.1.1"
            )
            book.turn([*later, gone, Outcome(claims[3], State.IN_DOUBT), sent(claims[4])], [], now)
    return here


def addresses(out: str) -> list[str]:
    return [line.split("\t")[0] for line in out.splitlines()]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("failed",), ADDRESSES[2:3]),
        (("deferred",), ADDRESSES[:2]),
        (("in-doubt",), ADDRESSES[3:4]),
        (("in_doubt",), ADDRESSES[3:4]),
        (("IN DOUBT",), ADDRESSES[3:4]),
        (("failed, in-doubt",), ADDRESSES[2:4]),
        (("cancelled",), []),
        (("all",), ADDRESSES),
        (("all", "--limit", "2"), ADDRESSES[:2]),
        (("all", "--domain", "naver.com"), ADDRESSES[:2]),
        (("all", "--domain", "@Naver.COM"), ADDRESSES[:2]),
        (("all", "--domain", "서울이슈큐레이터.com"), ADDRESSES[5:]),
        (("all", "--domain", "_aver.com"), None),
        (("all", "--class", "greylist"), ADDRESSES[:2]),
        (("all", "--class", "greylisted"), ADDRESSES[:2]),
        (("all", "--class", "bad-address"), ADDRESSES[2:3]),
        (("all", "--class", "quota"), []),
        (("deferred", "--class", "greylist", "--domain", "mail.naver.com"), ADDRESSES[1:2]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_who_is_asked_for_stands_on_a_line_each(
    call: Call, folder: Path, words: tuple[str, ...], found: list[str] | None
) -> None:
    ended = call("status", SLUG, "--who", *words, cwd=folder)
    if found is None:
        assert ended.code == 64
        return
    assert (ended.code, addresses(ended.out)) == (0, found)
    machine = call("--quiet", "status", SLUG, "--json", "--who", *words, cwd=folder)
    assert [json.loads(line)["address"] for line in machine.out.splitlines()] == found
    assert machine.err == ""


def test_counts_come_first_and_apart_from_the_data(call: Call, folder: Path) -> None:
    ended = call("status", SLUG, "--who", "failed,cancelled", cwd=folder)
    assert ended.err == "2026-11: 1 failed, 0 cancelled, of 6\n"


def test_a_line_has_six_cells_whatever_a_relay_says(call: Call, folder: Path) -> None:
    [line, _] = call("status", SLUG, "--who", "deferred", cwd=folder).out.splitlines()
    address, state, since, attempts, reply_class, words = line.split("\t")
    assert (address, state, attempts, reply_class) == (ADDRESSES[0], "deferred", "1", "greylist")
    assert datetime.fromisoformat(since).utcoffset() == timedelta(hours=9)
    assert words == "451 4.7.1 greylisted ]0;x"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--who", "fialed"), "planned, claimed, in-flight, sent, deferred, failed, in-doubt"),
        (("--who", ""), "Known are planned"),
        (("--who", "failed", "--class", "gerylist"), "greylist"),
        (("--who", "failed", "--domain", "naver"), "`naver` is no domain"),
        (("--domain", "naver.com"), "--who"),
        (("--class", "greylist"), "--who"),
        (("--limit", "3"), "--who"),
        (("--who", "failed", "--watch"), "--watch or --who"),
        (("--who", "failed", "--limit", "0"), "limit"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_words_that_make_no_sense_are_refused(call: Call, folder: Path, words: tuple[str, ...], said: str) -> None:
    ended = call("status", SLUG, *words, cwd=folder)
    assert (ended.code, ended.out) == (64, "")
    assert said in ended.err


def test_nobody_is_in_a_state_of_an_issue_without_a_plan(call: Call, tmp_path: Path) -> None:
    here = make_workspace(tmp_path / "here")
    assert call("status", SLUG, "--who", "all", cwd=here).out == ""
    assert call("status", "nope", "--who", "all", cwd=here).code == 64


class Moves:
    """Plays what a run does between two looks: `wait` is its turn."""

    def __init__(self, folder: Path, steps: int) -> None:
        self.book = book_of(folder)
        self.dispatch = plan(self.book, [f"reader{number}@example.com" for number in range(4)])
        self.lease = self.book.lease(datetime.now(UTC))
        self.book.begin_work(self.dispatch, self.lease)
        self.steps = steps
        self.waited: list[float] = []
        self.now = 0.0

    def wait(self, seconds: float) -> None:
        now = datetime.now(UTC)
        self.waited.append(seconds)
        self.now += 3.0
        if len(self.waited) > self.steps:
            raise AssertionError("looked on though nothing moves any more")
        if len(self.waited) % 2:  # every other look finds nothing new
            [claim] = self.book.claim(self.dispatch, self.lease, 1, now)
            self.book.turn([], [claim], now)
            self.book.turn([sent(claim)], [], now)

    def close(self) -> None:
        self.lease.close()
        self.book.close()


@pytest.fixture
def moves(tmp_path: Path) -> Iterator[Moves]:
    playing = Moves(make_workspace(tmp_path / "here"), steps=7)
    yield playing
    playing.close()


def test_watching_ends_when_nothing_is_left(moves: Moves, tmp_path: Path) -> None:
    workspace = find_workspace(tmp_path / "here", explicit=tmp_path / "here", environ={})
    reports = list(watch(workspace, SLUG, wait=moves.wait, clock=lambda: moves.now))
    assert [report.counts[State.SENT] for report in reports] == [0, 1, 1, 2, 2, 3, 3, 4]
    assert reports[-1].standing == "finished"
    assert min(moves.waited) >= 1.0
    assert [report.headway.measured for report in reports[:3]] == [None, None, pytest.approx(1 / 6)]


def test_a_change_is_a_line_and_no_change_is_none(
    moves: Moves, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = find_workspace(tmp_path / "here", explicit=tmp_path / "here", environ={})
    live_status.show_json(Session(), watch(workspace, SLUG, in_short=False, wait=moves.wait))
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["states"]["sent"] for one in told] == [0, 1, 2, 3, 4]
    assert told[-1]["standing"] == "finished"


def test_lines_for_people_say_how_far_it_is(moves: Moves, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = find_workspace(tmp_path / "here", explicit=tmp_path / "here", environ={})
    live_status.show_lines(Session(lang_option="en"), watch(workspace, SLUG, wait=moves.wait))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert "2026-11: not finished; 1 of 4 done (25%)" in lines[1]
    assert lines[-1].endswith("2026-11: finished; 4 of 4 done (100%); 4 sent")


@pytest.mark.parametrize("how", ["pause", "cancel"])
def test_watching_ends_with_a_pause_or_a_cancellation(call: Call, folder: Path, how: str) -> None:
    assert call(how, SLUG, *(["--yes"] if how == "cancel" else []), cwd=folder).code == 0
    ended = call("status", SLUG, "--watch", cwd=folder)
    assert ended.code == 0
    assert ended.out.count("\n") == 1
    assert how in ended.out


def test_an_issue_that_was_never_planned_is_not_watched(call: Call, tmp_path: Path) -> None:
    ended = call("status", SLUG, "--watch", cwd=make_workspace(tmp_path / "here"))
    assert (ended.code, ended.out) == (0, "2026-11: never planned\n")


def test_ctrl_c_ends_it_without_a_trace(folder: Path) -> None:
    with started("status", SLUG, "--watch", "--json", cwd=folder) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["total"] == 6
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err


def test_on_a_terminal_it_is_shown_in_place_and_at_the_end_as_a_whole(folder: Path) -> None:
    with at_terminal("status", SLUG, "--watch", cwd=folder) as terminal:
        terminal.read_until("No process is at it")
        with book_of(folder) as book:
            book.cancel(1, datetime.now(UTC))
        seen = terminal.read_to_end()
        assert terminal.process.wait() == 0
    assert "2026-11: cancelled" in seen
    assert "in doubt:\n  lee@example.com" in seen
    assert seen.rfind("\x1b[?25h") > seen.rfind("\x1b[?25l")  # the cursor is there again
