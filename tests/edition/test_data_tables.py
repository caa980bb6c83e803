"""A table as a section: the same look as in a text, cells that are text, and translations cell by cell."""

import re
from pathlib import Path

import pytest

from newsletter.edition.edition import Edition, Variant
from newsletter.edition.render import render
from newsletter.errors import InputError
from newsletter.web.studio.cache import sought_files
from newsletter.workflow.approve import keep, propose
from newsletter.workflow.steps.approval import valid_approval
from newsletter.workflow.steps.letter import open_letter
from tests.support.issue_files import problems_of, read_issue
from tests.support.letters import issue_of, workspace_at

ROWS = [["구", "명"], ["종로", "1,234"], ["중구", "98"]]


def letter(root: Path, language: str = "ko", translations: object = None, **keys: object) -> Edition:
    issue = issue_of(root, sections=[{"type": "table", **keys}], translations=translations or {})
    return render(issue, workspace_at(root), Variant(language, (0,), 1))


def rows_in(html: str) -> list[list[str]]:
    """The tags and words of each row of a table of data."""
    data = html[html.index("<caption") : html.index("</tbody>")]
    rows = re.findall(r"<tr>(.*?)</tr>", data, re.DOTALL)
    return [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in rows]


def test_header_cells_figures_caption_unit_and_source(tmp_path: Path) -> None:
    edition = letter(tmp_path, rows=ROWS, caption="인구 <표>", unit="명", source="서울시", row_headers=True)
    head, first, _ = rows_in(edition.html)
    assert all('scope="col"' in cell for cell in head)
    assert 'scope="row"' in first[0]
    assert "text-align:right" in first[1]
    assert re.search(r"<caption[^>]*>인구 &lt;표&gt;</caption>", edition.html)
    assert "<span>단위:</span> <span>명</span> · <span>출처:</span> <span>서울시</span>" in edition.html
    assert "인구 <표>\n구       명\n----  -----\n종로  1,234\n중구     98\n\n단위: 명 · 출처: 서울시\n" in edition.text


def test_without_row_headers_the_first_cell_is_a_cell(tmp_path: Path) -> None:
    assert 'scope="row"' not in letter(tmp_path, rows=ROWS).html


def test_a_file_looks_as_the_same_rows_do_but_for_merge_fields(tmp_path: Path) -> None:
    (tmp_path / "issues").mkdir()
    data = tmp_path / "issues" / "a.csv"
    data.write_bytes('구,명\r\n종로,"1,234"\r\n중구,98\r\n'.encode("cp949"))
    assert letter(tmp_path, data="a.csv").html == letter(tmp_path, rows=ROWS).html
    data.write_text("구,<b>명</b>\n{{ subscriber.name }},mergeq0q\n", encoding="utf-8")
    read = letter(tmp_path, data="a.csv")
    assert ({hole.key for hole in read.holes}, "<b>명" in read.html) == ({"link.unsubscribe"}, False)
    assert "{{ subscriber.name }}" in read.html
    merged = letter(tmp_path, rows=[["구", "명"], ['{{ subscriber.name | default("독자") }}', "1"]])
    assert [hole.key for hole in merged.holes].count("name") == 2


def test_more_than_three_columns_are_records(tmp_path: Path) -> None:
    edition = letter(tmp_path, rows=[["이름", "일", "전화", "자리"], ["홍길동", "정책", "02", "본관"]])
    assert 'scope="rowgroup"' in edition.html
    assert "이름: 홍길동\n  일: 정책\n" in edition.text


