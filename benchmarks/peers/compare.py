"""Lays out one letter with MJML, React Email, Maizzle, emailmd and newsletter, and prints how they compare.

To be run by hand:

    npm install --prefix benchmarks/peers --ignore-scripts
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
from pen import dearest, pens, without_print
from playwright.sync_api import Browser

sys.path.insert(0, str(HERE.parents[1]))
from looks import axe_finds, tiles_without_style

from tests.support.browser import chromium
from tests.support.spamassassin import score, without_list_headers

NODE = HERE / "node_modules" / "node" / "bin" / "node"
PEERS = {
    "MJML": ["mjml.mjs"],
    "React Email": ["react-email.mjs"],
    "Maizzle": ["maizzle.mjs"],
    "emailmd": ["emailmd.mjs"],
}
MINIFY = ["MJML", "emailmd"]
"""Those whose letters come with white space unless one asks for less."""
OURS = "newsletter"
MOST_BYTES = 24_000
MOST_PEN = 51
"""Without what only paper sees."""
MOST_INLINE_PEN = 30


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
        "SpamAssassin -L": f"{score(without_list_headers(mail_around(html))):z.1f}",
        "tiles at 320 px without style": tiles_without_style(browser, html, [f["value"] for f in content()["figures"]]),
    }


def missed(letters: dict[str, str], ours: dict[str, str]) -> list[str]:
    """The aims of the letter that it does not meet, by the letters and newsletter's row."""
    size = len(letters[OURS].encode())
    whole, inline = pens(letters[OURS])
    on_screen, _ = pens(without_print(letters[OURS]))
    others = [pens(html) for name, html in letters.items() if name != OURS]
    aims = {
        f"bytes: {size} of {MOST_BYTES}": size < MOST_BYTES,
        f"pen without print: {on_screen:g} of {MOST_PEN}": on_screen <= MOST_PEN,
        f"pen inline: {inline:g} of {MOST_INLINE_PEN}": inline <= MOST_INLINE_PEN,
        "pen: a peer has less": whole < min(other for other, _ in others),
        "pen inline: a peer has less": inline < min(other for _, other in others),
        "axe": ours["axe, light"] == ours["axe, dark"] == "nothing",
        f"SpamAssassin: {ours['SpamAssassin -L']}": float(ours["SpamAssassin -L"]) <= 0,
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
    print(f"\n{OURS} without its print style: pen {pens(without_print(letters[OURS]))[0]:g}")
    for name in MINIFY:
        print(f"{name} minified: {len(peers_html([*PEERS[name], 'minified']).encode()):,} bytes")
    for name, html in letters.items():
        if given.out:
            given.out.mkdir(parents=True, exist_ok=True)
            (given.out / f"{name}.html").write_text(html, encoding="utf-8")
        if given.features:
            print(f"{name}:", ", ".join(f"{used} {cost:g}" for used, cost in dearest(features_of(html)).items()))
    unmet = missed(letters, rows[-1])
    for aim in unmet:
        print(f"missed: {aim}", file=sys.stderr)
    return 1 if unmet else 0


if __name__ == "__main__":
    sys.exit(main())
