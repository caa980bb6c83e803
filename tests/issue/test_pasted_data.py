"""A table that was pasted or dropped, as Korean spreadsheets and people write it."""

import pytest

from newsletter.errors import InputError
from newsletter.issue.pasted_data import PastedData, pasted_chart, pasted_table

COLUMNS = ("구", "인구")
ROWS = (("종로구", "141,379"), ("중구", "121,045"))


@pytest.mark.parametrize(
    "data",
    [
        "구\t인구\n종로구\t141,379\n중구\t121,045\n",
        '구,인구\r\n종로구,"141,379"\r\n중구,"121,045"\r\n',
        "구,인구\n종로구,141,379\n중구,121,045",
        "구;인구\n종로구;141,379\n중구;121,045\n",
        "sep=;\n구;인구\n종로구;141,379\n중구;121,045\n",
        "구|인구\n종로구|141,379\n중구|121,045\n",
        "\n\n구\t인구\t\n  종로구 \t141,379\t\n\n중구\t121,045\t\n",
        "\ufeff구\t인구\n종로구\t141,379\n중구\t121,045",
        '구,인구\n종로구,"141,379"\n중구,"121,045"'.encode("cp949"),
        "구\t인구\n종로구\t141,379\n중구\t121,045".encode("utf-16"),
    ],
)
def test_whatever_parts_the_cells_it_is_the_same_table(data: str | bytes) -> None:
    assert pasted_table(data) == PastedData(COLUMNS, ROWS)


def test_only_a_row_that_is_too_long_by_thousands_is_mended() -> None:
    assert pasted_table("a,b,c\n1,200,3\n").rows == (("1", "200", "3"),)
    assert pasted_table("a,b\n1,234,567,2\n").rows == (("1,234,567", "2"),)
    with pytest.raises(InputError):
        pasted_table("a,b\n1,2,3\n")


@pytest.mark.parametrize(
    "data",
    ["", "one\n", "a,b\n", "email,name\na@example.org,A\n", "a\n" * 102,
     "\t".join("abcdefghijklm") + "\n" + "\t" * 12 + "x", b"\xff\xfea", b"a,b\n\x81\x00,\xff\n", "x" * 1_000_001],
)  # fmt: skip
def test_what_is_no_table_of_a_letter_is_told(data: str | bytes) -> None:
    with pytest.raises(InputError):
        pasted_table(data)


def test_a_chart_takes_the_first_numbers_and_their_unit() -> None:
    made = pasted_chart(pasted_table("구\t비고\t인구\n종로구\t도심\t141,379명\n중구\t\t121,045 명\n"))
    assert made.items == ROWS
    assert made.unit == "명"
    assert pasted_chart(pasted_table("a,b\nx,12.5%\ny,-3%\nz,\n")).items == (("x", "12.5%"), ("y", "-3%"), ("z", ""))


@pytest.mark.parametrize("data", ["a,b\nx,y\n", "a,b\nx,\ny,\n", "a,b\nx,1명\ny,2원\n", "a\n1\n"])
def test_a_table_without_one_kind_of_number_makes_no_chart(data: str) -> None:
    with pytest.raises(InputError):
        pasted_chart(pasted_table(data))
