"""A chart: drawn with cells, told in words, its values numbers, and what its kind cannot show an error."""

import re
from pathlib import Path

import pytest

from newsletter.edition.edition import Edition, Variant
from newsletter.edition.render import render
from newsletter.errors import InputError
from tests.support.issue_files import problems_of, read_issue
from tests.support.letters import issue_of, workspace_at


def items(*values: str) -> list[dict[str, str]]:
    return [{"label": f"{number}", "value": value} for number, value in enumerate(values, start=1)]


def letter(root: Path, language: str = "ko", translations: object = None, **keys: object) -> Edition:
    issue = issue_of(root, sections=[{"type": "chart", **keys}], translations=translations or {})
    return render(issue, workspace_at(root), Variant(language, (0,), 1))


def fills(html: str) -> list[str]:
    """The widths of what has the accent, in order."""
    return re.findall(r'<td class="solid" width="(\d+)%" bgcolor="#', html)


def test_bars_stand_under_labels_and_values_and_need_no_style(tmp_path: Path) -> None:
    edition = letter(tmp_path, items=items("1,234", "617", "", "0"), unit="명", source="서울시")
    html = edition.html.replace("\u2060", "")
    assert fills(html) == ["100", "50"]
    assert re.findall(r'<th [^>]*scope="row"[^>]*>(\d)</th><td[^>]*>([^<]*)</td>', html) == [
        ("1", "1,234명"),
        ("2", "617명"),
        ("3", "–"),
        ("4", "0명"),
    ]
    assert "- 1: 1,234명\n- 2: 617명\n- 3: –\n- 4: 0명\n\n출처: 서울시\n" in edition.text


def test_what_has_a_fill_says_nothing(tmp_path: Path) -> None:
    """Thunderbird's dark takes the fill from an element that sets a colour, too."""
    for kind in ("bars", "columns", "share"):
        html = letter(tmp_path, kind=kind, items=items("1", "2")).html
        cells = re.findall(r'<td class="(?:solid|shade-\d)[^"]*"[^>]*style="([^"]*)"[^>]*>(.*?)</td>', html)
        assert cells
        assert all(words in ("&nbsp;", "\u00a0") and not re.search(r"(?<!-)color:", style) for style, words in cells)


@pytest.mark.parametrize(
    ("unit", "shown"),
    [("명", "12명"), ("km", "12\u00a0km"), ("%", "12%"), ("", "12"), ("건(년)", "12건(년)")],
)
def test_a_unit_stands_at_the_number_as_its_letters_do(tmp_path: Path, unit: str, shown: str) -> None:
    assert shown in letter(tmp_path, items=items("12", "3"), unit=unit).html.replace("\u2060", "")


def test_columns_are_one_drawing_with_words(tmp_path: Path) -> None:
    edition = letter(tmp_path, kind="columns", items=items("10", "5"), unit="명")
    assert 'role="img" aria-label="1 10명, 2 5명"' in edition.html
    assert re.findall(r'class="solid" height="(\d+)"', edition.html) == ["120", "60"]
    assert ">단위:</span>" in edition.html
    told = letter(tmp_path, kind="columns", items=items("10", "5"), alt='반으로 "줄었습니다"')
    assert re.search(r"""role="img" aria-label=("반으로 &quot;줄었습니다&quot;"|'반으로 "줄었습니다"')""", told.html)
    assert '\n반으로 "줄었습니다"\n\n- 1: 10\n' in told.text


def test_parts_of_a_whole_have_a_legend(tmp_path: Path) -> None:
    edition = letter(tmp_path, kind="share", items=items("2", "1", "0.001"))
    assert re.findall(r'class="shade-\d" width="(\d+)%" height="28"', edition.html) == ["67", "33"]
    assert "- 1: 2 (67%)\n- 2: 1 (33%)\n- 3: 0.001 (<1%)" in edition.text
    per_cent = letter(tmp_path, kind="share", items=items("60%", "40%"))
    assert "- 1: 60%\n- 2: 40%\n" in per_cent.text
    by_unit = letter(tmp_path, kind="share", items=items("60", "40"), unit="%")
    assert "- 1: 60%\n- 2: 40%\n" in by_unit.text


def test_a_file_draws_as_its_figures_do(tmp_path: Path) -> None:
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "a.csv").write_text('년,구,명\n2026,1,"1,234"\n2026,2,-5\n', encoding="utf-8")
    read = letter(tmp_path, data="a.csv", columns=["구", "명"])
    assert read.html == letter(tmp_path, items=items("1,234", "-5")).html
    assert "- 2026: 1" in letter(tmp_path, data="a.csv").text


def test_labels_are_translated_and_values_stay(tmp_path: Path) -> None:
    words = {"en": {"sections": [{"items": [{"label": "Jongno"}], "unit": "persons"}]}}
    edition = letter(tmp_path, "en", words, items=items("12", "3"), unit="명")
    assert "- Jongno: 12 persons\n- 2: 3 persons" in edition.text
    assert re.search(r'scope="row"[^>]* lang="ko"[^>]*>2</th>', edition.html)


