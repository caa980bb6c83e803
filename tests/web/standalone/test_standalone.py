"""`newsletter render --standalone`: one file of a draft, which leaves no trace of who looks at it, in Chromium too."""

import re
from collections.abc import Callable
from pathlib import Path
from shutil import copyfile, copytree

import pytest
from playwright.sync_api import Page, Route

from newsletter.settings.load import find_workspace
from newsletter.web.standalone.page import standalone_page
from newsletter.workflow.standalone import standalone_letters
from tests.cli.conftest import Call, call, clean, make_workspace
from tests.support.browser import accessibility_findings
from tests.support.repository import ROOT

__all__ = ["call", "clean"]

MORE = """
[links]
pages_url = "https://news.example.org"
archive_url = "https://www.example.org/letters"
unsubscribe_mailto = "leave@news.example.org"
[footer]
forward = true
[images]
mode = "hosted"
[theme]
accent = "#7a2e6b"
"""
ISSUE = """title: Growth </header> & more
preheader: What the year was like
hero: { src: hero.png, alt: A skyline }
contents: auto
intro: |
  Good morning, {{ subscriber.name | default("reader") }}, who reads at {{ subscriber.email }}.
sections:
  - { type: story, heading: For all, body: "A [report](https://example.com/report?utm_source=letter&id=7)." }
  - { type: story, heading: And this, body: Two. }
  - { type: story, heading: And that, body: Three. }
  - { type: story, heading: For some, body: "Only theirs.", only_for: [press] }
"""
OUTSIDE = re.compile("https?:")
HOSTILE = """<link rel="stylesheet" href="https://spy.example.com/a.css">
<meta http-equiv="refresh" content="0;url=https://spy.example.com/b">
<p style="background-image:url(https://spy.example.com/c.png)">.</p>
<img src="https://spy.example.com/d.png" alt="" width="1" height="1">
<script>document.title = "ran"</script>"""


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled issue, as written in both its languages."""
    folder = tmp_path_factory.mktemp("drafts")
    for one in standalone_letters(find_workspace(ROOT, explicit=None, environ={}), "2021-07"):
        (folder / one.name).write_text(standalone_page(one), encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace whose letter has everything that must not work in a draft, and whose template asks for more."""
    made = make_workspace(tmp_path / "letters")
    with (made / "newsletter.toml").open("a", encoding="utf-8") as settings:
        settings.write(MORE)
    (made / "issues" / "2026-11.yaml").write_text(ISSUE, encoding="utf-8")
    copyfile(next((ROOT / "issues" / "assets").rglob("*.png")), made / "issues" / "hero.png")
    return made


@pytest.fixture
def show(page: Page) -> Callable[..., list[str]]:
    """Open a file in a window; the list gets what the page asks for, in others' tabs too."""

    def opened(path: Path, width: int = 1000, *, dark: bool = False) -> list[str]:
        asked: list[str] = []

        # Nothing leaves this machine in a test either.
        def answer(route: Route) -> None:
            asked.append(route.request.url)
            route.fulfill(body="there")

        page.context.unroute_all()
        page.context.route(OUTSIDE, answer)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.goto(path.as_uri())
        return asked

    return opened


