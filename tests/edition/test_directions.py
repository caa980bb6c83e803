"""Which way a block of Markdown is read."""

import re

import pytest

from newsletter.edition.directions import direction_by_letters
from newsletter.edition.markdown.prose import Prose
from newsletter.edition.markers import Markers

LONG = "A paragraph in English that is longer than one line of the letter, and ends with a full stop."


def html(text: str, direction: str) -> str:
    return str(Prose(Markers([text]), "", direction=direction).blocks(text, "", level=2))


@pytest.mark.parametrize(
    ("text", "direction", "turned"),
    [
        (LONG, "rtl", ["p"]),
        ("In English.", "rtl", []),
        ("In English.\n\nأهلاً وسهلاً", "rtl", ["p"]),
        (
            "أهلاً وسهلاً\n\n- one\n- two\n\n1. one\n2. two\n\n> three\n\n### four",
            "rtl",
            ["ul", "ol", "blockquote", "h2"],
        ),
        (f"أهلاً {LONG}", "rtl", ["p"]),
        ("Smart Cities هو مفهوم جديد في تخطيط المدن الكبرى والصغرى وفي إدارتها اليومية", "rtl", []),
        ("12 - 34\n\n56", "rtl", []),
        (LONG, "ltr", []),
        (f"{LONG}\n\nأهلاً وسهلاً", "ltr", ["p"]),
    ],
)
def test_a_block_that_runs_against_its_letter_says_so(text: str, direction: str, turned: list[str]) -> None:
    other = "ltr" if direction == "rtl" else "rtl"
    found = re.findall(r'<(\w+) dir="(\w+)"', html(text, direction))
    assert found == [(tag, other) for tag in turned]


def test_a_raw_dir_is_no_attribute() -> None:
    assert "<p dir" not in html('<p dir="rtl">a</p>', "ltr")


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("ab سي", ""),
        ("abc سي", "ltr"),
        ("a سيول", "rtl"),
        ("12", ""),
        ("الأول، https://www.example.org/plain", "rtl"),
        ("letter@example.org أو", "rtl"),
        ("https://www.example.org/plain", ""),
    ],
)
def test_most_letters_decide(text: str, direction: str) -> None:
    assert direction_by_letters(text) == direction
