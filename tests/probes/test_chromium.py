"""The browser that takes pictures: it shows a page whole, runs none of it, asks nobody, leaves nothing behind."""

import io
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from newsletter.probes.chromium import BrowserFailedError, BrowserWindow, browser_program, chromium

PAGE = "<!DOCTYPE html><style>body {{ margin: 0; background: #008000 }}</style>{}"


def program() -> str:
    found = browser_program(os.environ)
    assert found, "These tests need Chromium."
    return found


@pytest.fixture(scope="module")
def window() -> Iterator[BrowserWindow]:
    with chromium(program()) as opened:
        yield opened


def shown(pictures: list[bytes]) -> Image.Image:
    [picture] = pictures
    return Image.open(io.BytesIO(picture)).convert("RGB")


def test_a_page_is_photographed_whole(window: BrowserWindow) -> None:
    page = PAGE.format('<div style="height: 2990.4px"></div><div style="height: 10px; background: #0000ff"></div>')
    picture = shown(window.photograph(page, 320))
    assert picture.width == 320
    assert 3000 <= picture.height <= 3001
    assert (picture.getpixel((5, 5)), picture.getpixel((5, 2995))) == ((0, 128, 0), (0, 0, 255))


def test_a_tall_page_comes_in_strips_that_fit(window: BrowserWindow) -> None:
    page = PAGE.format('<div style="height: 12500px"></div><div style="height: 10px; background: #0000ff"></div>')
    first, second = (Image.open(io.BytesIO(one)).convert("RGB") for one in window.photograph(page, 100))
    assert (first.height, second.height) == (12_000, 510)
    assert second.getpixel((5, 505)) == (0, 0, 255)


def test_the_dark_is_what_the_page_is_told(window: BrowserWindow) -> None:
    page = PAGE.format("<style>@media (prefers-color-scheme: dark) { body { background: #000000 } }</style>")
    colours = [shown(window.photograph(page, 100, dark=dark)).getpixel((5, 5)) for dark in (False, True)]
    assert colours == [(0, 128, 0), (0, 0, 0)]


def test_a_page_knows_nothing_of_the_one_before(window: BrowserWindow) -> None:
    policy = '<meta http-equiv="Content-Security-Policy" content="style-src \'none\'">'
    pages = [PAGE.format(""), f"{policy}{PAGE.format('')}", PAGE.format("")]
    colours = [shown(window.photograph(page, 100)).getpixel((5, 5)) for page in pages]
    assert colours == [(0, 128, 0), (255, 255, 255), (0, 128, 0)]


def test_nothing_of_the_page_runs(window: BrowserWindow) -> None:
    page = PAGE.format('<script>document.body.style.background = "red"</script><img src=x onerror="location = \'x\'">')
    assert shown(window.photograph(page, 100)).getpixel((50, 90)) == (0, 128, 0)


def test_nobody_is_asked_for_anything(window: BrowserWindow) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        window.photograph(PAGE.format(f'<img src="{address}x.png"><link rel=stylesheet href="{address}x.css">'), 100)
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()


def test_neither_a_process_nor_a_file_is_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with chromium(program()):
        [profile] = tmp_path.iterdir()
    assert list(tmp_path.iterdir()) == []
    running = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.is_file()]
    assert [words for words in running if str(profile).encode() in words] == []


@pytest.mark.parametrize("does", ["exit 3", "exec sleep 60 3<&- 4>&-", r"printf 'no\0' >&4; exec cat <&3 >/dev/null"])
def test_a_program_that_is_no_browser_is_told_and_ended(does: str, tmp_path: Path) -> None:
    script = tmp_path / "browser"
    script.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    script.chmod(0o755)
    with pytest.raises(BrowserFailedError, match="the browser of this machine"), chromium(str(script)):
        pass


def test_a_program_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    with pytest.raises(BrowserFailedError), chromium(str(tmp_path / "nothing")):
        pass


def test_which_program_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("google-chrome", "mine"):
        (tmp_path / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    named = {variable: browser_program({"NEWSLETTER_BROWSER": variable}) for variable in ("mine", "", "absent")}
    assert named == {"mine": str(tmp_path / "mine"), "": None, "absent": None}
    assert browser_program({}) == str(tmp_path / "google-chrome")
