"""Photograph the example letter: wide in the light, narrow in the dark; for the README, and in each preset.

    python scripts/screenshot.py            writes docs/images/letter.png and docs/images/preset-<name>.png

Touches: those files; starts the system's Chromium. Limits: the letter's fonts are those of this machine; Debian's
fonts-noto-cjk stands for what readers have.
"""

import base64
import io
import shutil
from dataclasses import replace
from pathlib import Path
from typing import get_args

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from newsletter.edition.edition import Edition
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.issue.load import load_issue
from newsletter.settings.load import find_workspace
from newsletter.settings.presets import PresetName

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"

WIDE, NARROW = 640, 320
"""CSS pixels of the two windows."""
HEIGHT = 1180
"""CSS pixels: down to where the first story begins."""
SCALE = 2
PRESET_SCALE = 1.25
GAP = 40
GROUND = "#d7dcd8"
READER = {"name": "홍길동", "link.unsubscribe": "https://news.example.org/u/example"}


def letter(preset: PresetName) -> str:
    """The example's HTML for one reader, with its pictures in it."""
    found = find_workspace(ROOT, explicit=None, environ={})
    theme = found.settings.theme.model_copy(update={"preset": preset})
    workspace = replace(found, settings=found.settings.model_copy(update={"theme": theme}))
    zone, language = workspace.settings.newsletter.timezone, workspace.settings.newsletter.language
    issue = load_issue(workspace.issues / "2021-07.yaml", workspace_root=ROOT, timezone=zone)
    return _for_a_browser(render(issue, workspace, variants(issue, [language])[0]))


def _for_a_browser(edition: Edition) -> str:
    html = edition.html
    for hole in edition.holes:
        html = html.replace(hole.marker, READER.get(hole.key) or hole.default or "")
    for picture in edition.pictures:
        data = base64.b64encode(picture.data).decode("ascii")
        html = html.replace(f"cid:{picture.cid}", f"data:{picture.media_type};base64,{data}")
    return html


def photograph(browser: Browser, html: str, width: int, *, dark: bool, scale: float, at: str = "body") -> Image.Image:
    """HEIGHT pixels of the letter in a window of `width`, from the first element that matches `at`."""
    page = browser.new_page(
        viewport={"width": width, "height": HEIGHT},
        color_scheme="dark" if dark else "light",
        device_scale_factor=scale,
    )
    page.set_content(html)
    page.locator(at).first.evaluate("place => place.scrollIntoView()")
    data = page.screenshot()
    page.close()
    return Image.open(io.BytesIO(data)).convert("RGB")


def write_sheet(out: Path, photographs: list[Image.Image], scale: float) -> None:
    """The photographs beside each other, in 256 colours."""
    gap = round(scale * GAP)
    width = sum(one.width + gap for one in photographs) + gap
    sheet = Image.new("RGB", (width, photographs[0].height + 2 * gap), GROUND)
    left = gap
    for picture in photographs:
        sheet.paste(picture, (left, gap))
        left += picture.width + gap
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet.quantize(256, dither=Image.Dither.NONE).save(out, optimize=True)
    print(f"{out.relative_to(ROOT)}  {out.stat().st_size:,} bytes")


def main() -> None:
    sheets: list[tuple[str, PresetName, float]] = [("letter", "quiet", SCALE)]
    sheets += [(f"preset-{name}", name, PRESET_SCALE) for name in get_args(PresetName)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-background-networking", "--no-first-run"],
        )
        for name, preset, scale in sheets:
            html = letter(preset)
            photographs = [
                photograph(browser, html, WIDE, dark=False, scale=scale),
                photograph(browser, html, NARROW, dark=True, scale=scale, at=".ordinal"),
            ]
            write_sheet(IMAGES / f"{name}.png", photographs, scale)
        browser.close()


if __name__ == "__main__":
    main()
