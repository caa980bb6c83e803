"""`newsletter theme gallery`: one file that shows a letter in every preset, and asks nobody for anything."""

from pathlib import Path
from typing import get_args

import pytest
from playwright.sync_api import Page

from newsletter.settings.presets import PresetName
from tests.cli.conftest import Call, call, clean, make_workspace
from tests.support.browser import accessibility_findings

__all__ = ["call", "clean"]

PRESETS = get_args(PresetName)
HOSTILE = 'intro: |\n  "quoted" </iframe><script>document.title = "ran"</script> {{ subscriber.name }}\n'


def test_every_preset_is_shown_light_and_dark_and_nothing_runs_or_is_fetched(
    call: Call, tmp_path: Path, page: Page
) -> None:
    ended = call("theme", "gallery", cwd=tmp_path)
    assert ended.code == 0, ended.err
    assert ended.out.strip() == "theme-gallery.html"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 1280, "height": 2400})
    path = tmp_path / "theme-gallery.html"
    page.goto(path.as_uri())
    assert {one for one in asked if not one.startswith("data:")} == {path.as_uri()}
    frames = page.frames[1:]
    assert len(frames) == 2 * len(PRESETS)
    grounds = [one.evaluate("getComputedStyle(document.querySelector('.ground')).backgroundColor") for one in frames]
    assert len(set(grounds)) == len(frames)
    for frame in frames:
        assert frame.evaluate("[...document.images].every(one => one.naturalWidth > 0)")
        assert "신성장동력" in frame.inner_text("h1")
    assert accessibility_findings(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_an_issue_says_stays_in_its_frame(call: Call, tmp_path: Path, page: Page) -> None:
    folder = make_workspace(tmp_path / "letters")
    issue = folder / "issues" / "2026-11.yaml"
    issue.write_text(f"title: A </iframe> B\npreheader: What the year was like\n{HOSTILE}", encoding="utf-8")
    out = tmp_path / "out" / "looks.html"
    ended = call("theme", "gallery", "2026-11", "--out", str(out), cwd=folder)
    assert (ended.code, ended.out.strip()) == (0, str(out)), ended.err
    page.goto(out.as_uri())
    assert page.title() == "The presets · The Letter"
    assert page.locator("iframe").count() == 2 * len(PRESETS)
    assert page.frames[1].inner_text("h1") == "A </iframe> B"


def test_a_preset_that_does_not_go_with_the_colours_says_why(call: Call, tmp_path: Path) -> None:
    folder = make_workspace(tmp_path / "letters")
    with (folder / "newsletter.toml").open("a", encoding="utf-8") as settings:
        settings.write('[theme]\npreset = "journal"\nmuted = "#6b6b6b"\n')
    ended = call("theme", "gallery", cwd=folder)
    assert ended.code == 0, ended.err
    shown = (folder / "theme-gallery.html").read_text(encoding="utf-8")
    assert shown.count("<iframe") == 2 * (len(PRESETS) - 1)
    assert shown.count('class="refused"') == 1
    assert "muted #6b6b6b" in shown.partition('class="refused"')[2].partition("</p>")[0]
    assert shown.count("in use") == 1


@pytest.mark.parametrize(("words", "code"), [(("none",), 64), (("--out", "issues"), 73)])
def test_what_cannot_be_shown_or_written_is_said(call: Call, tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    folder = make_workspace(tmp_path / "letters")
    ended = call("theme", "gallery", *words, cwd=folder)
    assert ended.code == code
    assert not (folder / "theme-gallery.html").exists()
