"""For which standbys commits wait, as PostgreSQL tells it of each; a real one is asked in tests/doctor."""

import pytest

from newsletter.ledger.standbys import Standby, Standbys

A, B = "a", "b"


@pytest.mark.parametrize(
    ("named", "states", "unwaited", "stops", "is_hidden"),
    [
        ("", {}, "", False, False),
        ("", {A: "async", B: "async"}, "ab", False, False),
        ("", {A: ""}, "a", False, False),  # whoever may see nothing else sees this
        ("ANY 1 (a, b)", {A: "quorum", B: "quorum"}, "", False, False),
        ("FIRST 1 (a, b)", {A: "sync", B: "potential"}, "", False, False),
        ("a", {A: "sync", B: "async"}, "b", False, False),
        ("a", {B: "async"}, "b", True, False),
        ("a", {}, "", True, False),
        ("a", {A: ""}, "", False, True),
    ],
)
def test_who_is_waited_for(named: str, states: dict[str, str], unwaited: str, stops: bool, is_hidden: bool) -> None:
    found = Standbys(named, tuple(Standby(name, state) for name, state in states.items()), "letter")
    assert "".join(one.name for one in found.unwaited) == unwaited
    assert (found.stops_commits, found.is_hidden) == (stops, is_hidden)
