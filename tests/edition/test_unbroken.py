"""A number and its unit hold together, and nothing that was typed is lost or changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.edition.unbroken import unbroken, unbroken_numbers

VISIBLE = str.maketrans({"\u2060": "~", "\u00a0": "_"})
UNDONE = str.maketrans({"\u2060": None, "\u00a0": " "})


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("443명", "443~명"),
        ("607억 원", "607~억_원"),
        ("1억2천만원", "1~억~2~천~만~원"),
        ("약 60%", "약_60%"),
        ("70여 개", "70~여_개"),
        ("₩60.7 bn", "₩60.7_bn"),
        ("1,234人", "1,234~人"),
        ("010", "010"),
        ("mergea0q명", "mergea0q~명"),
        ("서울 연구원을 찾은 사람 3,500 명", "서울 연구원을 찾은 사람 3,500_명"),
    ],
)
def test_a_figure_stays_in_one_line_and_of_a_long_one_its_number(value: str, shown: str) -> None:
    assert unbroken(value).translate(VISIBLE) == shown


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("2020년 대비 1,234 명 증가", "2020~년 대비 1,234_명 증가"),
        ("입주기업 매출 607억 원", "입주기업 매출 607~억_원"),
        ("약 3년 동안 12개 구에서", "약 3~년 동안 12~개 구에서"),
        ("over 70 companies", "over 70_companies"),
        ("새로 생긴 일자리", "새로 생긴 일자리"),
    ],
)
def test_running_text_breaks_everywhere_else(label: str, shown: str) -> None:
    assert unbroken_numbers(label).translate(VISIBLE) == shown


@given(st.text(alphabet="가명억 원1,234.5%~ abmergea0q人ー", max_size=40))
def test_it_reads_as_it_was_typed(text: str) -> None:
    assert unbroken(text).translate(UNDONE) == text
    assert unbroken_numbers(text).translate(UNDONE) == text