@pytest.mark.parametrize(
    ("name", "width", "dark"),
    [
        ("2021-07.standalone.html", 320, False),
        ("2021-07.standalone.html", 320, True),
        ("2021-07.standalone.html", 1000, False),
        ("2021-07.standalone.html", 1000, True),
        ("2021-07.en.standalone.html", 320, True),
    ],
)
def test_it_is_read_on_any_screen_and_asks_nobody(
    drafts: Path, show: Callable[..., list[str]], page: Page, name: str, width: int, dark: bool
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    show(drafts / name, width, dark=dark)
    assert {one for one in asked if not one.startswith("data:")} == {(drafts / name).as_uri()}
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert accessibility_findings(page) == []
    assert page.evaluate("[...document.images].map(one => one.naturalWidth > 0)") == [True] * 5
    ground = page.evaluate("getComputedStyle(document.querySelector('.page')).backgroundColor")
    assert page.evaluate("getComputedStyle(document.querySelector('.draft-bar')).backgroundColor") == ground


def test_it_says_what_it_is_and_what_an_inbox_shows(drafts: Path, show: Callable[..., list[str]], page: Page) -> None:
    show(drafts / "2021-07.standalone.html")
    assert page.title() == "초안 · [서울이슈큐레이터] 신성장동력"
    bar = page.locator("body > header:first-child")
    assert bar.get_attribute("lang") == "ko"
    assert bar.inner_text().split("\n")[:1] == [
        "초안 2021-07 호의 검토용 파일입니다. 발송한 메일이 아니니 다른 분께 전달하지 마세요."
    ]
    assert page.locator(".draft-row").inner_text().split("\n\n") == [
        "서울연구원",
        "[서울이슈큐레이터] 신성장동력",
        "스마트미디어, 소프트웨어, 바이오의료, 인공지능. 서울의 다음 산업을 정책연구로 살펴봅니다.",
    ]
    assert page.get_attribute("meta[name=robots]", "content") == "noindex"
    show(drafts / "2021-07.en.standalone.html")
    assert page.title() == "Draft · [Seoul Issue Curator] New growth engines"
    assert page.locator("body > header:first-child").get_attribute("lang") == "en"


def test_nothing_personal_works_and_nothing_tells_who_looked(
    call: Call, folder: Path, tmp_path: Path, show: Callable[..., list[str]], page: Page
) -> None:
    own = folder / "templates" / "email"
    copytree(ROOT / "templates" / "email", own)
    layout = own / "layout.html.j2"
    layout.write_text(layout.read_text(encoding="utf-8").replace("{{ rows }}", "{{ rows }}" + HOSTILE), "utf-8")
    out = tmp_path / "a" / "out"
    ended = call("render", "2026-11", "--standalone", "--out", str(out), cwd=folder)
    assert ended.code == 0, ended.err
    path = out / "2026-11.standalone.html"
    text = path.read_text(encoding="utf-8")
    assert "/u/" not in text
    assert not [one for one in ("hong@", "jane@", "Hong", "Jane") if one in text]
    assert not (folder / ".newsletter").exists()
    asked = show(path)
    assert page.get_by_alt_text("A skyline").evaluate("one => one.naturalWidth") > 0
    assert asked == []
    assert page.title().startswith("Draft · ")
    assert "Good morning, reader, who reads at subscriber@example.com." in page.inner_text("body").replace("\u2060", "")
    inert = page.locator("a:not([href])")
    assert inert.all_inner_texts() == [
        "For all",
        "And this",
        "And that",
        "Unsubscribe",
        "Read on the web",
        "Forward to a friend",
    ]
    for link in inert.all():
        assert link.get_attribute("title") == "Does not work in a draft"
        link.click(force=True)  # Playwright waits for a link that says it cannot be used
    assert (asked, page.url) == ([], path.as_uri())
    with page.context.expect_page() as tab:
        page.get_by_role("link", name="report").click()
    tab.value.wait_for_url("https://example.com/report*")
    assert asked == ["https://example.com/report?id=7"]
    assert page.evaluate("getComputedStyle(document.querySelector('.draft-what')).backgroundColor") == (
        "rgb(122, 46, 107)"
    )


def test_each_variant_is_a_file_and_only_one_of_parts_says_so(call: Call, folder: Path) -> None:
    with (folder / "issues" / "2026-11.yaml").open("a", encoding="utf-8") as issue:
        issue.write("translations:\n  ko: { title: 성장 }\n  ar: { title: نمو }\n")
    ended = call("render", "2026-11", "--standalone", "--out", "out", cwd=folder)
    assert ended.code == 0, ended.err
    names = [f"2026-11.{one}standalone.html" for one in ("", "en-0-1-2.", "ko.", "ko-0-1-2.", "ar.", "ar-0-1-2.")]
    assert ended.out.split() == [f"out/{one}" for one in names]
    texts = [(folder / "out" / one).read_text(encoding="utf-8") for one in names]
    assert ["With 3 of 4 sections" in one for one in texts] == [False, True, False, False, False, True]
    assert '<p dir="rtl" lang="ar">[The Letter] نمو</p>' in texts[4]
    assert "섹션 4개 가운데 3개만" in texts[3]
    assert ended.err.splitlines()[0].startswith(f"{names[0]}: {len(texts[0].encode()) / 1024:,.1f} KB, ")


def test_it_replaces_an_older_one_and_is_the_same_again(call: Call, folder: Path) -> None:
    (folder / "out").mkdir()
    path = folder / "out" / "2026-11.standalone.html"
    path.write_text("older", encoding="utf-8")
    made = []
    for _ in range(2):
        assert call("render", "2026-11", "--standalone", "--out", "out", cwd=folder).code == 0
        made.append(path.read_bytes())
    assert made[0] == made[1] != b"older"


def test_a_file_that_mail_servers_may_refuse_is_told_also_to_who_wants_quiet(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_workspace(tmp_path / "letters")
    words = ("render", "2026-11", "--standalone", "--out", "out", "--quiet")
    assert call(*words, cwd=folder).err == ""
    monkeypatch.setattr("newsletter.cli.write_and_look.MOST_OF_AN_ATTACHMENT", 2048)
    assert "2026-11.standalone.html is larger than 2.0 KB" in call(*words, cwd=folder).err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("2026-11", "--as", "hong@example.com", "--out", "out"), 64),
        (("none", "--out", "out"), 64),
        (("2026-11", "--out", "newsletter.toml"), 73),
    ],
)
def test_a_draft_is_nobodys_and_what_cannot_be_made_is_said(
    call: Call, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    folder = make_workspace(tmp_path / "letters")
    ended = call("render", *words, "--standalone", cwd=folder)
    assert (ended.code, ended.out) == (code, ""), ended.err
    assert not (folder / "out").exists()
