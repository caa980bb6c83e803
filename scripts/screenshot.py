"""Photograph the example letter for the README: wide in the light, narrow in the dark, side by side.

    python scripts/screenshot.py            writes docs/images/letter.png

Touches: that file; starts the system's Chromium. Limits: the letter's fonts are those of this machine; Debian's
fonts-noto-cjk stands for what readers have.
"""

import base64
import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from newsletter.edition.edition import Edition
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.issue.load import load_issue
from newsletter.settings.load import find_workspace

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "images" / "letter.png"

WIDE, NARROW = 640, 320
"""CSS pixels of the two windows."""
HEIGHT = 1180
"""CSS pixels: down to where the first story begins."""
SCALE = 2
GAP = 40
GROUND = "#d7dcd8"
READER = {"name": "홍길동", "link.unsubscribe": "https://news.example.org/u/example"}


def letter() -> str:
    """The example's HTML for one reader, with its pictures in it."""
    workspace = find_workspace(ROOT, explicit=None, environ={})
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


def photograph(browser: Browser, html: str, width: int, *, dark: bool, at: str = "body") -> Image.Image:
    """HEIGHT pixels of the letter in a window of `width`, from the first element that matches `at`."""
    page = browser.new_page(
        viewport={"width": width, "height": HEIGHT},
        color_scheme="dark" if dark else "light",
        device_scale_factor=SCALE,
    )
    page.set_content(html)
    page.locator(at).first.evaluate("place => place.scrollIntoView()")
    data = page.screenshot()
    page.close()
    return Image.open(io.BytesIO(data)).convert("RGB")


def main() -> None:
    html = letter()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-background-networking", "--no-first-run"],
        )
        photographs = [
            photograph(browser, html, WIDE, dark=False),
            photograph(browser, html, NARROW, dark=True, at="p.rule"),
        ]
        browser.close()
    sheet = Image.new("RGB", (SCALE * (WIDE + NARROW + 3 * GAP), SCALE * (HEIGHT + 2 * GAP)), GROUND)
    left = SCALE * GAP
    for picture in photographs:
        sheet.paste(picture, (left, SCALE * GAP))
        left += picture.width + SCALE * GAP
    OUT.parent.mkdir(parents=True, exist_ok=True)
    sheet.quantize(256, dither=Image.Dither.NONE).save(OUT, optimize=True)
    print(f"{OUT.relative_to(ROOT)}  {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
