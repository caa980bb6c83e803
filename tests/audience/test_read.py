"""What the subscriber file may look like, and which of its rows are mailed."""

import unicodedata
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience.read import RowReader, find_subscriber, judge_row, read_subscribers
from newsletter.audience.subscriber import BadRow, Subscriber, row_hint
from newsletter.catalogue import phrase
from newsletter.csv_file.rows import CsvRow
from newsletter.errors import InputError
from tests.support.spoken import assert_korean, assert_told_in_both


def read(path: Path, text: str | bytes) -> list[Subscriber | BadRow]:
    path = path / "subscribers.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_subscribers(path))


def good(found: list[Subscriber | BadRow]) -> list[tuple[int, str, str]]:
    return [(row.line, row.email, row.name) for row in found if isinstance(row, Subscriber)]


def bad(found: list[Subscriber | BadRow]) -> list[int]:
    return [row.line for row in found if isinstance(row, BadRow)]


FULL = "email,name,language,tags,consent_at,consent_source,회사 이름\n"


def test_every_known_column_finds_its_place_and_the_others_are_merge_fields(tmp_path: Path) -> None:
    row = " hong@example.com , 홍길동 ,KO,시민; 연구 ;,2021-03-02,누리집,서울시\n"
    assert read(tmp_path, FULL + row) == [
        Subscriber(
            email="hong@example.com",
            key="hong@example.com",
            name="홍길동",
            language="ko",
            tags=frozenset({"시민", "연구"}),
            consent_at="2021-03-02",
            consent_source="누리집",
            fields={"회사 이름": "서울시"},
            line=2,
        )
    ]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_columns_have_korean_names_too(tmp_path: Path, form: Literal["NFC", "NFD"]) -> None:
    text = "이름,이메일,언어,태그,소속\n홍길동,hong@example.com,en,연구;시민,서울시\n"
    [found] = read(tmp_path, unicodedata.normalize(form, text))
    assert isinstance(found, Subscriber)
    assert (found.email, found.name, found.language, found.tags, dict(found.fields)) == (
        "hong@example.com",
        "홍길동",
        "en",
        frozenset({"시민", "연구"}),
        {"소속": "서울시"},
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_utf8_with_and_without_bom_and_cp949_are_all_read(tmp_path: Path, encoding: str, line_end: str) -> None:
    # 뷁 is in CP949 but not in EUC-KR.
    text = f"이름,email,회사 이름{line_end}홍길뷁,hong@example.com,서울시{line_end}"
    [found] = read(tmp_path, text.replace("이름,email", "name,email", 1).encode(encoding))
    assert isinstance(found, Subscriber)
    assert (found.name, dict(found.fields), found.line) == ("홍길뷁", {"회사 이름": "서울시"}, 2)


def test_korean_first_seen_beyond_the_first_block_is_still_read_as_cp949(tmp_path: Path) -> None:
    rows = "".join(f"a{n}@example.com,{'x' * 90}\n" for n in range(12_000))
    found = read(tmp_path, ("email,name\n" + rows + "z@example.com,홍길동\n").encode("cp949"))
    assert good(found)[-1] == (12_002, "z@example.com", "홍길동")


def test_a_character_cut_in_two_by_a_block_does_not_mislead(tmp_path: Path) -> None:
    head = "email,name\n"
    filler = "a@example.com," + "x" * ((1 << 20) - len(head) - len("a@example.com,") - 1)
    found = read(tmp_path, (head + filler + "가\nb@example.com,나\n").encode())
    assert (3, "b@example.com", "나") in good(found)


@pytest.mark.parametrize("marked", [b"", b"\xef\xbb\xbf"])
def test_bytes_in_no_known_encoding_name_file_and_line(tmp_path: Path, marked: bytes) -> None:
    data = marked + "email,name\na@example.com,홍\n".encode() + b"b@example.com,\xff\xff\n"
    with pytest.raises(InputError, match=r"subscribers\.csv:3: ") as caught:
        read(tmp_path, data)
    assert_told_in_both(caught.value)


def test_utf16_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"UTF-16\n.*CSV UTF-8") as caught:
        read(tmp_path, "email\na@example.com\n".encode("utf-16"))
    assert_told_in_both(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "subscribers.csv:1: the file is empty"),
        ("\n\n", "subscribers.csv:1: the file is empty"),
        ("메일,name\n", "subscribers.csv:1: there is no column `email`; found `메일`, `name`"),
        ("이메일,name,email\n", "subscribers.csv:1: a column is there twice: `email`"),
        ("hong@example.com,홍길동\n", "subscribers.csv:1: the first line names no columns; it is a subscriber"),
        ("email,name,Email\n", "subscribers.csv:1: a column is there twice: `email`"),
        ("\nemail,x,y,x\n", "subscribers.csv:2: a column is there twice: `x`"),
        ('"email,name\n', "subscribers.csv:1: a quotation mark is opened and not closed"),
    ],
)
def test_a_header_that_makes_no_sense_is_told_with_file_and_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(told)
    assert_told_in_both(caught.value)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv: there is no such file") as caught:
        read_subscribers(tmp_path / "none.csv")
    assert_told_in_both(caught.value)
    with pytest.raises(InputError, match=r"this is not a file\nMove away what stands there") as caught:
        read_subscribers(tmp_path)
    assert_told_in_both(caught.value)


