"""Whatever is changed in an issue, its data are what was meant, and its text elsewhere is as it was, byte for byte.

`pytest tests/desk/test_any_change.py --edits 10000 --timeout 0` tries ten thousand changes.
"""

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.desk.change import CopyItem, IssueChange, MoveItem, RemoveItem, RemoveKey, SetValue
from newsletter.desk.text.edit import edited_text
from newsletter.issue.tree import Data, DataPath
from tests.support.issue_edits import at, changes, data_of, issues, meant, node_at, shared

ISSUES = issues()
DATA = {name: data_of(text) for name, text in ISSUES.items()}
STORED = {
    "LF": lambda text: text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "BOM": lambda text: "\ufeff" + text,
    "no last line end": lambda text: text.removesuffix("\n"),
    "both line ends": lambda text: "\n\n".join(part.replace("\n", "\r\n") for part in text.split("\n\n")),
}


def test_any_change_leaves_the_rest_as_it_was(request: pytest.FixtureRequest) -> None:
    @settings(max_examples=request.config.getoption("--edits"), suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(ISSUES)))
        way = data.draw(st.sampled_from(["LF", "LF", *STORED]))
        change = data.draw(changes(DATA[name]))
        assert_change_holds(ISSUES[name], DATA[name], STORED[way], change)

    holds()


def assert_change_holds(text: str, data: Data, store: Callable[[str], str], change: IssueChange) -> None:
    before = store(text)
    after = edited_text(before, change)
    wanted = meant(data, change)
    assert data_of(after) == wanted
    if isinstance(change, SetValue):
        assert edited_text(after, change) == after
    if wanted == data:
        assert after == before
        return
    start, end = shared(text, in_lf(after))
    if isinstance(change, CopyItem | RemoveItem | RemoveKey):
        # What is copied or gone may begin as what stands behind it, with other line ends: one run as stored, then.
        raw_start, raw_end = shared(before, after)
        parts = before[raw_start : len(before) - raw_end].strip(), after[raw_start : len(after) - raw_end].strip()
        assert {"", "[]", "{}"} & set(parts)
    else:
        assert_stored_as_before(before, after, text[:start].count("\n"), text[len(text) - end :].count("\n"))
    assert_bom_and_returns(before, after)
    if isinstance(change, MoveItem):
        assert sorted("".join(text.split())) == sorted("".join(in_lf(after).split()))
        assert_within(text, start, end, change.path)
    elif isinstance(change, RemoveKey):
        assert_one_run_is_gone(text, in_lf(after), change.path)
    elif isinstance(change, RemoveItem):
        assert_one_run_is_gone(text, in_lf(after), (*change.path, change.index))
    elif isinstance(change, SetValue) and opens_braces(text, change):
        assert_within(text, start, end, change.path[:-1])
    elif isinstance(change, SetValue) and change.path[-1] in keys_or_indices(at(data, change.path[:-1])):
        assert_within(text, start, end, change.path)
        assert_written_as_before(text, in_lf(after), change)
    else:
        gone = text[start : len(text) - end]
        put_in = at(data, change.path)[change.index] if isinstance(change, CopyItem) else change.value
        assert gone in {"", "{}"} or (not gone.strip() and ends_in_empty_line(put_in))


def ends_in_empty_line(value: Data) -> bool:
    """Whether a text in it takes the empty lines that stand behind it, so that these have to go."""
    inside = list(value.values()) if isinstance(value, dict) else value
    return inside.endswith("\n\n") if isinstance(inside, str) else any(ends_in_empty_line(one) for one in inside)


def opens_braces(before: str, change: SetValue) -> bool:
    """Whether a text of several lines comes into a mapping in braces, which then is written on lines of its own."""
    node = node_at(before, change.path[:-1])
    is_in_braces = before[offset(before, node.line, node.column) :].startswith("{")
    return is_in_braces and bool(node.content) and isinstance(change.value, str) and "\n" in change.value


