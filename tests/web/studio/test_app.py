"""The studio over HTTP: what it shows for whom, what it refuses, and that it changes nothing."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from newsletter.settings.load import load_settings
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.keys import links_of
from tests.web.studio.studio_site import StudioSite, draw, studio_site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StudioSite]:
    with studio_site(tmp_path / "workspace") as running:
        yield running


@pytest.fixture
def client(site: StudioSite) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, trust_env=False) as opened:
        yield opened


def framed_letter(client: httpx.Client, **asked: str) -> httpx.Response:
    page = client.get("/", params=asked)
    assert page.status_code == 200
    found = re.search(r'<iframe [^>]*src="(letter/[0-9a-f]{64}[^"]*)"', page.text)
    assert found
    return client.get(html.unescape(found[1]))


def test_a_link_out_of_the_workspace_is_not_read(
    client: httpx.Client, site: StudioSite, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "key.yaml"
    outside.write_text("secret: words: of ours\n", encoding="utf-8")
    (site.root / "issues" / "2021-08.yaml").symlink_to(outside)
    for path in ("/", "/panel/findings", "/panel/issues"):
        answer = client.get(path, params={"issue": "2021-08", "view": "source"})
        assert answer.status_code == 200
        assert "secret" not in answer.text
    assert "작업 폴더 밖을 가리키는 링크입니다" in client.get("/", params={"issue": "2021-08"}).text


def test_the_first_subscriber_is_shown_their_own_letter(client: httpx.Client) -> None:
    assert "홍길동님, 안녕하세요." in framed_letter(client).text


def test_a_reader_is_found_by_address_or_by_part_of_a_name(client: httpx.Client) -> None:
    for asked in ("kim@example.net", "KIM@EXAMPLE.NET", "김철", "kim@"):
        assert "김철수님" in framed_letter(client, **{"as": asked}).text


def test_without_a_reader_the_defaults_stand(client: httpx.Client) -> None:
    assert "구독자님, 안녕하세요." in framed_letter(client, **{"as": ""}).text


def test_an_unknown_reader_is_told_and_the_defaults_stand(client: httpx.Client) -> None:
    assert "그런 구독자가 없어" in client.get("/", params={"as": "nobody@example.com"}).text
    assert "구독자님" in framed_letter(client, **{"as": "nobody@example.com"}).text


def test_an_english_reader_gets_the_english_chrome(client: httpx.Client) -> None:
    assert 'lang="en"' in framed_letter(client, **{"as": "jane@example.org"}).text


def test_text_and_headers_are_those_of_the_message(client: httpx.Client) -> None:
    assert "홍길동님, 안녕하세요." in client.get("/?view=text").text
    headers = html.unescape(client.get("/?view=headers").text)
    assert "홍길동 <hong@example.com>" in headers
    assert "[서울이슈큐레이터] 신성장동력" in headers
    assert "List-Unsubscribe=One-Click" in headers


def test_another_issue_can_be_chosen(client: httpx.Client) -> None:
    assert "청년정책" in framed_letter(client, issue="2021-06").text


def test_an_unknown_issue_is_404(client: httpx.Client) -> None:
    for slug in ("2099-01", "../2021-07", "..%2f", "2021-07.yaml", "issues/2021-07.yaml", "x" * 3000):
        answer = client.get("/", params={"issue": slug})
        assert (answer.status_code, "그런 호가 없습니다" in answer.text) == (404, True)


def test_the_way_out_in_a_preview_changes_nothing(site: StudioSite, client: httpx.Client) -> None:
    links = links_of(Workspace(site.root, load_settings(site.root / "newsletter.toml", {})), create=True)
    for text in (
        framed_letter(client).text,
        client.get("/?view=text").text,
        html.unescape(client.get("/?view=headers").text),
    ):
        tokens = re.findall(r"https://news\.example\.org/u/([\w.-]+)", text)
        assert tokens
        for token in tokens:
            read = links.read(token)
            assert read is not None
            assert read.proof


def test_pictures_come_from_here(client: httpx.Client) -> None:
    letter = framed_letter(client)
    assert "cid:" not in letter.text
    found = re.search(r'src="/[^"/]+(/letter/[0-9a-f]{64}/picture/[^"]+)"', letter.text)
    assert found
    picture = client.get(html.unescape(found[1]))
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


def test_a_saved_picture_is_a_new_letter_at_once(site: StudioSite, client: httpx.Client) -> None:
    before = framed_letter(client).url
    draw(site.root / "issues" / "hero.png", "orange")
    assert framed_letter(client).url != before


def test_a_template_of_the_workspace_wins_once_it_is_there(site: StudioSite, client: httpx.Client) -> None:
    framed_letter(client)
    site.save(site.root / "templates" / "email" / "_footer.html.j2", "<tr><td>OUR OWN FOOTER</td></tr>")
    assert "OUR OWN FOOTER" in framed_letter(client).text


def test_a_broken_issue_is_explained_beside_the_last_good_letter(site: StudioSite, client: httpx.Client) -> None:
    framed_letter(client)
    site.edit("title: 신성장동력", "titel: <b>신성장동력</b>")
    page = client.get("/").text
    assert "issues/2021-07.yaml:1:1: titel: `titel`이라는 칸은 없습니다." in page
    assert "&lt;b&gt;신성장동력" in page
    assert re.search(r"\n +\^", page)
    assert "마지막으로 성공한 편지" in page
    assert "홍길동님, 안녕하세요." in framed_letter(client).text
    site.edit("titel: <b>신성장동력</b>", "title: 신성장동력")
    assert "마지막으로" not in client.get("/").text


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("newsletter.toml", "[newsletter]\nname = 서울", "newsletter.toml:2:"),
        ("newsletter.toml", "[newsletter]\nbogus = 1\n", "bogus"),
        ("subscribers.csv", "name\n홍길동\n", "subscribers.csv"),
        ("issues/2021-07.yaml", "title: [", "issues/2021-07.yaml:1:"),
        ("issues/2021-07.yaml", "\x00", "issues/2021-07.yaml"),
        ("templates/email/layout.html.j2", "{{ nonsense", "layout.html.j2"),
        ("templates/email/layout.html.j2", "{{ nonsense.thing }}", "nonsense"),
    ],
)
def test_whatever_is_broken_is_named_and_mending_it_is_enough(
    site: StudioSite, client: httpx.Client, name: str, text: str, message: str
) -> None:
    path = site.root / name
    before = path.read_text(encoding="utf-8") if path.exists() else None
    site.save(path, text)
    page = client.get("/")
    assert page.status_code == 200
    assert "고칠 곳이 있습니다" in page.text
    assert message in page.text
    if before is None:
        path.unlink()
    else:
        site.save(path, before)
    assert "홍길동님" in framed_letter(client).text


def test_without_subscribers_the_defaults_stand(site: StudioSite, client: httpx.Client) -> None:
    (site.root / "subscribers.csv").unlink()
    assert "구독자님" in framed_letter(client).text


def test_a_search_finds_readers_and_their_number_is_bounded(site: StudioSite, client: httpx.Client) -> None:
    rows = "".join(f"reader{number}@example.com,독자,,\n" for number in range(500))
    site.save(site.root / "subscribers.csv", f"email,name,language,tags\n{rows}hong@example.com,홍길동,ko,\n")
    assert len(client.get("/readers", params={"words": "독자"}).json()) == 50
    assert client.get("/readers", params={"words": "홍길"}).json() == [
        {"address": "hong@example.com", "name": "홍길동"}
    ]
    assert client.get("/").text.count('@example.com">독자</option>') == 50


def test_nothing_can_be_changed_here(client: httpx.Client) -> None:
    for method in ("POST", "PUT", "DELETE"):
        for path in ("/", "/readers", "/events"):
            assert client.request(method, path).status_code == 405


@pytest.mark.parametrize("host", ["evil.example.com", "127.0.0.1", "evil.example.com:{port}"])
def test_a_foreign_host_is_refused_everywhere(site: StudioSite, client: httpx.Client, host: str) -> None:
    for path in ("/", "/events", "/readers", "/letter/x", "/elsewhere"):
        answer = client.get(path, headers={"Host": host.format(port=site.port)})
        assert answer.status_code == 421
        assert "example.com" not in answer.text


def test_what_was_never_shown_is_404(client: httpx.Client) -> None:
    for path in ("/letter/x", "/letter/x/picture/y", f"/letter/{'0' * 64}", "/assets/../app.py", "/u/x"):
        assert client.get(path).status_code == 404


def test_the_page_takes_hostile_words_as_words(client: httpx.Client) -> None:
    page = client.get("/", params={"as": '"><script>alert(1)</script>', "view": "<script>"}).text
    assert "<script>alert" not in page


def test_the_draft_is_had_as_one_file_in_the_variant_that_is_looked_at(client: httpx.Client, site: StudioSite) -> None:
    site.issue.write_text(site.issue.read_text(encoding="utf-8") + "translations:\n  en: { title: Growth engines }\n")
    page = client.get("/", params={"as": "jane@example.org"}).text
    found = re.search(r'<a href="(standalone\.html[^"]*)" download', page)
    assert found
    answer = client.get(html.unescape(found[1]))
    assert answer.headers["content-disposition"] == 'attachment; filename="2021-07.en.standalone.html"'
    assert "Growth engines" in answer.text
    assert 'src="data:image/png;base64,' in answer.text
    for personal in ("Jane", "jane@", site.url.rpartition("/")[2]):
        assert personal not in answer.text


def test_of_a_broken_issue_there_is_no_draft_to_share(client: httpx.Client, site: StudioSite) -> None:
    client.get("/")
    site.issue.write_text("title: [", encoding="utf-8")
    assert "standalone.html" not in client.get("/").text
    answer = client.get("/standalone.html")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/plain; charset=utf-8")
