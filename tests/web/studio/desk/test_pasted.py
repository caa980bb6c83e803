"""What is pasted and dropped, over HTTP: Markdown, tables, charts, pictures; and nobody else may send it."""

import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.web.studio.desk.desk_client import DeskClient
from tests.web.studio.studio_site import studio_site


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskClient]:
    with studio_site(tmp_path / "workspace") as site, httpx.Client(base_url=site.url, trust_env=False) as http:
        yield DeskClient(site, http)


def png(colour: str = "red", width: int = 1300) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, 10), colour).save(out, "PNG")
    return out.getvalue()


def drop(
    desk: DeskClient,
    data: bytes,
    name: str = "강 River.PNG",
    issue: str = "2021-07",
    to: str = "picture",
    **headers: str,
) -> httpx.Response:
    sent = {**desk.own, "X-Newsletter-Csrf": desk.csrf, **headers}
    return desk.http.post(f"/desk/{to}", params={"issue": issue, "name": name, "ui": "en"}, content=data, headers=sent)


def test_pasted_html_is_markdown(desk: DeskClient) -> None:
    answer = desk.post("clean", ui="en", html="<p><b>굵게</b><br>둘<img src=x></p>").json()
    assert answer == {
        "markdown": "**굵게**\\\n둘\n",
        "told": ["left out: 1 picture; add them as pictures of their own"],
    }
    kept = desk.post("clean", html="<p>하나<br>둘</p>", line_breaks="keep").json()
    assert kept == {"markdown": "하나\n둘\n", "told": []}


def test_a_pasted_table_is_rows_or_a_chart(desk: DeskClient) -> None:
    text = "구\t명\n종로\t1,234\n"
    assert desk.post("table", text=text).json() == {"columns": ["구", "명"], "rows": [["종로", "1,234"]]}
    assert desk.post("chart", text=text).json() == {"items": [{"label": "종로", "value": "1,234"}], "unit": ""}
    refused = desk.post("table", ui="en", text="one")
    assert (refused.status_code, refused.json()["problem"]["words"]) == (422, "has no rows under its header")


def test_a_dropped_picture_lies_beside_the_issue(desk: DeskClient) -> None:
    first = drop(desk, png())
    assert first.json() == {"src": "assets/2021-07-river.png", "width": 1200, "height": 9}
    assert drop(desk, png()).json() == first.json(), "the same picture is the same file"
    assert drop(desk, png("blue")).json()["src"] == "assets/2021-07-river-2.png"
    assert drop(desk, png("green"), "그림.png").json()["src"] == "assets/2021-07-1.png"
    names = sorted(path.name for path in (desk.site.issue.parent / "assets").iterdir())
    assert names == ["2021-07-1.png", "2021-07-river-2.png", "2021-07-river.png"]


def test_what_is_no_picture_is_refused_with_words(desk: DeskClient) -> None:
    answer = drop(desk, b"<svg/>", "a.png")
    assert answer.status_code == 422
    assert "SVG" in answer.json()["problem"]["words"]
    assert drop(desk, png(), issue="2020-01").status_code == 404
    assert drop(desk, png(), issue="../x").status_code == 404
    large = drop(desk, b"x" * 20_000_001)
    assert large.status_code == 413
    assert large.json()["problem"]["words"].startswith("A file may have 20 MB at most.")
    assert not (desk.site.issue.parent / "assets").exists()


