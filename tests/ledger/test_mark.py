"""The mark beside the book: an older copy put in its place is refused, and what is no older copy goes on."""

import shutil
import threading
from pathlib import Path

import pytest

from newsletter.errors import CannotWriteError
from newsletter.ledger.database import Database
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.mark import Book, Mark, distrust
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import LedgerBehindError, Purpose
from newsletter.ledger.states import Claim
from newsletter.settings.workspace import Workspace
from tests.support.backups import Backup, Way
from tests.support.books import NOW, planned, sent, tally, workspace_at

SENDERS = (Purpose.SENDING, Purpose.BEGINNING, Purpose.DUE)
MARK = Mark(ledger="a", lease=7, begun=40, open=(), place="inode 1")


def begin(book: Ledger, dispatch: int, count: int, *, killed: bool = False, settled: bool = True) -> list[Claim]:
    """A run that begins so many messages; killed, its lease never ends and nobody beats for it any more."""
    lease = book.lease(NOW)
    claims = book.claim(dispatch, lease, count, NOW)
    book.turn([], claims, NOW)
    if settled:
        book.turn([sent(claim) for claim in claims], [], NOW)
    if killed:
        lease._lock.abandon()  # all that the system does for a process that was killed
    else:
        lease.close()
    return claims


def as_it_is(workspace: Workspace) -> None:
    for purpose in SENDERS:
        open_ledger(workspace, purpose).close()


def refused(workspace: Workspace, words: str) -> None:
    """Whoever would send is told, also the second time; who only looks is not kept from it."""
    for purpose in (*SENDERS, *SENDERS):
        with pytest.raises(LedgerBehindError, match=words) as caught:
            open_ledger(workspace, purpose)
        assert caught.value.exit_code == 77
        assert "newsletter ledger adopt" in str(caught.value)
    with open_ledger(workspace, Purpose.READ) as book:
        told = next(book.verify())
        assert (told.broken, words in " ".join(map(str, told.named))) == (1, True)


@pytest.fixture(params=[Way.REPLACED, Way.OVERWRITTEN], ids=lambda way: way.name)
def way(request: pytest.FixtureRequest) -> Way:
    found: Way = request.param
    return found


def test_a_copy_from_before_the_last_run_is_refused(workspace: Workspace, way: Way) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch = planned(book, 5)
        begin(book, dispatch, 2)
    backup = Backup(workspace.settings.ledger.url, workspace.root)
    as_it_is(workspace)
    with open_ledger(workspace, Purpose.SENDING) as book:
        begin(book, dispatch, 3)
    as_it_is(workspace)
    backup.restore(way)
    refused(workspace, "3 messages were begun since then")


def test_a_copy_from_the_middle_of_a_run_that_was_killed_before_its_next_heartbeat_is_refused(
    workspace: Workspace, way: Way
) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch = planned(book, 5)
        lease = book.lease(NOW)
        first, second, third = book.claim(dispatch, lease, 3, NOW)
        book.turn([], [first], NOW)
        backup = Backup(workspace.settings.ledger.url, workspace.root)
        book.turn([sent(first)], [second], NOW)
        book.turn([], [third], NOW)
        lease._lock.abandon()
    backup.restore(way)
    refused(workspace, "2 messages were begun since then")
    # Looking, and deciding, takes back what the dead process held; that is no reason to forget it.
    with open_ledger(workspace, Purpose.READ) as book:
        book.resolve(dispatch, True, NOW)
    refused(workspace, "2 messages were begun since then")