def test_the_header_is_judged_when_asked_not_when_the_first_row_is(tmp_path: Path) -> None:
    (tmp_path / "subscribers.csv").write_text("name\n", encoding="utf-8")
    with pytest.raises(InputError):
        read_subscribers(tmp_path / "subscribers.csv")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("announced", [False, True])
def test_what_spreadsheets_put_between_cells_is_found(tmp_path: Path, delimiter: str, announced: bool) -> None:
    text = f"EMAIL{delimiter}Name\nhong@example.com{delimiter}홍길동\n"
    if announced:
        text = f"sep={delimiter}\n{text}"
    assert good(read(tmp_path, text)) == [(3 if announced else 2, "hong@example.com", "홍길동")]


def test_blank_lines_and_rows_of_empty_cells_are_no_rows(tmp_path: Path) -> None:
    found = read(tmp_path, "\n\nemail,name\n\n,\na@example.com,A\n   \n, ,\nb@example.com,B\n\n")
    assert good(found) == [(6, "a@example.com", "A"), (9, "b@example.com", "B")]
    assert bad(found) == []


def test_a_quoted_line_break_counts_and_the_row_begins_where_it_begins(tmp_path: Path) -> None:
    found = read(tmp_path, 'email,주소\r\na@example.com,"서울\r\n서초구"\r\nbad,\r\nb@example.com,x\r\n')
    assert [row.line for row in found] == [2, 4, 5]
    assert isinstance(found[0], Subscriber)
    assert found[0].fields == {"주소": "서울\r\n서초구"}


def test_a_quoted_line_break_in_the_header_counts_too(tmp_path: Path) -> None:
    found = read(tmp_path, 'email,"회사\n이름"\na@example.com,x\n')
    assert good(found) == [(3, "a@example.com", "")]


def test_a_lone_quotation_mark_costs_one_row_not_the_rest(tmp_path: Path) -> None:
    rows = "".join(f'c{n}@example.com,"Kim, {n}"\n' for n in range(200))
    found = read(tmp_path, f'email,name\na@example.com,"Hong\n{rows}z@example.com,"Park\n')
    assert bad(found) == [2, 203]
    assert len(good(found)) == 200
    assert good(found)[0] == (3, "c0@example.com", "Kim, 0")


def test_an_unclosed_quotation_mark_far_from_any_other_costs_one_row(tmp_path: Path) -> None:
    rows = "".join(f"c{n}@example.com,Kim\n" for n in range(500))
    found = read(tmp_path, f'email,name\na@example.com,"Hong\n{rows}')
    assert bad(found) == [2]
    assert [line for line, _, _ in good(found)] == list(range(3, 503))


def test_a_quotation_mark_inside_a_cell_is_just_a_character(tmp_path: Path) -> None:
    assert good(read(tmp_path, 'email,name\na@example.com,Hong "x" Gil\n')) == [(2, "a@example.com", 'Hong "x" Gil')]
    assert good(read(tmp_path, 'email,name\na@example.com,"Hong ""x"" Gil"\n')) == [
        (2, "a@example.com", 'Hong "x" Gil')
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("nobody,홍길동", "no @"),
        (",홍길동", "empty"),
        ("a@x.test,홍길동", "special-use"),
        ("a@example.com,홍길동,extra", "3 cells"),
        ("a@example.com,홍\0길동", "NUL"),
        (f"a@example.com,{'x' * 200_000}", "too long"),
        (f"a@example.com,{'x,' * 700_000}", "too long"),
        ('a@example.com,"홍"길동', "closing quotation mark"),
        ('"a@example.com\r\nBcc: b@example.com",홍길동', "U+000D"),
    ],
)
def test_a_bad_row_says_why_and_the_next_one_is_read(tmp_path: Path, row: str, reason: str) -> None:
    found = read(tmp_path, f"email,name\n{row}\nb@example.com,B\n")
    assert isinstance(found[0], BadRow)
    assert reason in str(found[0].reason)
    assert "a@example.com" not in str(found[0].reason)
    assert_korean(found[0].reason)
    assert found[0].line == 2
    assert [email for _, email, _ in good(found)] == ["b@example.com"]