def test_a_translation_goes_cell_by_cell_and_the_rest_is_marked(tmp_path: Path) -> None:
    words = {"en": {"sections": [{"rows": [["District", "People"], ["Jongno"], ["", None]], "unit": "persons"}]}}
    edition = letter(tmp_path, "en", words, rows=ROWS, unit="명", source="서울시")
    assert "District  People\n--------  ------\nJongno     1,234\n중구          98\n\nUnit: persons" in edition.text
    assert re.search(r'<span lang="ko"[^>]*>서울시</span>', edition.html)
    assert '<thead lang="ko"' in letter(tmp_path, "en", {"en": {"title": "T"}}, rows=ROWS).html
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "a.csv").write_text("구\n종로\n", encoding="utf-8")
    assert '<tbody lang="ko"' in letter(tmp_path, "en", {"en": {"title": "T"}}, data="a.csv").html


ISSUE = "title: x\nsections:\n  - type: table\n"


@pytest.mark.parametrize(
    ("keys", "path", "says"),
    [
        ("    caption: 표", "sections[0]", "needs `rows`, or `data` with a file"),
        ('    rows: [["a"], ["b"]]\n    data: a.csv', "sections[0].data", "stands beside `rows`; keep one of the two"),
        ('    rows: [["a", "b"], ["c"]]', "sections[0].rows", "row 2 has 1 cell, but the first one has 2"),
        ('    rows: [["a"]]', "sections[0].rows", ""),
        (f"    rows: [{['a'] * 13}, {['b'] * 13}]", "sections[0].rows", "has more than 12 columns"),
        (f"    rows: {[['a']] * 102}", "sections[0].rows", ""),
        ('    rows: [["a"], ["{{ x }}"]]', "sections[0].rows[1][0]", "unknown merge field"),
        ("    data: https://example.org/a.csv", "sections[0].data", "must be a file in issues/, not an address"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(tmp_path: Path, keys: str, path: str, says: str) -> None:
    found = [(problem.path, str(problem.message)) for problem in problems_of(tmp_path, f"{ISSUE}{keys}\n")]
    assert [where for where, _ in found] == [path]
    assert says.split()[:3] == found[0][1].split()[:3] or not says, found


def test_words_for_a_cell_that_is_not_there_are_told(tmp_path: Path) -> None:
    english = 'translations: {en: {sections: [{rows: [["a", "b"], [], ["c"]]}]}}\n'
    found = problems_of(tmp_path, f'{ISSUE}    rows: [["구"], ["종로"]]\n{english}')
    assert [problem.path for problem in found] == [
        "translations.en.sections[0].rows[0][1]",
        "translations.en.sections[0].rows[2]",
    ]


def test_all_broken_files_are_told_at_once_those_of_hidden_sections_not(tmp_path: Path) -> None:
    tables = "".join(f"  - {{type: table, data: {name}.csv}}\n" for name in "ab")
    issue = read_issue(tmp_path, f"title: x\nsections:\n{tables}  - {{type: table, data: c.csv, hidden: true}}\n")
    (tmp_path / "issues" / "b.csv").write_text("a,b\n1\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        render(issue, workspace_at(tmp_path), Variant("ko", (0, 1), 1))
    assert {(problem.file, problem.line) for problem in caught.value.problems} == {
        ("issues/2026-11.yaml", 3),
        ("issues/b.csv", 2),
    }


def test_another_file_revokes_an_approval_and_the_studio_watches_it(tmp_path: Path) -> None:
    issue = read_issue(tmp_path, f"{ISSUE}    data: a.csv\n")
    data = tmp_path / "issues" / "a.csv"
    data.write_text("구,명\n종로,1\n", encoding="utf-8")
    (tmp_path / "subscribers.csv").write_text("email\nhong@example.com\n", encoding="utf-8")
    workspace = workspace_at(tmp_path)
    keep(workspace, propose(workspace, "2026-11"), by="홍길동")
    valid_approval(open_letter(workspace, "2026-11"), workspace)
    assert data in set(sought_files(issue, workspace))
    data.write_text("구,명\n종로,2\n", encoding="utf-8")
    with pytest.raises(Exception, match=r"a\.csv"):
        valid_approval(open_letter(workspace, "2026-11"), workspace)