def test_what_was_killed_and_is_as_it_was_goes_on(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch = planned(book, 5)
        begin(book, dispatch, 3, killed=True, settled=False)
    as_it_is(workspace)
    with open_ledger(workspace, Purpose.DUE) as book, book.lease(NOW) as lease:
        assert len(book.claim(dispatch, lease, 5, NOW)) == 2
        assert tally(book, dispatch) == {"claimed": 2, "in_doubt": 3}
        assert len(list((workspace.state / "leases").glob("*.lock"))) == 1


def test_a_copy_of_a_run_that_never_ended_is_refused_though_it_lacks_nothing_that_was_noted(tmp_path: Path) -> None:
    """After a power cut the note of the last seconds may be gone; that the file is another one is not."""
    workspace = workspace_at(tmp_path)
    with open_ledger(workspace, Purpose.SENDING) as book:
        begin(book, planned(book, 5), 2, killed=True)
    backup = Backup(workspace.settings.ledger.url, tmp_path)
    backup.restore(Way.OVERWRITTEN)
    as_it_is(workspace)
    backup.restore(Way.REPLACED)
    refused(workspace, "is not where it was")


def test_another_server_is_told_as_another_file_is(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch = planned(book, 5)
        assert book._database.place().startswith("inode" if book._database.is_sqlite else "server")
        begin(book, dispatch, 2)
        place = book._database.place()
        monkeypatch.setattr(Database, "place", lambda _database: "server 7, timeline 00000002")
        begin(book, dispatch, 1, killed=True)  # all had ended: it moved in peace
        monkeypatch.setattr(Database, "place", lambda _database: place)
    refused(workspace, "is not where it was")


def test_a_workspace_that_is_moved_in_peace_goes_on(tmp_path: Path) -> None:
    here = workspace_at(tmp_path / "here")
    with open_ledger(here, Purpose.SENDING) as book:
        dispatch = planned(book, 5)
        begin(book, dispatch, 2)
    shutil.copytree(here.root, tmp_path / "there")
    there = workspace_at(tmp_path / "there")
    as_it_is(there)
    with open_ledger(there, Purpose.SENDING) as book:
        begin(book, dispatch, 3)
        assert tally(book, dispatch) == {"sent": 5}


def test_a_machine_that_was_not_there_when_others_sent_goes_on(tmp_path: Path, workspace: Workspace) -> None:
    """Two machines, one ledger: each has a mark of its own, and the book is never behind the one that slept."""
    one, other = workspace, workspace_at(tmp_path / "other", workspace.settings.ledger.url)
    if "sqlite" in workspace.settings.ledger.url:
        other = workspace_at(tmp_path / "other", f"sqlite:///{workspace.state / 'ledger.db'}")
    with open_ledger(one, Purpose.SENDING) as book, open_ledger(other, Purpose.SENDING) as there:
        dispatch = planned(book, 6)
        for ledger in (book, there, there, book):
            begin(ledger, dispatch, 1)
    for each in (one, other):
        as_it_is(each)


def test_a_book_that_is_put_back_under_a_process_stops_it_before_its_next_dot(book: Ledger) -> None:
    dispatch = planned(book, 5)
    lease = book.lease(NOW)
    claims = book.claim(dispatch, lease, 4, NOW)
    book.turn([], claims[:3], NOW)
    with book._database.write() as connection:
        connection.exec_driver_sql("UPDATE leases SET begun = 2")
    with pytest.raises(CannotWriteError, match="was put back"):
        book.turn([sent(claims[0])], claims[3:], NOW)
    with pytest.raises(CannotWriteError, match="was put back"):
        lease.heartbeat()
    assert tally(book, dispatch) == {"claimed": 1, "in_flight": 3, "planned": 1}
    with book._database.write() as connection:
        connection.exec_driver_sql("UPDATE leases SET begun = 3")
    lease.close()


def test_where_no_mark_can_be_kept_nothing_is_claimed(workspace: Workspace, book: Ledger) -> None:
    dispatch = planned(book, 2)
    (workspace.state / "ledger.mark.json").unlink()
    (workspace.state / "ledger.mark.json").mkdir()
    with pytest.raises(CannotWriteError, match=r"ledger\.mark\.json") as caught:
        book.lease(NOW)
    assert caught.value.exit_code == 73
    assert tally(book, dispatch) == {"planned": 2}
    with book._database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM leases WHERE ended_at IS NULL").scalar() == 0


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"ledger": "a"', "null", '{"ledger":"a","lease":"x"}', "\udcff"])
def test_a_mark_that_says_nothing_is_told(workspace: Workspace, text: str) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        begin(book, planned(book, 2), 1)
    (workspace.state / "ledger.mark.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    refused(workspace, "says nothing that can be read")


def test_of_several_processes_none_lowers_the_mark(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch = planned(book, 40)
    marks: list[int] = []
    done = threading.Event()

    def work() -> None:
        with open_ledger(workspace, Purpose.SENDING) as mine:
            for _ in range(4):
                begin(mine, dispatch, 2)

    def look() -> None:
        path = workspace.state / "ledger.mark.json"
        while not done.is_set():
            marks.append(Mark.from_json(path.read_text()).begun)

    watcher, workers = threading.Thread(target=look), [threading.Thread(target=work) for _ in range(4)]
    for thread in (watcher, *workers):
        thread.start()
    for thread in workers:
        thread.join()
    done.set()
    watcher.join()
    assert marks == sorted(marks)
    with open_ledger(workspace, Purpose.READ) as book:
        began = 40 - book.counts(dispatch)["planned"]  # type: ignore[index]
    assert Mark.from_json((workspace.state / "ledger.mark.json").read_text()).begun == began


def book_of(former: tuple[str, ...] = (), begun: dict[int, int] | None = None, **changes: object) -> Book:
    values = {"ledger": "a", "lease": 7, "begun": 40, "open": (), "place": "inode 1", **changes}
    return Book(Mark(**values), former, begun or {})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "noted", "book", "code"),
    [
        (None, {}, book_of(), None),
        (MARK, {}, book_of(), None),
        (MARK, {}, book_of(begun=None, lease=8), None),
        (MARK, {7: 5}, book_of(begun={7: 6}), None),
        (MARK, {7: 7}, book_of(begun={7: 6}), "is_behind"),
        (None, {7: 7}, book_of(begun={7: 6}), "is_behind"),
        (MARK, {8: 1}, book_of(), "is_behind"),
        (MARK, {8: 0}, book_of(), None),
        (MARK, {}, Book(Mark("a", 7, 39, (), "inode 1"), (), {}), "is_behind"),
        (MARK, {}, book_of(lease=6), "lacks_run"),
        (MARK, {}, book_of(place="inode 2"), None),
        (MARK, {}, book_of(place="inode 2", open=(7,)), None),
        (Mark("a", 7, 40, (7,), "inode 1"), {}, book_of(place="inode 2"), None),
        (Mark("a", 7, 40, (7,), "inode 1"), {}, book_of(place="inode 2", open=(6, 7)), "was_moved"),
        (Mark("a", 7, 40, (7,), "inode 1"), {}, book_of(open=(7,)), None),
        (Mark("a", 7, 40, (7,), "inode 1"), {}, book_of(place="", open=(7,)), None),
        (Mark("b", 1, 1, (), ""), {}, book_of(), "is_another"),
        (Mark("b", 99, 99, (98,), ""), {}, book_of(former=("c", "b")), None),
    ],
)
def test_what_is_compared(before: Mark | None, noted: dict[int, int], book: Book, code: str | None) -> None:
    found = distrust(before, noted, book, "here")
    assert (found and found.said.code.rpartition(".")[2]) == code


def test_the_file_says_what_it_says(workspace: Workspace) -> None:
    assert Mark.from_json(MARK.to_json()) == MARK
    with open_ledger(workspace, Purpose.SENDING) as book:
        begin(book, planned(book, 3), 2)
        kept = Mark.from_json((workspace.state / "ledger.mark.json").read_text())
        assert (kept.begun, kept.open, len(kept.ledger), kept.place) == (2, (), 32, book._database.place())