def test_cells_missing_at_the_end_are_missing_values_and_empty_ones_too_many_do_no_harm(tmp_path: Path) -> None:
    found = read(tmp_path, "email,name,회사\na@example.com\nb@example.com,B,C,,,\n")
    assert good(found) == [(2, "a@example.com", ""), (3, "b@example.com", "B")]


def test_text_is_nfc_and_columns_without_a_name_are_left_out(tmp_path: Path) -> None:
    [found] = read(tmp_path, "email,name,,\na@example.com," + unicodedata.normalize("NFD", "홍길동") + ",x,y\n")
    assert isinstance(found, Subscriber)
    assert found.name == "홍길동"
    assert found.fields == {}


def test_duplicates_are_all_handed_on_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = read(tmp_path, "email\nHong@example.com\nhong@EXAMPLE.com\n")
    assert [row.key for row in found if isinstance(row, Subscriber)] == ["hong@example.com"] * 2


def test_a_subscriber_is_found_by_an_address_written_differently(tmp_path: Path) -> None:
    read(tmp_path, "email,name\nbad\nhong@한국.kr,홍길동\n")
    found = find_subscriber(tmp_path / "subscribers.csv", " HONG@xn--3e0b707e.kr ")
    assert found is not None
    assert found.line == 3
    assert find_subscriber(tmp_path / "subscribers.csv", "kim@example.com") is None


@pytest.mark.parametrize(
    ("row", "hint"),
    [
        ("a@example.com,서울, 대한민국", "Put a cell with a comma in it in quotation marks"),
        ('a@example.com,"서울', "Quotation marks go round a whole cell"),
        ('a@example.com,"서울"시', "Quotation marks go round a whole cell"),
        ("a@example.com,서\0울", "Save the table anew as `CSV UTF-8`"),
        ("a@example.com," + "가" * 200_000 + '"', "Shorten the row"),
        ("서울", ""),
    ],
)
def test_a_bad_row_has_the_hint_that_fits(tmp_path: Path, row: str, hint: str) -> None:
    [found] = read(tmp_path, f"email,name\n{row}\n")
    assert isinstance(found, BadRow)
    said = row_hint(found.reason)
    assert str(said).startswith(hint)
    assert bool(hint) == bool(str(said))


def test_a_column_that_is_there_twice_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\nDelete one of the two columns, or give it another name\.") as caught:
        read(tmp_path, "email,name,name\n")
    assert_told_in_both(caught.value)


def test_the_bundled_examples_are_all_good() -> None:
    found = list(read_subscribers(Path(__file__).parents[2] / "subscribers.example.csv"))
    assert found
    assert bad(found) == []


def test_a_cell_of_more_lines_than_any_address_has_is_a_bad_row(tmp_path: Path) -> None:
    long = "\n".join(["줄"] * 60)
    found = read(tmp_path, f'email,name\na@example.com,"{long}"\n')
    assert found[0] == BadRow(2, phrase("csv_file.row.quote_is_open"))


@pytest.mark.parametrize("start", [b"PK\x03\x04\x14\x00", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_a_spreadsheet_saved_under_the_name_of_a_csv_file_is_told_as_such(tmp_path: Path, start: bytes) -> None:
    with pytest.raises(InputError, match=r"subscribers\.csv:1: this is a spreadsheet.*\n.*CSV UTF-8") as caught:
        read(tmp_path, start + b"\x00" * 40)
    assert_told_in_both(caught.value)


def test_a_file_without_a_header_repeats_nobody(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, "홍길동,hong@example.com\n")
    assert "홍길동" not in str(caught.value)
    assert "hong" not in str(caught.value)


_COLUMNS = st.permutations(["email", "name", "language", "tags", "consent_at", "consent_source", "소속", "", "Word"])
_CELLS = st.lists(
    st.one_of(
        st.sampled_from(["", " ", "hong@example.com", " Jane@Example.org", "시민; 연구 ;", "KO", "2026-01-05", "가"]),
        st.sampled_from([unicodedata.normalize("NFD", "홍길동"), "e", "\u0301", "a\0b", "\u1100", "\u1161"]),
        st.text(max_size=6),
    ),
    min_size=1,
    max_size=11,
)


@given(_COLUMNS, st.integers(1, 9), _CELLS)
def test_the_quick_look_at_a_row_says_what_the_long_one_says(names: list[str], count: int, cells: list[str]) -> None:
    columns = ("email", *(name for name in names[:count] if name != "email"))
    row = CsvRow(7, (*cells, *[""] * (len(columns) - len(cells))))
    for one in (row, CsvRow(7, tuple(cells)), CsvRow(8, ("hong@example.com", *cells))):
        assert RowReader(columns)(one) == judge_row(one, columns)
