"""Seconds for the first letter of a new process, its imports included: `first_letter.py render|premailer`.

Touches: the repository's issues; standard input, the page that premailer alone inlines. Limits: nothing either side
needs may be imported before the clock starts, but for what loads the issue.
"""

import sys
import time
from pathlib import Path
from typing import Any

from newsletter.issue.load import load_issue
from newsletter.settings.load import find_workspace

ROOT = Path(__file__).resolve().parents[1]


def inlined_alone(page: str) -> str:
    """premailer as it is, with the options of letter.md."""
    import cssutils
    import premailer

    cssutils.ser.prefs.minimizeColorHash = False
    options: dict[str, Any] = {
        "allow_network": False,
        "allow_loading_external_files": False,
        "keep_style_tags": False,
        "disable_validation": True,
        "disable_link_rewrites": True,
        "align_floating_images": False,
        "disable_basic_attributes": ["width", "height"],
    }
    return str(premailer.Premailer(page, **options).transform(pretty_print=False))


def first_render() -> float:
    workspace = find_workspace(ROOT, explicit=ROOT, environ={})
    issue = load_issue(ROOT / "issues" / "2021-07.yaml", workspace_root=ROOT, timezone="Asia/Seoul")
    started = time.process_time()
    from newsletter.edition.render import render
    from newsletter.edition.variants import variants

    render(issue, workspace, variants(issue, ["ko"])[0])
    return time.process_time() - started


def first_page(page: str) -> float:
    started = time.process_time()
    inlined_alone(page)
    return time.process_time() - started


if __name__ == "__main__":
    print(first_render() if sys.argv[1] == "render" else first_page(sys.stdin.read()))
