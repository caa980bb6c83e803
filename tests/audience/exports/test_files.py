"""The files of an export: alone or in a zip, in whatever encoding, and zips that mean harm."""

import zipfile
from pathlib import Path

import pytest

from newsletter.audience.exports.files import export_files
from newsletter.audience.exports.formats import StandingThere
from newsletter.errors import InputError
from tests.support import other_exports as exports


def zipped(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def names(path: Path, aside: Path) -> list[tuple[str, StandingThere | None]]:
    with export_files(path, aside) as files:
        return [(file.name, file.standing) for file in files]


def test_a_zip_of_mailchimp_says_by_its_names_who_left(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "export.zip",
        **{
            "subscribed_members_export_1a2b.csv": exports.MAILCHIMP_SUBSCRIBED,
            "unsubscribed_members_export_1a2b.csv": exports.MAILCHIMP_UNSUBSCRIBED,
            "cleaned_members_export_1a2b.csv": exports.MAILCHIMP_CLEANED,
            "__MACOSX/._subscribed_members_export_1a2b.csv": "\0\0",
            "readme.txt": "hello",
        },
    )
    assert names(path, tmp_path / "aside") == [
        ("cleaned_members_export_1a2b.csv", StandingThere.BAD_ADDRESS),
        ("subscribed_members_export_1a2b.csv", StandingThere.SUBSCRIBED),
        ("unsubscribed_members_export_1a2b.csv", StandingThere.UNSUBSCRIBED),
    ]


def test_what_comes_out_of_a_zip_is_for_this_user_only_and_gone_at_the_end(tmp_path: Path) -> None:
    aside = tmp_path / "aside"
    with export_files(zipped(tmp_path / "a.zip", **{"a.csv": exports.GHOST}), aside) as [file]:
        assert file.path.parent.stat().st_mode & 0o077 == 0
        assert len(list(file.rows())) == 3
    assert list(aside.iterdir()) == []


@pytest.mark.parametrize("name", ["../../../evil.csv", "/etc/evil.csv", "a/../../evil.csv", "..\\evil.csv"])
def test_a_path_in_a_zip_leads_nowhere(tmp_path: Path, name: str) -> None:
    aside = tmp_path / "deep" / "aside"
    with export_files(zipped(tmp_path / "a.zip", **{name: exports.GHOST}), aside) as [file]:
        assert file.path.name == "0.csv"
        assert aside in file.path.parents
    assert not list(tmp_path.rglob("evil.csv"))


def test_a_zip_that_grows_beyond_any_list_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", **{"a.csv": "email\n" + "\n" * (60 * 1024 * 1024)})
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError, match="grows"), export_files(path, tmp_path / "aside"):
        pass
    assert list((tmp_path / "aside").iterdir()) == []


BAD_ZIPS = {
    "no CSV": {"a.txt": "x"},
    "more than 50": {f"{n}.csv": "email\n" for n in range(51)},
    "spreadsheet": {"xl/workbook.xml": "x"},
}


@pytest.mark.parametrize("said", BAD_ZIPS)
def test_a_zip_that_is_no_export_is_told(tmp_path: Path, said: str) -> None:
    path = zipped(tmp_path / "a.zip", **BAD_ZIPS[said])
    with pytest.raises(InputError, match=said), export_files(path, tmp_path / "aside"):
        pass


@pytest.mark.parametrize("cut", [10, 200, -30])
def test_a_zip_that_is_cut_off_is_told(tmp_path: Path, cut: int) -> None:
    path = zipped(tmp_path / "a.zip", **{"a.csv": exports.GHOST})
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(InputError, match="cannot be unpacked"), export_files(path, tmp_path / "aside"):
        pass


ENCODINGS = ["utf-8", "utf-8-sig", "cp949"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_of_any_spreadsheet_are_read(tmp_path: Path, encoding: str, end: str, delimiter: str) -> None:
    path = tmp_path / "stibee.csv"
    lines = ["이메일 주소,구독일,메모", 'hong@example.com,2021.03.02,"두 줄\n메모"']
    path.write_bytes(end.join(lines).replace(",", delimiter).encode(encoding))
    with export_files(path, tmp_path) as [file]:
        assert file.header == ("이메일 주소", "구독일", "메모")
        assert [row.cells for row in file.rows()] == [("hong@example.com", "2021.03.02", "두 줄\n메모")]


def test_utf_16_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("email\nhong@example.com\n", encoding="utf-16")
    with pytest.raises(InputError, match="CSV UTF-8"), export_files(path, tmp_path):
        pass
