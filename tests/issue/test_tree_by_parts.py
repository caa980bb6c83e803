"""A tree that was put together from parts is the one that the parser makes of the whole text, place by place."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.issue import tree_by_parts
from newsletter.issue.tree import TreeError, parse_text_of_tree
from newsletter.issue.tree_by_parts import read_by_parts
from tests.support.issue_edits import NASTY, issues

ISSUES = issues()
PIECES = [
    *NASTY,
    *"\n\n\n  -:#'\"|>{}[],\t&*!%?",
    "\n- ",
    "\n  - ",
    "\n    ",
    "\n  ",
    "sections:\n",
    "\nx: y\n",
    "\n# c\n",
    "- type: x\n",
    "? ",
    "---\n",
    "...\n",
]


def whole(text: str) -> object:
    """The tree; None for what is broken or has a flaw."""
    try:
        parsed = parse_text_of_tree(text, 1)
    except TreeError:
        return None
    return None if parsed.flaws else parsed.root


@pytest.mark.parametrize("name", sorted(ISSUES))
def test_every_issue_is_read_by_parts(name: str) -> None:
    assert read_by_parts(ISSUES[name]) == whole(ISSUES[name])
    assert read_by_parts(ISSUES[name]) is not None


@st.composite
def torn(draw: st.DrawFn) -> str:
    """An issue with something taken out and put in here and there."""
    text = draw(st.sampled_from(sorted(ISSUES.values(), key=len)[:6]))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        text = text[:start] + draw(st.sampled_from(PIECES)) + text[start + draw(st.integers(0, 30)) :]
    return text


def test_what_is_torn_is_read_as_the_parser_reads_it(request: pytest.FixtureRequest) -> None:
    @settings(max_examples=request.config.getoption("--edits") // 3, suppress_health_check=list(HealthCheck))
    @given(torn())
    def holds(text: str) -> None:
        assert read_by_parts(text) in (None, whole(text))

    holds()


LINES = (
    "a: 1", "a: |", "b: >+", "  x", "", "# c", "  # c", "sections:", "- a: 1", "  b: 2", "  - c", "-", "  -",
    "    d: e", "- 'x", "  y'", "a: {", "}", "  [", 'b: "c', 'd"', "a:", "  - |", "c: - d", "- - e", "  ", "? f", ": g",
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=9), st.booleans())
def test_lines_in_any_order_are_read_as_the_parser_reads_them(lines: list[str], ends: bool) -> None:
    text = "\n".join(lines) + "\n" * ends
    assert read_by_parts(text) in (None, whole(text))


def test_after_a_change_only_one_part_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def counted(text: str, depth: int) -> object:
        parsed.append(text)
        return parse_text_of_tree(text, depth)

    text = f"title: {random.random()}\nsections:\n- type: story\n  body: one\n- type: notice\n  body: two\nclosing: x\n"
    read_by_parts(text)
    monkeypatch.setattr(tree_by_parts, "parse_text_of_tree", counted)
    assert read_by_parts(text.replace("two", "three\n\n    four")) is not None
    assert parsed == ["- type: notice\n  body: three\n\n    four\n"]


@pytest.mark.parametrize("line", ["...", "---", "%YAML 1.2", "? x", "}", "\ty", "- z"])
def test_a_line_that_begins_no_key_leaves_the_whole_to_the_parser(line: str) -> None:
    assert read_by_parts(f"a: 1\n{line}\nb: 2\n") in (None, whole(f"a: 1\n{line}\nb: 2\n"))


def test_values_of_all_parts_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "title: a\nsections:\n- a\n- [b, c]\nintro: d\n"
    count = parse_text_of_tree(text, 1).count
    monkeypatch.setattr(tree_by_parts, "MOST_NODES", count)
    assert read_by_parts(text) is not None
    monkeypatch.setattr(tree_by_parts, "MOST_NODES", count - 1)
    assert read_by_parts(text) is None


def test_a_section_is_as_deep_as_it_is_in_the_issue() -> None:
    for deep in range(27, 33):
        text = f"sections:\n- a\n- {'[' * deep}{']' * deep}\n"
        assert read_by_parts(text) in (None, whole(text))
        assert (read_by_parts(text) is None) == (whole(text) is None)
