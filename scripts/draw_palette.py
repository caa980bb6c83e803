"""Photograph a section of every type for the palette of the desk, where somebody chooses one.

    python scripts/draw_palette.py            writes src/newsletter/web/studio/pages/palette-<type>.png

The samples are those of palette.yaml, as the real letter shows them; each picture keeps the digest of its section's
HTML, by which a test knows that it is not out of date. Touches: those files; starts the system's Chromium. Limits: as
screenshot.py, the fonts are those of this machine.
"""

import base64
import hashlib
import io
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, PngImagePlugin
from playwright.sync_api import Page, sync_playwright

from newsletter.edition.edition import Edition
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.issue.load import load_issue
from newsletter.settings.load import find_workspace

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "src" / "newsletter" / "web" / "studio" / "pages"
SAMPLES = Path(__file__).with_name("palette.yaml")

WIDTH, HEIGHT = 400, 260
"""Pixels of a picture, which is shown half as large."""
COLOURS = (32, 24, 16, 12, 8)
MOST_BYTES = 9_000
"""Of a picture; it gets as many colours as fit in."""
DIGEST = "letter"
"""The name under which a picture keeps the digest of what it shows."""
NARROW = 420
"""CSS pixels of the window, as of a large telephone, so that words are large."""
WINDOWS = {"figures": 600, "gallery": 600}
"""By type, where that is too narrow for things to stand side by side."""
AROUND = 22
"""CSS pixels that are kept free round what the section shows."""

_COLUMN, _END = '<div class="column"', "<!--[if mso]></td></tr></table>"
"""How a row of the letter begins and ends (templates/email/_row.html.j2)."""
_CID = re.compile(r'cid:[^"]*')
_HEADLINE = "<h1"
"""In the row before the sections."""
_ALONE = """at => {
  const columns = [...document.querySelectorAll("div.column")];
  const cell = columns[columns.findIndex((one) => one.querySelector("h1")) + 1 + at].parentElement;
  const row = cell.parentElement;
  for (const one of row.parentElement.children) if (one !== row) one.style.display = "none";
  for (const one of document.querySelectorAll("body, body *:has(> table, > tbody, > tr)"))
    one.style.setProperty("background", getComputedStyle(cell).backgroundColor, "important");
  cell.firstElementChild.id = "shown";
}"""


@dataclass(frozen=True, slots=True)
class PaletteSample:
    """A section of a type as the letter shows it, and where it is in the letter of all samples."""

    type: str
    at: int
    row: str
    """Its HTML."""

    @property
    def digest(self) -> str:
        # A picture is called after its bytes, which another version of Pillow makes otherwise.
        return hashlib.sha256(_CID.sub("cid:", self.row).encode()).hexdigest()


def sample_edition() -> tuple[Edition, tuple[str, ...]]:
    """The letter of all samples, and the types of its sections in their order."""
    workspace = find_workspace(ROOT, explicit=None, environ={})
    settings = workspace.settings.newsletter
    issue = load_issue(SAMPLES, workspace_root=ROOT, timezone=settings.timezone)
    edition = render(issue, workspace, variants(issue, [settings.language])[0])
    return edition, tuple(section.type for section in issue.sections)


def palette_samples(edition: Edition, types: tuple[str, ...]) -> Mapping[str, PaletteSample]:
    """The first sample of each type, by type."""
    rows = [part.partition(_END)[0] for part in edition.html.split(_COLUMN)[1:]]
    first = next(index for index, row in enumerate(rows) if _HEADLINE in row) + 1
    found: dict[str, PaletteSample] = {}
    for at, type_ in enumerate(types):
        found.setdefault(type_, PaletteSample(type_, at, rows[first + at]))
    return found


def picture_of(page: Page, sample: PaletteSample) -> Image.Image:
    """The section alone on its own ground, in the middle where it is lower than the picture."""
    width = WINDOWS.get(sample.type, NARROW)
    height = round(width * HEIGHT / WIDTH)
    page.set_viewport_size({"width": width, "height": 2 * height})
    page.evaluate(_ALONE, sample.at)
    shown = page.locator("#shown")
    box = shown.bounding_box()
    assert box is not None
    lower = max(0.0, (height - box["height"]) / 2, AROUND) - box["y"]
    page.locator("body").evaluate("(body, lower) => { body.style.marginTop = `${lower}px` }", lower)
    data = page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": height})
    return Image.open(io.BytesIO(data)).convert("RGB").resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def write_picture(picture: Image.Image, sample: PaletteSample) -> None:
    out = PAGES / f"palette-{sample.type}.png"
    kept = PngImagePlugin.PngInfo()
    kept.add_text(DIGEST, sample.digest)
    for colours in COLOURS:
        picture.quantize(colours, dither=Image.Dither.NONE).save(out, optimize=True, pnginfo=kept)
        if out.stat().st_size <= MOST_BYTES:
            break
    print(f"{out.relative_to(ROOT)}  {out.stat().st_size:,} bytes")


def _for_a_browser(edition: Edition) -> str:
    html = edition.html
    for hole in edition.holes:
        html = html.replace(hole.marker, hole.default or "")
    for picture in edition.pictures:
        data = base64.b64encode(picture.data).decode("ascii")
        html = html.replace(f"cid:{picture.cid}", f"data:{picture.media_type};base64,{data}")
    return html


def main() -> None:
    edition, types = sample_edition()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-background-networking", "--no-first-run"],
        )
        for sample in palette_samples(edition, types).values():
            page = browser.new_page(device_scale_factor=2)
            page.set_content(_for_a_browser(edition))
            write_picture(picture_of(page, sample), sample)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
