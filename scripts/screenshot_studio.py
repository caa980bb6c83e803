"""Photograph the studio for the documentation: at a desk in the light, on a phone in the dark, side by side.

    python scripts/screenshot_studio.py            writes docs/images/studio.png

Touches: that file; serves the example on a port of this machine and starts the system's Chromium. Limits: as
screenshot.py, the fonts are those of this machine.
"""

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from newsletter.settings.load import find_workspace
from newsletter.web.guard import new_token
from newsletter.web.server import background, listen
from newsletter.web.studio.app import studio_app
from newsletter.web.studio.workspace_letters import WorkspaceLetters

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "images" / "studio.png"
PARTS = ("issues", "templates", "newsletter.toml", "subscribers.example.csv")
"""What makes the repository a workspace."""

DESK, PHONE = (1280, 800), (390, 800)
"""CSS pixels of the two windows."""
SCALE = 1.5
GAP = 36
GROUND = "#d7dcd8"
FAULTS = (
    ("label: 서울연구원 누리집 둘러보기", "label: 더보기"),
    ("다음 세대의 산업을 한발 먼저", "[여기](http://www.si.re.kr)처럼 다음 세대의 산업을 한발 먼저"),
    ("preheader: 스마트미디어, 소프트웨어, 바이오의료, 인공지능. ", "preheader: "),
)
"""What the photographed issue does worse than the example, so that there is something to find."""


def copied(place: Path) -> Path:
    """The example as a workspace of its own, with some faults in it."""
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name)
        else:
            shutil.copy(ROOT / name, place / name)
    issue = place / "issues" / "2021-07.yaml"
    text = issue.read_text(encoding="utf-8")
    for good, bad in FAULTS:
        text = text.replace(good, bad, 1)
    issue.write_text(text, encoding="utf-8")
    return place


def photograph(browser: Browser, url: str, size: tuple[int, int], *, dark: bool) -> Image.Image:
    """The page, once everything on it has come."""
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        device_scale_factor=SCALE,
    )
    page.goto(url)
    page.locator("#findings-body .findings").wait_for(state="attached")
    if not dark:
        page.locator("[data-tag] .jump").first.click()
        page.frame_locator("#letter").locator("studio-marks div.shown").wait_for()
    # The letter scrolls smoothly to the finding.
    page.wait_for_timeout(1000)
    data = page.screenshot()
    page.close()
    return Image.open(io.BytesIO(data)).convert("RGB")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace = find_workspace(copied(Path(folder)), explicit=None, environ={})
        token = new_token()
        app = studio_app(WorkspaceLetters(workspace, "2021-07", {}), workspace.root, token)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-background-networking", "--no-first-run"],
        )
        with background(app, listen("127.0.0.1", 0)) as url:
            photographs = [
                photograph(browser, f"{url}/{token}/", DESK, dark=False),
                photograph(browser, f"{url}/{token}/?look=dark", PHONE, dark=True),
            ]
        browser.close()
    width = sum(one.width for one in photographs) + 3 * GAP
    sheet = Image.new("RGB", (width, photographs[0].height + 2 * GAP), GROUND)
    left = GAP
    for one in photographs:
        sheet.paste(one, (left, GAP))
        left += one.width + GAP
    sheet.quantize(256, dither=Image.Dither.NONE).save(OUT, optimize=True)
    print(f"{OUT.relative_to(ROOT)}  {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
