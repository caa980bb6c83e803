"""Labels and columns line up by the width of what is shown, in both languages."""

import pytest

from newsletter.catalogue import Verbatim, phrase
from newsletter.report.layout import labelled, left, right, table_lines, width


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("abc", 3), ("받는 이", 7), ("e\N{COMBINING ACUTE ACCENT}", 1)])
def test_a_hangul_syllable_is_two_columns_wide(text: str, columns: int) -> None:
    assert width(text) == columns
    assert width(left(text, 9)) == width(right(text, 9)) == 9


def test_labels_line_up_in_both_languages() -> None:
    rows = labelled(
        (phrase("report.plan.issue"), Verbatim("issues/2026-11.yaml")),
        (phrase("report.plan.from"), Verbatim("서울연구원")),
        (None, Verbatim("subscribers.csv:3: …")),
    )
    assert str(rows) == "Issue  issues/2026-11.yaml\nFrom   서울연구원\nsubscribers.csv:3: …"
    assert rows.in_language("ko") == ("호           issues/2026-11.yaml\n보내는 사람  서울연구원\nsubscribers.csv:3: …")


def test_a_table_s_columns_line_up_and_its_last_is_left_as_it_is() -> None:
    rows = [("응답", "통", "예"), ("bad address", "12", "550 5.1.1")]
    assert table_lines(rows, numbers=frozenset({1})) == ["응답         통  예", "bad address  12  550 5.1.1"]
