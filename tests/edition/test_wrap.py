"""Wrapping by columns."""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.edition.wrap import TEXT_COLUMNS, columns, wrap

WORDS = st.text(alphabet="가나다라abc.,!新()", min_size=1, max_size=50)


def test_korean_counts_two_columns() -> None:
    assert columns("가a") == 3
    assert wrap("가" * 18 + " " + "나" * 18) == ["가" * 18, "나" * 18]
    assert wrap("가" * 18 + " " + "나" * 17 + "a") == ["가" * 18 + " " + "나" * 17 + "a"]


@given(st.lists(WORDS, min_size=1))
def test_no_line_is_wider_and_no_character_is_lost(words: list[str]) -> None:
    lines = wrap(" ".join(words), first="- ", rest="  ")
    assert all(columns(line) <= TEXT_COLUMNS for line in lines)
    assert "".join(lines).replace(" ", "")[1:] == "".join(words)


def test_an_address_is_never_broken() -> None:
    address = "https://e.example.org/" + "a" * 90
    assert wrap(f"글 {address} 글") == ["글", address, "글"]
