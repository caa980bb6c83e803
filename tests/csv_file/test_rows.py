"""A line without quotation marks is read as the csv module reads it."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from newsletter.csv_file.rows import rows

LINES = st.lists(st.text(alphabet="ab,;\t '=가", max_size=20), max_size=6)


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from([",", ";", "\t"]), st.booleans())
def test_plain_lines_are_read_as_the_csv_module_reads_them(
    lines: list[str], end: str, delimiter: str, last_has_an_end: bool
) -> None:
    text = end.join(lines) + (end if last_has_an_end else "")
    expected = [
        (number, tuple(cells))
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1)
        if any(cell.strip() for cell in cells)
    ]
    found = [(row.line, row.cells) for row in rows(io.StringIO(text, newline=""), delimiter)]
    assert found == expected


def test_a_line_with_quotation_marks_among_plain_ones_keeps_its_place() -> None:
    text = 'a,b\n"x\ny",2\nc,d\n"open,3\ne,f\n'
    found = [(row.line, row.cells or str(row.problem)) for row in rows(io.StringIO(text, newline=""), ",")]
    assert found == [
        (1, ("a", "b")),
        (2, ("x\ny", "2")),
        (4, ("c", "d")),
        (5, "a quotation mark is opened and not closed"),
        (6, ("e", "f")),
    ]
