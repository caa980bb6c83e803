"""How fast letters are made: a render beside premailer alone, a merge beside copying. Touches: a temporary folder.

    python benchmarks/letter_speed.py [--rounds N] [--json]

All is measured in one run, the two sides of a ratio by turns, in seconds of the CPU, so that a busy machine slows both;
medians count. Exits 1 when an aim is missed: a render takes at most 1.5 times what premailer takes for the same page
with the same options; a merge less than 50 µs beyond copying, with 200 sections as with 5. Without an aim are shown the
first letter of a process, which imports all and meets its pictures, and one message of a claim, all of whose readers
are composed for in one go and have a name of their own. Limits: ratios and differences can be compared between
machines, times cannot.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from first_letter import inlined_alone
from letters_to_measure import SECTIONS, composer_of, example, page_before_inlining, sections_issue

from newsletter.edition.render import render
from newsletter.edition.variants import variants

RENDER_AIM = 1.5
MERGE_AIM = 50.0
"""Microseconds beyond copying."""
GROWTH_AIM = 10.0
"""Microseconds that 200 sections may cost more than 5, beyond copying: what the noise of a shared machine needs."""
_READER = "reader@example.org"
_VALUES = {"name": "홍길동", "fields.소속": "서울연구원"}
_CLAIM = [(f"reader{number}@example.org", {"name": f"홍길동 {number}"}) for number in range(400)]

Timed = Callable[[], object]


def by_turns(rounds: int, *sides: Timed) -> list[float]:
    """The median seconds of each side, all of them called once in every round."""
    times: list[list[float]] = [[] for _ in sides]
    for _ in range(rounds):
        for spent, side in zip(times, sides, strict=True):
            started = time.process_time()
            side()
            spent.append(time.process_time() - started)
    return [statistics.median(spent) for spent in times]


def rendering(rounds: int) -> dict[str, float]:
    """A variant of the example, all imported and the pictures met before, as for every variant but the first."""
    workspace, issue = example()
    variant = variants(issue, [workspace.settings.newsletter.language])[0]
    page = page_before_inlining(issue, workspace, variant)
    ours, alone = by_turns(rounds, lambda: render(issue, workspace, variant), lambda: inlined_alone(page))
    return {"render_ms": ours * 1e3, "premailer_ms": alone * 1e3, "render_ratio": ours / alone}


def starting(rounds: int) -> dict[str, float]:
    """The same in new processes: imports, pictures and templates included; the issue is loaded before the clock."""
    workspace, issue = example()
    page = page_before_inlining(issue, workspace, variants(issue, ["ko"])[0])
    runs: dict[str, list[float]] = {"render": [], "premailer": []}
    for _ in range(rounds):
        for side, spent in runs.items():
            command = [sys.executable, str(Path(__file__).with_name("first_letter.py")), side]
            ended = subprocess.run(command, input=page, check=True, capture_output=True, text=True)
            spent.append(float(ended.stdout))
    ours, alone = (statistics.median(spent) for spent in runs.values())
    return {"first_render_ms": ours * 1e3, "first_premailer_ms": alone * 1e3, "first_render_ratio": ours / alone}


def merging(rounds: int) -> dict[str, float]:
    """One message beyond copying its octets: of the example, and of letters with few and many sections."""
    found = {}
    with TemporaryDirectory() as folder:
        letters = {"example": example()} | {str(count): sections_issue(Path(folder), count) for count in SECTIONS}
        for name, (workspace, issue) in letters.items():
            composer = composer_of(workspace, issue)
            pieces = _pieces(composer.compose(_READER, _READER, "ko", _VALUES).data)

            def merge() -> object:
                return b"".join(composer.compose(_READER, _READER, "ko", _VALUES).wire)  # noqa: B023 - called within the round

            def copy() -> object:
                return b"".join(pieces)  # noqa: B023 - called within the round

            ours, copied = by_turns(rounds, merge, copy)
            found[f"merge_us_{name}"] = (ours - copied) * 1e6
            found[f"copy_us_{name}"] = copied * 1e6

            def compose_claim() -> object:
                return [composer.compose(reader, reader, "ko", values) for reader, values in _CLAIM]  # noqa: B023

            [all_of_it] = by_turns(max(3, rounds // 100), compose_claim)
            found[f"claim_us_{name}"] = all_of_it / len(_CLAIM) * 1e6
    few, *_, many = (found[f"merge_us_{count}"] for count in SECTIONS)
    return found | {"merge_growth_us": many - few}


def _pieces(data: bytes, count: int = 30) -> list[bytes]:
    size = -(-len(data) // count)
    return [data[start : start + size] for start in range(0, len(data), size)]


def missed(found: dict[str, float]) -> list[str]:
    """The aims that these figures do not meet."""
    limits = {
        "render_ratio": RENDER_AIM,
        "merge_growth_us": GROWTH_AIM,
        **{name: MERGE_AIM for name in found if name.startswith("merge_us_")},
    }
    return [f"{name} is {found[name]:.2f}, the aim {limit}" for name, limit in limits.items() if found[name] > limit]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40, help="renders; 1/8 of it new processes, 100 times it merges")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = {
        **rendering(given.rounds),
        **starting(max(3, given.rounds // 8)),
        **merging(given.rounds * 100),
    }
    if given.json:
        print(json.dumps(found, indent=2))
    else:
        for name, value in found.items():
            print(f"{name:24}{value:10.2f}")
    for line in missed(found):
        print(line, file=sys.stderr)
    return 1 if missed(found) else 0


if __name__ == "__main__":
    sys.exit(main())
