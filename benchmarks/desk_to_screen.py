"""How long the desk takes from a key to the letter, to the file and to the findings: Chromium. Touches: a temp folder.

    python benchmarks/desk_to_screen.py [--rounds N] [--kilobytes 30] [--json]

A sign is typed into a body of the example, whose sections are repeated until the file is as large as wanted. The clock
runs from just before the key until the frame with the new letter has taken its place and has been painted, until the
file on the disk is another, and until the findings of that file have come. Medians count; exits 1 where an aim is
missed.
Limits: a headless browser, which has no screen to wait for; on a busy machine all grows.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright
from save_to_screen import ARGUMENTS, SLUG, WATCH, browser_path, preview, workspace

AIMS = {"letter": 150.0, "file": 300.0, "findings": 500.0}
"""Milliseconds, the medians."""
PAUSE = 1500
"""Milliseconds between two keys."""
PATIENCE = 10.0
"""Seconds until a file that does not change is a failure."""
ANSWERS = """() => performance.getEntriesByType("resource")
    .filter((one) => one.name.includes("/desk/findings") && one.responseEnd)
    .map((one) => performance.timeOrigin + one.responseEnd)"""


def grown(text: str, octets: int) -> str:
    """The issue with its sections repeated until it is so large; its translation is left out."""
    head, _, rest = text.partition("\nsections:\n")
    sections, _, closing = rest.partition("\nclosing:")
    closing = closing.partition("\n# ")[0]
    made, times = "", 0
    while len(made.encode()) < octets:
        times += 1
        made = f"{head}\nsections:\n" + f"{sections}\n" * times + f"\nclosing:{closing}\n"
    return made


def measure(page: Page, issue: Path, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each round; the first two, which meet everything for the first time, are left out."""
    times: dict[str, list[float]] = {name: [] for name in AIMS}
    page.wait_for_function("() => window.shown.length && window.shown.at(-1)[1]")
    page.locator(".desk-card .desk-fold").first.click()
    page.locator(".desk-card").first.get_by_role("textbox", name="본문", exact=True).click()
    for _ in range(rounds + 2):
        page.wait_for_timeout(PAUSE)
        shown, found = page.evaluate("() => window.shown.length"), len(page.evaluate(ANSWERS))
        before = issue.stat().st_mtime_ns
        started = time.time()
        page.keyboard.insert_text("가")
        times["file"].append((_saved_at(issue, before) - started) * 1e3)
        page.wait_for_function("count => window.shown.length > count && window.shown.at(-1)[1]", arg=shown)
        times["letter"].append(page.evaluate("count => window.shown[count][1]", shown) - started * 1e3)
        while len(answers := page.evaluate(ANSWERS)) <= found:
            page.wait_for_timeout(50)
        times["findings"].append(answers[-1] - started * 1e3)
    return {name: all_of_them[2:] for name, all_of_them in times.items()}


def _saved_at(issue: Path, before: int) -> float:
    """The time of day at which the file has another date."""
    deadline = time.monotonic() + PATIENCE
    while (now := issue.stat().st_mtime_ns) == before:
        if time.monotonic() > deadline:
            raise TimeoutError("the file did not change")
        time.sleep(0.002)
    return now / 1e9


def run(rounds: int, octets: int) -> dict[str, dict[str, float]]:
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = workspace(Path(folder))
        issue = root / "issues" / f"{SLUG}.yaml"
        issue.write_text(grown(issue.read_text(encoding="utf-8"), octets), encoding="utf-8")
        with preview(root) as address:
            browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.add_init_script(f"if (window === window.top) {{ {WATCH} }}")
            page.goto(f"{address}?write=1")
            times = measure(page, issue, rounds)
            browser.close()
        found = {
            name: {"median_ms": statistics.median(its), "least_ms": min(its), "most_ms": max(its)}
            for name, its in times.items()
        }
        return {**found, "issue": {"octets": float(issue.stat().st_size), "rounds": float(rounds)}}


def main() -> int:
    words = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(description=words)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--kilobytes", type=int, default=30)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = run(asked.rounds, asked.kilobytes * 1000)
    if asked.json:
        print(json.dumps(found))
    else:
        for name, aim in AIMS.items():
            its = found[name]
            print(f"from key to {name}: {its['median_ms']:.0f} ms, the median of {asked.rounds}", end="")
            print(f" ({its['least_ms']:.0f} to {its['most_ms']:.0f}); the aim is {aim:.0f}")
    return 0 if all(found[name]["median_ms"] <= aim for name, aim in AIMS.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
