"""`new SLUG --from FILE`: a document becomes an issue that `check` accepts, but for what a person has to say."""

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from newsletter.check.finding import Severity
from newsletter.errors import CannotWriteError, InputError, UsageError
from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace
from newsletter.workflow.check import check_file
from newsletter.workflow.new_from_file import new_from_file
from newsletter.workflow.steps.begun import BegunIssue
from tests.cli.conftest import make_workspace
from tests.support.word_file import footnote_sign, link, paragraph, picture, run, table, word_file


def png(width: int = 1600, colour: str = "#cc3333", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, 400), colour).save(out, "PNG", **more)
    return out.getvalue()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return find_workspace(make_workspace(tmp_path / "letters"), explicit=None, environ={})


def begun(workspace: Workspace, name: str, data: bytes | str) -> BegunIssue:
    path = workspace.root / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return new_from_file(workspace, "2026-12", path)


def body(begun: BegunIssue) -> str:
    return begun.path.read_text(encoding="utf-8").split("\n\n", 1)[1]


def told(begun: BegunIssue) -> list[str]:
    return [one.in_language("en") for one in begun.told]


def errors(workspace: Workspace, begun: BegunIssue) -> list[str]:
    findings = check_file(workspace, begun.path, lambda *_: None).findings
    return [f"{one.line}: {one.message.in_language('en')}" for one in findings if one.severity is Severity.ERROR]


WORD = word_file(
    paragraph(run("7월호: 신성장"), style=3),
    paragraph(run("안녕하세요. "), run("굵게", "<w:b/>"), run("는 끝.")),
    paragraph(run("첫 이야기"), style=1),
    paragraph(picture("image1", "")),
    paragraph(run("본문"), footnote_sign(1), run(" # 2*3 "), link("링크", "l1")),
    paragraph(run("하나"), numbered=(0, 1)),
    paragraph(run("둘"), numbered=(1, 1)),
    paragraph(run("작은 제목"), style=2),
    paragraph(run("{{ subscriber.name }}")),
    paragraph(run("인구"), style=1),
    table([["구", "명"], ["종로", "1,234"]]),
    paragraph(run("셋째"), style=1),
    paragraph(run("글")),
    paragraph(picture("image2", "강변")),
    paragraph(run("글2")),
    paragraph(picture("image1", "")),
    links={"l1": "https://example.org/a?utm_source=x"},
    pictures=[png(), png(300, "#33cc33")],
    notes=["각주 설명"],
)


def test_a_word_document_becomes_an_issue(workspace: Workspace) -> None:
    made = begun(workspace, "7월호.docx", WORD)
    assert body(made) == (
        'title: "7월호: 신성장"\nline_breaks: keep\n\nintro: |\n  안녕하세요. **굵게**는 끝.\n\nsections:\n'
        '  - type: story\n    heading: 첫 이야기\n    image: { src: assets/2026-12-1.png, alt: "" }\n    body: |\n'
        "      본문[^1] # 2*3 [링크](https://example.org/a)\n\n      - 하나\n        - 둘\n\n      # 작은 제목\n\n"
        '      {{ "{{" }} subscriber.name }}\n\n      [^1]: 각주 설명\n\n'
        '  - type: table\n    heading: 인구\n    rows:\n      - [구, 명]\n      - [종로, "1,234"]\n\n'
        "  - type: story\n    heading: 셋째\n    image: { src: assets/2026-12-2.png, alt: 강변 }\n"
        "    body: |\n      글\n\n      글2\n"
    )
    assert "assets/2026-12-1.png" in told(made)[1]
    assert errors(workspace, made) == ["13: sections[0].image.alt: must not be empty"]


def test_what_word_keeps_beside_the_text_is_told(workspace: Workspace) -> None:
    made = begun(
        workspace,
        "a.docx",
        word_file(
            paragraph(run("제목"), style=1),
            paragraph(run("남는 글"), '<w:del w:id="1" w:author="a"><w:r><w:delText>지운 글</w:delText></w:r></w:del>'),
            '<w:p><m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r/></m:oMath></w:p>',
        ),
    )
    assert body(made).endswith("intro: |\n  남는 글\n")
    assert told(made) == [
        "left out: 1 place that a revision had struck out",
        "left out: 1 formula; write them in words or add them as a picture",
    ]


def test_pictures_are_made_small_and_lose_what_else_was_in_the_file(workspace: Workspace) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "where it was taken"
    data = word_file(
        paragraph(run("제목"), style=1),
        paragraph(run("글")),
        paragraph(picture("image1", "")),
        pictures=[png(exif=exif)],
    )
    begun(workspace, "a.docx", data)
    written = (workspace.issues / "assets" / "2026-12-1.png").read_bytes()
    with Image.open(io.BytesIO(written)) as opened:
        assert opened.size == (400, 1600), "it stood on its side"
        assert not opened.getexif()
    assert b"where it was taken" not in written


