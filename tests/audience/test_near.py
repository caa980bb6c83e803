"""Is an address in the list, and which are near it."""

import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience.near import Neighbours, neighbours_of, slips_between
from newsletter.audience.read import cells_of, read_layout

PEOPLE = (
    "이름,이메일\n홍길동,Hong.Gildong@example.com\nJane Doe,jane@example.org\nJane Doe,jane@example.net\n"
    "홍길동,hong@한국.kr\n,no address\n,jane+news@example.net\n"
)


def around(tmp_path: Path, key: str, people: str = PEOPLE, encoding: str = "utf-8") -> Neighbours:
    path = tmp_path / "subscribers.csv"
    path.write_bytes(people.encode(encoding))
    return neighbours_of(cells_of(path, read_layout(path), "email"), key)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize(
    ("key", "is_there"),
    [
        ("hong.gildong@example.com", True),
        ("jane@example.org", True),
        ("hong@xn--3e0b707e.kr", True),
        ("jane@example.com", False),
    ],
)
def test_who_is_there_is_found(tmp_path: Path, key: str, is_there: bool, encoding: str) -> None:
    assert around(tmp_path, key, encoding=encoding).is_there == is_there


def test_of_those_that_are_as_near_the_first_ones_are_kept() -> None:
    people = [(line, f"{name}@example.com") for line, name in ((2, "hong1"), (3, "hong2"), (0, "hong3"), (0, "hong"))]
    assert neighbours_of(people, "hong9@example.com").near == tuple(people[:3])


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("honggildong@example.com", ["Hong.Gildong@example.com"]),
        ("hong.gidlong@example.com", ["Hong.Gildong@example.com"]),
        ("hong.gildogn@example.com", ["Hong.Gildong@example.com"]),
        ("ong.gildnog@example.com", ["Hong.Gildong@example.com"]),
        ("jnae@example.org", ["jane@example.org"]),
        ("jane@exmaple.org", ["jane@example.org", "jane@example.net"]),
        ("jane+letter@example.net", ["jane@example.net", "jane+news@example.net"]),
        ("hong@xn--3e0b707e.com", ["hong@한국.kr"]),
        ("kim@example.org", []),
        ("xx.gildoxx@example.com", []),
    ],
)
def test_those_that_are_near_come_nearest_first(tmp_path: Path, key: str, near: list[str]) -> None:
    assert [email for _, email in around(tmp_path, key).near] == near


def test_three_are_enough_and_the_nearest_are_kept(tmp_path: Path) -> None:
    people = (
        "email\n" + "".join(f"reader{number}@example.com\n" for number in range(100, 200)) + "raeder1@example.com\n"
    )
    assert [email for _, email in around(tmp_path, "reader1@example.com", people).near] == [
        "raeder1@example.com",
        "reader100@example.com",
        "reader101@example.com",
    ]


def test_memory_does_not_grow_with_the_list(tmp_path: Path) -> None:
    people = "email\n" + "".join(f"reader{number}@example.com\n" for number in range(60_000))
    tracemalloc.start()
    try:
        around(tmp_path, "reader@example.com", "email\na@example.com\n")
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        path = tmp_path / "many.csv"
        path.write_text(people, encoding="utf-8")
        layout = read_layout(path)
        tracemalloc.reset_peak()
        found = neighbours_of(cells_of(path, layout, "email"), "raeder59999@example.com")
        assert found.near[0] == (60_001, "reader59999@example.com")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - before < 4 * 1024 * 1024  # the text of the list alone has 1.6 MB


def _slips_by_the_book(one: str, other: str) -> int:
    """Optimal string alignment, the whole table."""
    cost = [
        [max(row, column) if 0 in (row, column) else 0 for column in range(len(other) + 1)]
        for row in range(len(one) + 1)
    ]
    for row in range(1, len(one) + 1):
        for column in range(1, len(other) + 1):
            ways = [
                cost[row - 1][column] + 1,
                cost[row][column - 1] + 1,
                cost[row - 1][column - 1] + (one[row - 1] != other[column - 1]),
            ]
            if row > 1 and column > 1 and one[row - 1] == other[column - 2] and one[row - 2] == other[column - 1]:
                ways.append(cost[row - 2][column - 2] + 1)
            cost[row][column] = min(ways)
    return cost[-1][-1]


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.integers(0, 3))
def test_slips_are_counted_as_by_the_whole_table(one: str, other: str, most: int) -> None:
    slips = _slips_by_the_book(one, other)
    assert slips_between(one, other, most) == (slips if slips <= most else None)


@given(st.data())
def test_no_slip_of_a_name_escapes_the_filter(data: st.DataObject) -> None:
    name = data.draw(st.text("abcdefgh", min_size=2, max_size=10))
    typed = list(name)
    for _ in range(2 if len(name) >= 6 else 1):
        at = data.draw(st.integers(0, max(0, len(typed) - 2)))
        slip = data.draw(st.sampled_from(["swap", "drop", "add", "wrong"]))
        if slip == "swap":
            typed[at : at + 2] = reversed(typed[at : at + 2])
        elif slip == "drop":
            del typed[at : at + 1]
        else:
            typed[at : at + (slip == "wrong")] = ["z"]
    row = "".join(typed)
    if row and row != name:
        with TemporaryDirectory() as folder:
            found = around(Path(folder), f"{name}@example.com", f"email\n{row}@example.com\n")
        if slips_between(row, name, 2 if len(name) >= 6 else 1) is not None:
            assert [email for _, email in found.near] == [f"{row}@example.com"]
