"""`newsletter diff --out`: one file that shows what differs, asks nobody for anything, and can be read by anybody."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.cli.conftest import ISSUE, Call, call, clean, make_workspace
from tests.support.browser import accessibility_findings

__all__ = ["call", "clean"]

GIT = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
HOSTILE = "</iframe><script>document.title = 'ran'</script>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in git, with a change that is not committed."""
    folder = make_workspace(tmp_path_factory.mktemp("letters") / "letters")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run([*GIT, *words], cwd=folder, check=True, capture_output=True)
    changed = ISSUE.replace("Good morning.", f'Good evening "{HOSTILE}".').replace("Growth", f'"Growth {HOSTILE}"')
    (folder / "issues" / "2026-11.yaml").write_text(changed, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def shown(folder: Path) -> Path:
    return folder.parent / "out" / "2026-11.diff.html"


def test_its_path_is_data_and_it_shows_words_and_pictures(call: Call, folder: Path, shown: Path, page: Page) -> None:
    ended = call("diff", "--out", "../out", "--exit-code", cwd=folder)
    assert (ended.code, ended.out) == (1, "../out/2026-11.diff.html\n"), ended.err
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(shown.as_uri())
    assert {one for one in asked if not one.startswith("data:")} == {shown.as_uri()}
    assert page.title() == "2026-11 · Before and after"
    assert page.locator("del", has_text="morning").count() == 1
    assert page.locator("ins", has_text="evening").count() == 1
    summaries = page.locator("summary").all_inner_texts()
    assert [one.partition(" places")[0] for one in summaries] == [
        f"{width} px, {setting}"
        for setting in ("light", "dark", "colours inverted", "images off")
        for width in (320, 600)
    ]
    assert page.locator("img").evaluate_all("pictures => pictures.every(one => one.naturalWidth >= 320)")
    assert page.locator("iframe").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_by_anybody(shown: Path, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(shown.as_uri())
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert accessibility_findings(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize(
    ("browser_named", "why"),
    [("", "There was no browser"), ("/bin/false", "No pictures could be taken: the browser of this machine")],
)
def test_without_a_browser_the_letters_stand_beside_each_other(
    call: Call, folder: Path, tmp_path: Path, page: Page, browser_named: str, why: str
) -> None:
    out = tmp_path / "here.html"
    ended = call("diff", "--out", str(out), "--exit-code", cwd=folder, NEWSLETTER_BROWSER=browser_named)
    assert (ended.code, ended.out) == (1, f"{out}\n")
    assert why in ended.err
    page.goto(out.as_uri())
    assert (
        page.locator("iframe").evaluate_all("frames => frames.map(one => one.sandbox.value)")
        == ["allow-popups allow-popups-to-escape-sandbox"] * 2
    )
    before, after = page.frames[1:]
    assert (before.inner_text("h1"), after.inner_text("h1")) == ("Growth", f"Growth {HOSTILE}")
    assert page.title() == "2026-11 · Before and after"
    assert accessibility_findings(page) == []


def test_where_nothing_differs_it_says_so(call: Call, folder: Path, tmp_path: Path) -> None:
    ended = call("diff", "HEAD..", "--out", str(tmp_path), "--exit-code", cwd=folder)
    assert ended.code == 0
    assert "Nothing differs." in (tmp_path / "2026-11.diff.html").read_text(encoding="utf-8")


def test_where_it_cannot_be_written_it_is_told(call: Call, folder: Path) -> None:
    ended = call("diff", "HEAD..", "--out", "newsletter.toml", cwd=folder)
    assert ended.code == 73