def in_lf(text: str) -> str:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    return text if text.endswith("\n") else text + "\n"


def keys_or_indices(around: Data) -> set[str | int]:
    return set(around) if isinstance(around, dict) else set(range(len(around)))


def assert_stored_as_before(before: str, after: str, first: int, last: int) -> None:
    """So many lines at the beginning and at the end are as they were, with what ends them."""
    if not before.endswith("\n"):
        before, after = before + "\n", after + "\n"
    lines, now = before.split("\n"), after.split("\n")
    assert now[:first] == lines[:first]
    assert last == 0 or now[-last:] == lines[-last:]


def assert_bom_and_returns(before: str, after: str) -> None:
    assert after.startswith("\ufeff") == before.startswith("\ufeff")
    if before.count("\r\n") == before.count("\n"):
        assert after.count("\r\n") == after.count("\n") == after.count("\r")
    if "\r" not in before:
        assert "\r" not in after


def assert_within(before: str, start: int, end: int, path: DataPath) -> None:
    """Nothing before a value's first character, nor behind a text's last line, is any different."""
    node = node_at(before, path)
    begin = offset(before, node.line, node.column)
    # Comments that lead a list's first item are the item's, and the space between a key and its value is the value's.
    line_start = before.rfind("\n", 0, start) + 1
    start = line_start if "#" in before[line_start:start] else start
    assert not [line for line in before[start:begin].split("\n") if line.split("#")[0].strip(" -")]
    if isinstance(node.content, str):
        last = max(node.line, node.end_line - (node.end_column == 1))
        assert not before[offset(before, last + 1, 1) : len(before) - end].strip()


def assert_one_run_is_gone(before: str, after: str, path: DataPath) -> None:
    """A key or item with its own lines, the comments directly above it, those deeper behind it, and one gap."""
    around = node_at(before, path[:-1])
    start, end = shared(before, after)
    gone, instead = before[start : len(before) - end], after[start : len(after) - end]
    assert instead.strip() in {"", "[]", "{}"}
    assert not instead.strip() or len(around.content) == 1
    node = node_at(before, path)
    heads = [index for index, line in enumerate(before[:start].split("\n")) if line.strip()]
    assert heads or start == 0
    comments = [line for line in gone.split("\n")[1:-1] if line.lstrip().startswith("#")]
    kept = [line for line in after.split("\n") if line.lstrip().startswith("#")]
    for comment in comments:
        number = before.split("\n").index(comment) + 1
        if number < node.line:
            above = before.split("\n")[number - 1 : node.line - 1]
            assert all(line.strip() for line in above), "a comment above an empty line is gone"
        else:
            indent = len(comment) - len(comment.lstrip())
            assert indent >= around.column or comment in kept or number <= node.end_line


def assert_written_as_before(before: str, after: str, change: SetValue) -> None:
    """In the same quotes, and under `|` where it stood under `|`."""
    node = node_at(before, change.path)
    sign = before[offset(before, node.line, node.column) :][:1]
    if not isinstance(change.value, str) or not node.content or ends_in_empty_line(change.value):
        return
    now = node_at(after, change.path)
    sign_now = after[offset(after, now.line, now.column) :][:1]
    if "\n" not in before[offset(before, node.line, 1) : offset(before, node.end_line, node.end_column)]:
        lines = change.value.removesuffix("\n").split("\n") if sign_now == "|" else []
        assert after.split("\n").count("") - before.split("\n").count("") == lines.count("")
    is_ordinary = not re.search(r"[^\n\x20-\x7e\xa1-\u200a가-힣]", change.value)
    if is_ordinary and sign in {"'", '"'} and "\n" not in change.value:
        assert sign_now == sign
    if is_ordinary and sign == "|" and change.value.strip():
        assert sign_now == "|"


def offset(text: str, line: int, column: int) -> int:
    return sum(len(one) + 1 for one in text.split("\n")[: line - 1]) + column - 1