def test_markdown_with_front_matter(workspace: Workspace) -> None:
    (workspace.root / "a.png").write_bytes(png())
    made = begun(
        workspace,
        "post.md",
        "---\ntitle: 제목\nlayout: post\ndate: 2026-12-01\ntags: [걷기, 도시]\ndescription: 한 줄\n---\n"
        "# 큰 제목\n\n첫 글[^1]. <b>굵게</b>\n\n## 하나\n\n![강](a.png)\n\n글 **굵게**\n\n![밖](https://example.org/b.png)\n\n"
        "[^1]: 설명\n",
    )
    assert body(made) == (
        "title: 제목\npreheader: 한 줄\ntags: [걷기, 도시]\nline_breaks: keep\n\n"
        "intro: |\n  첫 글[^1]. **굵게**\n\n  [^1]: 설명\n\nsections:\n"
        "  - type: story\n    heading: 하나\n    image: { src: assets/2026-12-1.png, alt: 강 }\n"
        "    body: |\n      글 **굵게**\n"
    )
    assert told(made)[1:] == [
        "left out: 1 picture; add them as pictures of their own",
        "front matter that an issue has no place for: layout, date",
    ]
    assert errors(workspace, made) == []


def test_a_page_and_plain_text(workspace: Workspace) -> None:
    made = begun(
        workspace,
        "a.html",
        "<title>창 제목</title><p>글</p><img src='../../etc/passwd'><h2>하나</h2><h3>둘</h3><p>셋</p>",
    )
    assert body(made) == (
        "title: 하나\nline_breaks: keep\n\nintro: |\n  글\n\nsections:\n"
        "  - type: story\n    heading: 둘\n    body: |\n      셋\n"
    )
    made.path.unlink()
    made = begun(workspace, "b.txt", "첫 줄\n\n- 하나\n1. 둘\n".encode("cp949"))
    assert body(made) == "title: 첫 줄\nline_breaks: keep\n\nintro: |\n  \\- 하나\n  1\\. 둘\n"
    assert errors(workspace, made) == []


def test_two_pictures_side_by_side_are_a_gallery(workspace: Workspace) -> None:
    images = "".join(f'<img src="{name}.png" alt="{name}">' for name in "abc")
    for name, colour in zip("abc", ("red", "green", "blue"), strict=True):
        (workspace.root / f"{name}.png").write_bytes(png(20, colour))
    made = begun(workspace, "a.html", f"<h1>제목</h1><p>앞</p><h2>그림</h2><p>글</p>{images}")
    assert "  - type: gallery\n    images:\n      - { src: assets/2026-12-2.png, alt: b }\n" in body(made)
    assert errors(workspace, made) == []


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.hwp", b"\xd0\xcf\x11\xe0rest", "HWP"),
        ("a.hwpx", b"PK\x03\x04", "HWP"),
        ("a.docx", b"PK\x03\x04rest", "no Word document"),
        ("a.doc", b"\xd0\xcf\x11\xe0rest", "older Word"),
        ("a.docx", b"\xd0\xcf\x11\xe0rest", "older Word"),
        ("a.pdf", b"%PDF-1.7", "none of"),
        ("a.txt", b"%PDF-1.7", "none of"),
        ("a.txt", b"\n \n", "no words"),
        ("a.md", b"# only a title\n", "no words"),
        ("a.md", b"# a title\n\n## and headings\n\n## alone\n", "no words"),
    ],
)
def test_what_is_no_document_is_told_with_the_way_out(workspace: Workspace, name: str, data: bytes, says: str) -> None:
    with pytest.raises(InputError) as raised:
        begun(workspace, name, data)
    assert says in raised.value.in_language("en")
    assert not (workspace.issues / "2026-12.yaml").exists()


def _packed(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, data)
    return out.getvalue()


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><w>&b;</w>'


@pytest.mark.parametrize(
    "data",
    [
        _packed("word/document.xml", BOMB),
        _packed("word/document.xml", BOMB.decode().encode("utf-16")),
        _packed("word/document.xml", b" " * 31_000_000),
        _packed("word/document.xml", b"<a>" * 20_000),
    ],
    ids=["entities", "entities in UTF-16", "much", "deep"],
)
def test_a_hostile_document_is_refused(workspace: Workspace, data: bytes) -> None:
    with pytest.raises(InputError):
        begun(workspace, "a.docx", data)


def test_nothing_is_written_over(workspace: Workspace) -> None:
    taken = workspace.issues / "assets" / "2026-12-1.png"
    taken.parent.mkdir(parents=True)
    taken.write_bytes(b"another")
    made = begun(workspace, "a.docx", WORD)
    before = made.path.read_bytes()
    assert taken.read_bytes() == b"another"
    assert b"assets/2026-12-2.png" in before
    with pytest.raises(UsageError):
        begun(workspace, "a.docx", WORD)
    assert made.path.read_bytes() == before


def test_where_nothing_can_be_written_no_picture_stays(workspace: Workspace) -> None:
    (workspace.issues / "assets").parent.mkdir(parents=True, exist_ok=True)
    (workspace.issues / "assets").write_bytes(b"a file")
    with pytest.raises(CannotWriteError):
        begun(workspace, "a.docx", WORD)
    assert not (workspace.issues / "2026-12.yaml").exists()
