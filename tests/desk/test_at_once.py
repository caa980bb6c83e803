"""Two windows, each a process, and an editor work on one issue at once, and nothing is lost.

`pytest tests/desk/test_at_once.py --edits 7000 --timeout 0` makes a thousand edits instead of forty-five.
"""

import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsletter.desk.change import InsertItem, RemoveItem, SetValue
from newsletter.desk.merging.merging import changed_text
from newsletter.desk.saving import stored_issue
from newsletter.desk.saving.exchange import exchange
from tests.support.desk_store import Desk, make_desk
from tests.support.desk_window import headings, headings_in


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path / "workspace")


def edit(desk: Desk, done: threading.Event, count: int) -> Iterator[str]:
    """As an editor that looks, before it saves, whether the file is another one since it was read."""
    chance = random.Random(count)
    beside = desk.issue.with_name("beside")
    for number in range(count):
        while True:
            read = desk.text
            heading = f"e-{number}"
            new = InsertItem(("sections",), chance.randrange(2), {"type": "notice", "heading": heading, "body": "e"})
            there = [index for index, name in enumerate(headings_in(read)) if name.startswith("e-")]
            old = [RemoveItem(("sections",), there[-1])] if len(there) > 6 else []
            beside.write_text(changed_text(read, [*old, new]), encoding="utf-8")
            assert exchange(beside, desk.issue)
            if beside.read_text(encoding="utf-8") == read:
                yield f"put in {heading}"
                yield from (f"took out {headings_in(read)[one.index]}" for one in old)
                break
            exchange(beside, desk.issue)
        if done.wait(chance.random() / 4):
            return


@pytest.mark.skipif(sys.platform != "linux", reason="the editor of this test exchanges files")
def test_two_windows_and_an_editor_lose_nothing(desk: Desk, request: pytest.FixtureRequest) -> None:
    count = max(request.config.getoption("--edits") // 20, 5)
    told: list[str] = []
    done = threading.Event()
    editor = threading.Thread(target=lambda: told.extend(edit(desk, done, count)))
    editor.start()
    windows = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.support.desk_window", str(desk.root), name, str(count)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in "ab"
    ]
    for window in windows:
        out, _ = window.communicate()
        assert window.returncode == 0
        told += out.splitlines()
    done.set()
    editor.join()
    put_in = {line.removeprefix("put in ") for line in told if line.startswith("put in ")}
    taken_out = {line.removeprefix("took out ") for line in told if line.startswith("took out ")}
    assert {"a", "b", "e"} == {name[0] for name in put_in}
    assert sorted(name for name in headings(desk.open()) if name and name != "하나") == sorted(put_in - taken_out)


def test_what_an_editor_saves_in_the_last_moment_is_merged(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    last_moments: Iterator[Callable[[], None]] = iter([lambda: desk.saved_elsewhere("끝", "마침")])

    def at_the_last_moment(one: Path, other: Path) -> bool:
        next(last_moments, lambda: None)()
        return exchange(one, other)

    seen = desk.open()
    monkeypatch.setattr(stored_issue, "exchange", at_the_last_moment)
    assert desk.change(seen, SetValue(("title",), "새 제목")).merged
    assert "closing: 마침" in desk.text
    assert "title: 새 제목" in desk.text
    assert list(desk.issue.parent.iterdir()) == [desk.issue]


def test_where_files_cannot_be_exchanged_they_are_replaced(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_issue, "exchange", lambda *_: False)
    desk.change(desk.open(), SetValue(("title",), "새 제목"))
    assert "title: 새 제목" in desk.text
    assert list(desk.issue.parent.iterdir()) == [desk.issue]


def test_a_file_that_goes_away_in_the_last_moment_is_not_made_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(one: Path, other: Path) -> bool:
        other.unlink()
        return exchange(one, other)

    monkeypatch.setattr(stored_issue, "exchange", gone)
    with pytest.raises(Exception, match="does not exist"):
        desk.change(desk.open(), SetValue(("title",), "새 제목"))
    assert list(desk.issue.parent.iterdir()) == []


SAVING = """
import sys
from pathlib import Path
from newsletter.desk.change import SetValue
from tests.support.desk_store import Desk
desk = Desk(Path(sys.argv[1]))
opened = desk.open("w")
for number in range(int(sys.argv[2]), 1_000_000):
    opened = desk.change(opened, SetValue(("title",), str(number)), window="w", group=str(number // 3))
    print(number, flush=True)
"""


def test_a_kill_at_any_moment_costs_the_last_save_at_most(desk: Desk, request: pytest.FixtureRequest) -> None:
    chance = random.Random(7)
    last = 0
    for _ in range(max(request.config.getoption("--edits") // 150, 2)):
        with subprocess.Popen(
            [sys.executable, "-c", SAVING, str(desk.root), str(last + 1)], stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout
            saved = [child.stdout.readline()]
            killer = threading.Timer(chance.random() / 5, child.kill)
            killer.start()
            saved += child.stdout.readlines()
        opened = desk.open("w")
        assert isinstance(opened.data, dict)
        last = int(str(opened.data["title"]))
        assert last - int(saved[-1] if saved[-1].endswith("\n") else saved[-2]) in (0, 1)
        assert opened.can_undo
        undone = desk.store.undo(desk.issue, opened.version, "w").data
        assert isinstance(undone, dict)
        assert undone["title"] != opened.data["title"]
        desk.store.redo(desk.issue, opened.version, "w")
        assert f'title: "{last}" ' in desk.text
