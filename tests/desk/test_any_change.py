"""Whatever is changed in an issue, its data are what was meant, and its text elsewhere is as it was, byte for byte.

`pytest tests/desk/test_any_change.py --edits 10000` tries ten thousand changes.
"""

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from newsletter.desk.change import CopyItem, InsertItem, IssueChange, MoveItem, RemoveItem, RemoveKey, SetValue
from newsletter.desk.edit import edited_text
from newsletter.issue.tree import Data
from tests.support.issue_edits import at, changes, data_of, issues, meant, node_at, shared

ISSUES = issues()
DATA = {name: data_of(text) for name, text in ISSUES.items()}
STORED = {
    "LF": lambda text: text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "BOM": lambda text: "\ufeff" + text,
    "no last line end": lambda text: text.removesuffix("\n"),
}


def test_any_change_leaves_the_rest_as_it_was(request: pytest.FixtureRequest) -> None:
    @settings(max_examples=request.config.getoption("--edits"), suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(ISSUES)))
        way = data.draw(st.sampled_from(["LF", "LF", *STORED]))
        change = data.draw(changes(DATA[name]))
        event(type(change).__name__)
        before = STORED[way](ISSUES[name])
        after = edited_text(before, change)
        wanted = meant(DATA[name], change)
        assert data_of(after) == wanted
        assert_line_ends_stay(before, after)
        if wanted == DATA[name]:
            assert after == before
        else:
            assert_rest_stays(ISSUES[name], after.removeprefix("\ufeff").replace("\r\n", "\n"), DATA[name], change)

    holds()


def assert_line_ends_stay(before: str, after: str) -> None:
    assert after.startswith("\ufeff") == before.startswith("\ufeff")
    assert ("\r" in after) == ("\r" in before)
    if "\r" in before:
        assert after.count("\r\n") == after.count("\n") == after.count("\r")


def assert_rest_stays(before: str, after: str, data: Data, change: IssueChange) -> None:
    """In LF: what is removed or put in is one run of text, and the run is where it should be."""
    after = after if after.endswith("\n") else after + "\n"
    start, end = shared(before, after)
    gone = before[start : len(before) - end]
    if isinstance(change, MoveItem):
        assert sorted("".join(before.split())) == sorted("".join(after.split()))
        _assert_within(before, start, end, change.path)
    elif isinstance(change, SetValue) and isinstance(change.path[-1], str) and _is_new(data, change):
        assert gone.strip() in {"", "{}"}
    elif isinstance(change, SetValue):
        _assert_within(before, start, end, change.path)
    elif isinstance(change, InsertItem | CopyItem):
        assert not gone.strip()
    else:
        assert isinstance(change, RemoveKey | RemoveItem)
        path = change.path if isinstance(change, RemoveKey) else (*change.path, change.index)
        around = at(data, path[:-1])
        assert len(around) == 1 or not after[start : len(after) - end].strip()
        comments = [line for line in gone.split("\n") if line.lstrip().startswith("#")]
        assert len(comments) <= 12
        _assert_within(before, start, end, path[:-1])


def _is_new(data: Data, change: SetValue) -> bool:
    return change.path[-1] not in at(data, change.path[:-1])


def _assert_within(before: str, start: int, end: int, path: tuple[int | str, ...]) -> None:
    """Nothing before the value's first character, nor behind its last line, is any different."""
    node = node_at(before, path)
    lines = before.split("\n")
    offset = sum(len(line) + 1 for line in lines[: node.line - 1]) + node.column - 1
    start = before.rfind("\n", 0, start) + 1 if "#" in before[before.rfind("\n", 0, start) + 1 : start] else start
    # The space between a key and its value is the value's, and comments that lead a list's first item are the item's.
    assert not [line for line in before[start:offset].split("\n") if line.split("#")[0].strip(" -")]
    if isinstance(node.content, str):
        last = max(node.line, node.end_line - (node.end_column == 1))
        behind = sum(len(line) + 1 for line in lines[:last])
        assert not before[behind : len(before) - end].strip()
