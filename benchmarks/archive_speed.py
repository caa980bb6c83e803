"""Seconds to build the archive: of 20 issues with every kind of section, and of 500 like the example.

    python benchmarks/archive_speed.py [FOLDER]

Each build is a process of its own, as people start it. Touches: a folder that is removed, or FOLDER, which is kept to
be looked at. Limits: the issues differ in title, date and pictures; ends with 1 where an aim is missed.
"""

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests.support.archives import was_sent  # noqa: E402 - the tests' own way to say that an issue was sent

EVERY_SECTION = ROOT / "tests" / "letter" / "every-section.yaml"
EXAMPLE = ROOT / "issues" / "2021-07.yaml"
ADDRESS = "https://news.example.org/archive"
FEW, MANY = 20, 500
AIM_OF_A_CHANGE, AIM_OF_MANY = 5.0, 120.0


def measure(folder: Path) -> bool:
    """Print what was found; whether every aim was met."""
    few = workspace_of(folder / "few", EVERY_SECTION, FEW)
    print(f"{FEW} issues with every kind of section: {build(few)}; nothing changed: {build(few)}", flush=True)
    change = changed(few)
    print(f"one of them changed: {change} (aim: under {AIM_OF_A_CHANGE:.0f} s)", flush=True)
    many = workspace_of(folder / "many", EXAMPLE, MANY)
    whole = build(many)
    print(
        f"{MANY} issues like the example: {whole} (aim: under {AIM_OF_MANY:.0f} s); {sizes(many / 'public')}",
        flush=True,
    )
    print(f"nothing changed: {build(many)}; one changed: {changed(many)}")
    return change.wall < AIM_OF_A_CHANGE and whole.wall < AIM_OF_MANY


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds; those of the CPU do not grow where others work on the machine."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:.1f} s ({self.cpu:.1f} of the CPU)"


def workspace_of(root: Path, source: Path, count: int) -> Path:
    """So many issues, a month each, up to this one; each with pictures of its own."""
    (root / "issues").mkdir(parents=True)
    shutil.copy(ROOT / "newsletter.toml", root)
    shutil.copytree(ROOT / "tests" / "letter", root / "tests" / "letter", ignore=lambda *_: ["__pycache__"])
    text = source.read_text(encoding="utf-8")
    assets = ROOT / "issues" / "assets" / "2021-07"
    for number in range(count):
        slug = f"{2026 - number // 12}-{12 - number % 12:02d}"
        folder = root / "issues" / "assets" / slug
        folder.mkdir(parents=True)
        for picture in sorted([*assets.glob("*.png"), *source.parent.glob("*.png")]):
            marked(picture, folder / picture.name, number)
        own = text.replace("issues/assets/2021-07/", f"assets/{slug}/").replace("assets/2021-07/", f"assets/{slug}/")
        for picture in source.parent.glob("*.png"):
            own = own.replace(f" {picture.name}", f" assets/{slug}/{picture.name}")
        lines = [line for line in own.splitlines() if not line.startswith(("publish_at:", "number:"))]
        head = [f"publish_at: {slug}-01T09:00:00+09:00", f"number: {count - number}", f"tags: [주제{number % 7}]"]
        (root / "issues" / f"{slug}.yaml").write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")
        was_sent(root, slug)
    return root


def marked(source: Path, target: Path, number: int) -> None:
    """The same picture with a few pixels that no other issue has."""
    with Image.open(source) as opened:
        picture = opened.convert("RGBA")
    drawn = random.Random(number)
    for _ in range(8):
        picture.putpixel((drawn.randrange(picture.width), drawn.randrange(picture.height)), (200, number % 256, 0, 255))
    picture.save(target)


def build(root: Path) -> Took:
    """One build, the start of the process included."""
    command = [sys.executable, "-m", "newsletter", "archive", "build", "public", "--base-url", ADDRESS, "--quiet"]
    began, used = time.perf_counter(), cpu_of_children()
    subprocess.run(
        command, cwd=root, check=True, env=os.environ | {"PYTHONPATH": str(ROOT / "src")}, stdout=subprocess.PIPE
    )
    return Took(time.perf_counter() - began, cpu_of_children() - used)


def cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def changed(root: Path) -> Took:
    """The same after the title of one issue was changed, and sent so."""
    path = sorted((root / "issues").glob("*.yaml"))[3]
    path.write_text(path.read_text(encoding="utf-8").replace("title: ", "title: 새 ", 1), encoding="utf-8")
    was_sent(root, path.stem)
    return build(root)


def sizes(folder: Path) -> str:
    listed = json.loads((folder / ".newsletter-archive.json").read_text(encoding="utf-8"))["files"]
    octets = sum((folder / name).stat().st_size for name in listed)
    return f"{len(listed)} files of {octets / 1e6:.0f} MB"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        is_good = measure(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            is_good = measure(Path(scratch))
    sys.exit(0 if is_good else 1)