def test_no_picture_is_put_where_a_link_leads_out(desk: DeskClient, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (desk.site.issue.parent / "assets").symlink_to(tmp_path / "elsewhere")
    assert drop(desk, png()).status_code == 403
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_only_a_page_of_this_server_may_send(desk: DeskClient) -> None:
    foreign = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert drop(desk, png(), **foreign).status_code == 403
    assert drop(desk, png(), **{"X-Newsletter-Csrf": "wrong"}).status_code == 403
    for name, body in (("clean", {"html": "x"}), ("table", {"text": "a,b\n1,2"}), ("chart", {"text": "a,b\n1,2"})):
        assert desk.http.post(f"/desk/{name}", json={"csrf": desk.csrf, **body}, headers=foreign).status_code == 403
        assert desk.http.post(f"/desk/{name}", json={"csrf": "x", **body}, headers=desk.own).status_code == 403
        assert desk.post(name, html=1, text=1).status_code == 400
    assert not (desk.site.issue.parent / "assets").exists()


def test_a_dropped_document_begins_an_issue(desk: DeskClient) -> None:
    page = "# 제목\n\n글 ![비밀](../newsletter.toml)\n\n## 하나\n\n둘\n".encode()
    answer = drop(desk, page, "../초안.md", "2021-08", to="document")
    assert answer.json() == {"slug": "2021-08", "told": ["left out: 1 picture; add them as pictures of their own"]}
    made = desk.site.issue.parent / "2021-08.yaml"
    assert "# 초안.md\n\ntitle: 제목\n" in made.read_text(encoding="utf-8")
    assert drop(desk, page, "초안.md", "2021-08", to="document").status_code == 404, "it is there already"
    assert drop(desk, b"x", "a.hwp", "2021-09", to="document").status_code == 422
    assert drop(desk, page, "a.md", "../x", to="document").status_code == 404
    assert drop(desk, page, "a.md", "2021-09", to="document", **{"X-Newsletter-Csrf": "x"}).status_code == 403


def test_the_next_issue_begins_as_another_one_was(desk: DeskClient) -> None:
    answer = desk.post("next", **{"from": "2021-07", "issue": "2021-08"})
    assert (answer.status_code, answer.json()["slug"]) == (200, "2021-08")
    assert 'title: ""' in (desk.site.issue.parent / "2021-08.yaml").read_text(encoding="utf-8")
    assert desk.post("next", **{"from": "2021-07", "issue": "2021-08"}).status_code == 404
    assert desk.post("next", **{"from": "../../etc/passwd", "issue": "2021-09"}).status_code == 404
    assert desk.http.post("/desk/next", json={"csrf": "x", "from": "2021-07", "issue": "2021-09"}).status_code == 403
    assert not (desk.site.issue.parent / "2021-09.yaml").exists()


def look(desk: DeskClient, src: str, issue: str = "2021-07") -> httpx.Response:
    return desk.http.get("/desk/picture", params={"issue": issue, "src": src})


def test_a_look_of_a_picture_is_small_and_nothing_but_pixels(desk: DeskClient) -> None:
    src = drop(desk, png(width=1200)).json()["src"]
    shown = look(desk, src)
    assert shown.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(shown.content)).size == (480, 4)
    assert look(desk, "hero.png").status_code == 200, "named by the issue"
    assert look(desk, "hero.png", "2021-06").status_code == 200


def test_only_pictures_that_are_the_issues_are_shown(desk: DeskClient, tmp_path: Path) -> None:
    root, issues = desk.site.root, desk.site.issue.parent
    (issues / "assets").mkdir()
    for path in (tmp_path / "outside.png", root / "private.png", issues / "other.png"):
        path.write_bytes(png())
    (issues / "assets" / "link.png").symlink_to(tmp_path / "outside.png")
    (issues / "assets" / "inside.png").symlink_to(root / "private.png")
    (issues / "assets" / "list.csv").write_bytes((root / "subscribers.csv").read_bytes())
    (issues / "assets" / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    for src in (
        "",
        "private.png",
        "other.png",
        "../private.png",
        "assets/../other.png",
        "assets/link.png",
        "assets/inside.png",
        "assets/list.csv",
        "assets/drawing.svg",
        "assets",
        "../../outside.png",
        str(tmp_path / "outside.png"),
        "../newsletter.toml",
        "a\0b",
        "x" * 2_000,
    ):
        assert look(desk, src).status_code == 404, src
    assert look(desk, "hero.png", "../2021-07").status_code == 404
    assert look(desk, "hero.png", "2020-01").status_code == 404
    desk.site.edit("hero.png", "../../outside.png")
    assert look(desk, "../../outside.png").status_code == 404, "also where the issue names it"