def test_signs_stay_at_their_numbers_in_a_letter_that_is_read_from_the_right(tmp_path: Path) -> None:
    words = {"ar": {"title": "أ", "subject": "أ", "sections": [{"unit": "كم"}]}}
    assert re.search(
        r'<td class="amount"[^>]* dir="ltr"[^>]*>−1%</td>|<td [^>]*dir="ltr"[^>]*>−1%</td>',
        letter(tmp_path, "ar", words, items=items("-1%", "2")).html,
    )
    assert not re.search(r'<td [^>]*dir="ltr"[^>]*>2', letter(tmp_path, "ar", words, items=items("2"), unit="km").html)


ISSUE = "title: x\nsections:\n  - type: chart\n"


@pytest.mark.parametrize(
    ("keys", "path", "says"),
    [
        ("    kind: bars", "sections[0]", "needs `items`, or `data` with a file"),
        (
            "    kind: line\n    items: [{label: a, value: 1}]",
            "sections[0].kind",
            "`line` is reserved for a later version",
        ),
        (
            "    kind: pie\n    items: [{label: a, value: 1}]",
            "sections[0].kind",
            "must be one of `bars`, `columns`, `share`",
        ),
        ("    items: [{label: a, value: 1}]\n    data: a.csv", "sections[0].data", "stands beside `items`"),
        ("    items: [{label: a, value: 1}]\n    columns: [a, b]", "sections[0].columns", "names columns of a file"),
        ("    items: [{label: a}]", "sections[0].items[0].value", "is required"),
        *(
            (f'    items: [{{label: a, value: "{value}"}}]', "sections[0].items[0].value", "must be a number such as")
            for value in ("1,234명", "1,23", "△3", "1.2.3", "--1", "약 3", "1e9", "٣", "9" * 16, "{{ x }}", "1-2")
        ),
        (
            '    items: [{label: a, value: 1}]\ntranslations: {en: {sections: [{items: [{value: "2"}]}]}}',
            "translations.en.sections[0].items[0].value",
            "unknown key",
        ),
    ],
)
def test_what_is_no_chart_is_told_at_its_place(tmp_path: Path, keys: str, path: str, says: str) -> None:
    (problem,) = problems_of(tmp_path, f"{ISSUE}{keys}\n")
    assert problem.path == path
    assert says in str(problem.message)


def told(root: Path, keys: str, csv: str = "") -> list[tuple[str, int | None, str]]:
    issue = read_issue(root, f"{ISSUE}{keys}\n")
    (root / "issues" / "a.csv").write_text(csv, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        render(issue, workspace_at(root), Variant("ko", (0,), 1))
    return [(problem.path or problem.file, problem.line, str(problem.message)) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("keys", "path", "says"),
    [
        ('kind: share, items: [{label: a, value: "-1"}]', "items[0].value", "is negative, which share cannot show"),
        ('kind: columns, items: [{label: a, value: "−1"}]', "items[0].value", "is negative, which columns cannot show"),
        ("kind: share, items: [{label: a, value: 0}]", "kind", "the values come to nothing"),
        ("items: [{label: a, value: ''}]", "items", "has no value to draw"),
        (f"kind: share, items: {items(*'1234567')}", "kind", "has 7 parts, of which at most 6"),
        (f"kind: columns, items: {items(*['1'] * 13)}", "kind", "write kind: bars"),
        (f"kind: columns, items: {items(*['123456'] * 12)}", "kind", "12 columns with these labels and values"),
        (
            "kind: columns, items: [{label: 낱말하나가아주길어서들어가지않습니다, value: 1}, {label: a, value: 2}]",
            "kind",
            "fit",
        ),
    ],
)
def test_what_a_kind_cannot_show_is_told_with_the_one_that_can(tmp_path: Path, keys: str, path: str, says: str) -> None:
    lines = "\n".join(f"    {key}" for key in re.split(r", (?=items:)", keys))
    ((where, _, message),) = told(tmp_path, lines)
    assert where == f"sections[0].{path}"
    assert says in message


@pytest.mark.parametrize(
    ("csv", "columns", "found"),
    [
        ("구,명\na,1명\nb,\n,2\nc,x\n", "", [("issues/a.csv", 2), ("issues/a.csv", 4), ("issues/a.csv", 5)]),
        ("구,명\na,1\n", "[구, 몇]", [("sections[0].columns", 5)]),
        ("구\na\n", "", [("sections[0].data", 4)]),
        ("구,명\na,\n", "", [("sections[0].data", 4)]),
    ],
)
def test_what_is_wrong_in_a_file_is_told_by_its_line(
    tmp_path: Path, csv: str, columns: str, found: list[tuple[str, int]]
) -> None:
    keys = "    data: a.csv" + (f"\n    columns: {columns}" if columns else "")
    assert [one[:2] for one in told(tmp_path, keys, csv)] == found


def test_all_charts_that_cannot_be_drawn_are_told_at_once(tmp_path: Path) -> None:
    chart = "  - {type: chart, kind: share, items: [{label: a, value: 0}]}\n"
    issue = read_issue(tmp_path, f"title: x\nsections:\n{chart * 2}")
    with pytest.raises(InputError) as caught:
        render(issue, workspace_at(tmp_path), Variant("ko", (0, 1), 1))
    assert [problem.line for problem in caught.value.problems] == [3, 4]
