"""Older issues come in from a folder, are shown by the archive, and are nothing that could be sent."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from newsletter.archive.imported import read_imported
from newsletter.errors import CannotWriteError
from newsletter.issue.find import issue_paths
from newsletter.workflow.import_issues import import_issues, planned_import
from tests.support.archives import archive_workspace, built, files_in, workspace_in
from tests.support.cli import newsletter
from tests.support.hand_made_site import png

LETTER = (
    "<html><head><title>봄 편지</title></head><body><h1>봄 편지</h1><p>봄 글</p><img src=a.png alt=강></body></html>"
)
HEAD = "---\ntitle: 마크다운 호\ndate: 2018-03-02T09:30\nnumber: 3\nauthor: 홍길동\ntags: [가, 나]\n---\n"
MARKDOWN = f"{HEAD}# 마크다운 호\n\n**약 60%**에 이른다.\n\n![강](a.png)\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    archive_workspace(tmp_path / "w", "2021-07")
    return tmp_path / "w"


def old(root: Path, files: Mapping[str, str | bytes]) -> Path:
    folder = root.parent / "old"
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def imported(root: Path, *words: str) -> tuple[int, str]:
    done = newsletter("archive", "import", "../old", *words, cwd=root)
    assert done.stdout == ""
    return done.returncode, done.stderr


def taken(root: Path) -> str:
    """Import in this process; what is wrong with the files that were not taken."""
    with planned_import(workspace_in(root), root.parent / "old", lambda _done, _total: None) as plan:
        import_issues(plan)
    return "\n".join(map(str, plan.problems))


def kept(root: Path) -> list[str]:
    folder = root / "issues" / "imported"
    return sorted(files_in(folder)) if folder.is_dir() else []


def test_html_and_markdown_come_in_once_and_are_shown(root: Path) -> None:
    old(root, {"2019-05-26.html": LETTER, "notes.md": MARKDOWN, "a.png": png(size=(900, 600)), "read.txt": "x"})
    code, said = imported(root, "--dry-run")
    assert code == 0
    assert "+ issues/imported/2019-05-26/  2019-05-26  봄 편지  (2019-05-26.html)" in said
    assert kept(root) == []
    code, said = imported(root, "--yes")
    assert code == 0
    assert "2 issues were imported" in said
    names = [re.sub("a-.*png", "a.png", name) for name in kept(root)]
    assert names == [f"{slug}/{name}" for slug in ("2019-05-26", "notes") for name in ("page.html", "pictures/a.png")]
    before = files_in(root / "issues")
    assert imported(root, "--yes") == (0, "= 2 issues are there already, and the same\n")
    assert files_in(root / "issues") == before

    done = built(workspace_in(root), root / "site")
    assert done.problems == ()
    page = (root / "site" / "notes" / "index.html").read_text(encoding="utf-8")
    assert "<strong>약 60%</strong>에" in page
    assert '<time datetime="2018-03-02T09:30:00+09:00">2018년 3월 2일 (금) 09:30</time>' in page
    assert "홍길동" in page
    assert (root / "site" / re.findall(r'<img src="\.\./(pictures/a-\w+\.png)"', page)[0]).is_file()
    feed = json.loads((root / "site" / "feed.json").read_text(encoding="utf-8"))
    assert [item["title"] for item in feed["items"]] == ["2021-07의 주제", "봄 편지", "마크다운 호"]
    assert "봄 글" in (root / "site" / "search-2019.json").read_text(encoding="utf-8")
    assert built(workspace_in(root), root / "site").written.written == 0


def test_nobody_can_send_or_check_one(root: Path) -> None:
    old(root, {"2019-05-26.html": LETTER, "a.png": png()})
    taken(root)
    assert [path.stem for path in issue_paths(workspace_in(root))] == ["2021-07"]
    for words in (["check"], ["send", "--yes"], ["approve", "--yes"]):
        assert newsletter(*words, "2019-05-26", cwd=root).returncode == 64
        done = newsletter(*words, "issues/imported/2019-05-26/page.html", cwd=root)
        assert done.returncode == 64
        assert "which only the archive shows" in done.stderr


def test_without_a_terminal_or_a_yes_nothing_comes_in(root: Path) -> None:
    old(root, {"2019-05-26.html": LETTER, "a.png": png()})
    code, said = imported(root)
    assert code == 64
    assert "--yes" in said
    assert kept(root) == []
    assert [path.name for path in (root / ".newsletter").glob("import-*")] == []


REFUSED = {
    "no day": ({"x.html": LETTER}, "x.html: says nowhere when it was sent"),
    "no title": ({"2019-05-26.html": "<p>글"}, "2019-05-26.html: has no title"),
    "nothing said": ({"2019-05-26.html": "<title>x</title><script>y</script>"}, "says nothing"),
    "a wrong key": ({"x.md": "---\ntitel: x\ndate: 2019-05-26\n---\n글"}, "x.md:2:1: titel"),
    "a wrong day": ({"x.md": "---\ntitle: x\ndate: 2019-05-46\n---\n글"}, "x.md:3:7: date"),
    "an alias": ({"x.md": "---\ntitle: &a x\ndate: 2019-05-26\n---\n글"}, "x.md:2:8: "),
    "a slug that is none": ({"x.md": "---\ntitle: x\ndate: 2019-05-26\nslug: ../x\n---\n글"}, "x.md: slug"),
    "the slug of an issue": ({"2021-07.html": LETTER}, "2021-07 is the slug of an issue: issues/2021-07.yaml"),
    "a slug twice": ({"2019-05.html": LETTER, "2019.05.html": LETTER}, "2019-05 is the slug of 2019-05.html, too"),
    "too large": ({"2019-05-26.html": LETTER + "x" * 1_000_000}, "is larger than 1 MB"),
    "no encoding": ({"2019-05-26.html": b"<title>\xff\xff\xff</title>"}, "is neither UTF-8 nor CP949"),
    "one endless word": ({"2019-05-26.html": "<title>x</title>" + "a" * 900_000}, "2019-05-26.html: "),
    "endless fields": (
        {"2019-05-26.html": "<title>x</title>" + "{{" * 90_000 + "\n" + "a" * 250_000},
        "2019-05-26.html: ",
    ),
    "too many elements": ({"2019-05-26.html": "<title>x</title>" + "<b>a</b>" * 90_000}, "has more elements"),
    "too deep": ({"2019-05-26.html": "<title>x</title>" + "<div>" * 400}, "is nested more deeply, than any letter"),
}


@pytest.mark.parametrize(("files", "expected"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_taken_is_named_and_the_others_go_on(
    root: Path, files: dict[str, str | bytes], expected: str
) -> None:
    old(root, {"2018-01-02.html": LETTER, **files})
    assert expected in taken(root)
    assert "2018-01-02/page.html" in kept(root)
    assert len({name.partition("/")[0] for name in kept(root)}) == (2 if "2019.05.html" in files else 1)


def test_what_another_import_brought_meanwhile_is_left_alone(root: Path) -> None:
    folder = old(root, {"2019-05-26.html": LETTER})
    with planned_import(workspace_in(root), folder, lambda _done, _total: None) as plan:
        old(root, {"2019-05-26.html": LETTER.replace("봄 글", "여름 글")})
        assert taken(root) == ""
        before = files_in(root / "issues")
        with pytest.raises(CannotWriteError):
            import_issues(plan)
    assert files_in(root / "issues") == before


def test_one_that_is_there_with_other_content_is_left_alone(root: Path) -> None:
    old(root, {"2019-05-26.html": LETTER})
    taken(root)
    before = files_in(root / "issues")
    old(root, {"2019-05-26.html": LETTER.replace("봄 글", "여름 글")})
    code, said = imported(root, "--yes", "--quiet")
    assert code == 65
    assert "was imported before, with other content: issues/imported/2019-05-26" in said
    assert files_in(root / "issues") == before


@pytest.mark.parametrize(
    "data",
    [
        LETTER.encode("cp949"),
        LETTER.encode("utf-8-sig"),
        LETTER.encode("utf-16"),
        LETTER.replace(">", ">\r\n").encode(),
    ],
    ids=["cp949", "utf-8 with a mark", "utf-16", "windows"],
)
def test_whatever_encoding_and_line_ends_it_has(root: Path, data: bytes) -> None:
    old(root, {"서울 2019년 5월호.html": data})
    assert taken(root) == ""
    (page,) = kept(root)
    assert page == "2019-05-01/page.html"
    assert "\r" not in (root / "issues" / "imported" / page).read_text(encoding="utf-8")
    assert [issue.main.title for issue in read_imported(workspace_in(root)).issues] == ["봄 편지"]


def test_an_index_is_called_as_its_folder(root: Path) -> None:
    old(
        root,
        {"2019-05/index.html": LETTER, "2019-05/a.png": png(), "2019-06/letter.html": LETTER, "2019-06/a.png": png()},
    )
    assert taken(root) == ""
    assert {name.partition("/")[0] for name in kept(root)} == {"2019-05", "letter"}
    assert len(kept(root)) == 4


def test_no_picture_comes_from_outside_of_the_folder(root: Path) -> None:
    (root.parent / "secret.png").write_bytes(png())
    sources = [
        "../secret.png",
        "%2e%2e/secret.png",
        str(root.parent / "secret.png"),
        "linked.png",
        "file:///etc/passwd",
    ]
    pictures = "".join(f'<img src="{source}" alt="x">' for source in sources)
    folder = old(root, {"2019-05-26.html": f"<title>x</title><p>글</p>{pictures}"})
    (folder / "linked.png").symlink_to(root.parent / "secret.png")
    (folder / "2019-06-26.html").symlink_to("/etc/passwd")
    (folder / "below").symlink_to(root.parent)
    os.mkfifo(folder / "2019-07-26.html")
    code, said = imported(root, "--yes")
    assert code == 65
    assert "2019-06-26.html: is a link to another file" in said
    assert "linked.png" in said
    assert kept(root) == ["2019-05-26/page.html"]


def test_one_whose_page_is_gone_is_taken_away_and_told(root: Path) -> None:
    old(root, {"2019-05-26.html": LETTER, "2019-06-26.html": LETTER, "a.png": png()})
    taken(root)
    built(workspace_in(root), root / "site")
    (root / "issues" / "imported" / "2019-05-26" / "page.html").unlink()
    found = built(workspace_in(root), root / "site")
    (told,) = found.warnings
    assert "issues/imported/2019-05-26/page.html is not there: its page is taken away" in told.in_language("en")
    assert found.problems == ()
    assert sorted(path.name for path in (root / "site").glob("2019*")) == ["2019-06-26"]


def test_what_may_be_a_readers_is_named_without_telling_who(root: Path) -> None:
    text = "hong@example.com, *|FNAME|*, {{ kim@example.org }}, jane@example.net, hong@example.com"
    old(root, {"2019-05-26.html": f"<title>봄</title><p>{text}</p>"})
    _, said = imported(root, "--dry-run")
    assert "4 addresses or open fields, perhaps a reader's: h***@…, *|FNAME|*, " in said
    assert not re.search(r"(hong|kim|jane)@", said)
    assert said.rstrip().endswith(" …")


def test_what_was_edited_by_hand_is_cleaned_and_what_leads_out_is_refused(root: Path) -> None:
    old(root, {"2019-05-26.html": LETTER, "2019-06-26.html": LETTER, "2019-07-26.html": LETTER, "a.png": png()})
    taken(root)
    folder = root / "issues" / "imported"
    page = folder / "2019-05-26" / "page.html"
    page.write_text(page.read_text(encoding="utf-8") + "<script>x()</script><p onclick=x()>끝", encoding="utf-8")
    (folder / "2019-06-26" / "page.html").rename(root / "elsewhere.html")
    (folder / "2019-06-26" / "page.html").symlink_to(root / "elsewhere.html")
    (folder / "2019-08-26").symlink_to(folder / "2019-05-26")
    (folder / "2019-07-26" / "pictures" / "b.png").symlink_to("/etc/passwd")
    found = read_imported(workspace_in(root))
    assert [issue.slug for issue in found.issues] == ["2019-05-26", "2019-07-26"]
    assert "script" not in found.issues[0].main.body
    assert "<p>끝</p>" in found.issues[0].main.body
    assert list(found.broken) == ["2019-06-26", "2019-08-26"]
    assert len(found.issues[1].pictures) == 1
    with pytest.raises(KeyError):
        found.issues[1].pictures["pictures/../page.html"]


@pytest.mark.parametrize(("words", "code"), [("nowhere", 64), ("../empty", 65)])
def test_a_folder_without_a_letter_is_named(root: Path, words: str, code: int) -> None:
    (root.parent / "empty").mkdir()
    done = newsletter("archive", "import", words, "--yes", cwd=root)
    assert done.returncode == code
    assert words in done.stderr


@pytest.mark.parametrize("given", ["news", "javascript:x", "http://news.example.org/", "https://news.example.org/?a=1"])
def test_an_address_that_is_none_builds_nothing(root: Path, given: str) -> None:
    done = newsletter("archive", "build", "../site", "--base-url", given, cwd=root)
    assert done.returncode == 64
    assert given in done.stderr
    assert not (root.parent / "site").exists()


def test_what_is_left_out_without_an_address_is_told(root: Path) -> None:
    settings = root / "newsletter.toml"
    settings.write_text(re.sub("archive_url.*", "", settings.read_text(encoding="utf-8")), encoding="utf-8")
    done = newsletter("archive", "build", "../site", cwd=root)
    assert done.returncode == 0
    assert "--base-url" in done.stderr
    assert not (root.parent / "site" / "feed.xml").exists()
