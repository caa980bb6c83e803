"""Lays out one letter with MJML, React Email, Maizzle and newsletter, and prints how they compare. To be run by hand.

    npm ci --prefix benchmarks/peers
    (cd benchmarks/peers/node_modules/node && node installArchSpecificPackage.js)
    python benchmarks/peers/compare.py [--out DIR] [--features]

Touches: DIR, where the letters are left to look at. Needs the packages of package.json (Node 22 among them), Chromium
and SpamAssassin. docs/benchmarks.md says what is counted. Exits 1 where newsletter misses its aims.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from content import HERE, content, mail_around, our_html
from features import features_of
from pen import dearest, pens
from playwright.sync_api import Browser

sys.path.insert(0, str(HERE.parents[1]))
from looks import axe_finds, tiles_without_style

from tests.support.browser import chromium
from tests.support.spamassassin import score

NODE = HERE / "node_modules" / "node" / "bin" / "node"
PEERS = {"MJML": ["mjml.mjs"], "React Email": ["react-email.mjs"], "Maizzle": ["maizzle.mjs"]}
OURS = "newsletter"
MOST_BYTES = 24_000


def peers_html(arguments: list[str]) -> str:
    """What a peer makes of the content; it is run with its own Node."""
    command = [str(NODE), *arguments]
    ended = subprocess.run(command, input=json.dumps(content()), cwd=HERE, capture_output=True, check=True, text=True)
    return ended.stdout


def row(name: str, html: str, browser: Browser) -> dict[str, str]:
    whole, inline = pens(html)
    return {
        "": name,
        "HTML bytes": f"{len(html.encode()):,}",
        "pen (of it inline)": f"{whole:g} ({inline:g})",
        "axe, light": axe_finds(browser, html, dark=False),
        "axe, dark": axe_finds(browser, html, dark=True),
        "SpamAssassin -L": f"{score(mail_around(html)):.1f}",
        "tiles at 320 px without style": tiles_without_style(browser, html, [f["value"] for f in content()["figures"]]),
    }


def missed(letters: dict[str, str]) -> list[str]:
    """The aims of the letter that it does not meet."""
    found = {name: pens(html) for name, html in letters.items()}
    ours = found.pop(OURS)
    aims = {
        f"bytes: {len(letters[OURS].encode())} of {MOST_BYTES}": len(letters[OURS].encode()) < MOST_BYTES,
        "pen: a peer has less": ours[0] < min(whole for whole, _ in found.values()),
        "pen inline: a peer has less": ours[1] < min(inline for _, inline in found.values()),
    }
    return [aim for aim, met in aims.items() if not met]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="keep the letters here")
    parser.add_argument("--features", action="store_true", help="what each letter's pen is made of")
    given = parser.parse_args()
    letters = {name: peers_html(arguments) for name, arguments in PEERS.items()} | {OURS: our_html()}
    with chromium() as browser:
        rows = [row(name, html, browser) for name, html in letters.items()]
    for heading in rows[0]:
        print("|", " | ".join([heading, *(cells[heading] for cells in rows)]), "|")
        if not heading:
            print("|---" * (len(rows) + 1) + "|")
    print(f"\nMJML minified: {len(peers_html(['mjml.mjs', 'minified']).encode()):,} bytes")
    for name, html in letters.items():
        if given.out:
            given.out.mkdir(parents=True, exist_ok=True)
            (given.out / f"{name}.html").write_text(html, encoding="utf-8")
        if given.features:
            print(f"{name}:", ", ".join(f"{used} {cost:g}" for used, cost in dearest(features_of(html)).items()))
    for aim in missed(letters):
        print(f"missed: {aim}", file=sys.stderr)
    return 1 if missed(letters) else 0


if __name__ == "__main__":
    sys.exit(main())
