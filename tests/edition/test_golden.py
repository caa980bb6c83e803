"""One issue with a bit of everything, as both parts were last reviewed.

After a change that is meant: `pytest tests/edition --update-golden`, and read the diff.
"""

from pathlib import Path

import pytest

from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.issue.load import load_issue
from tests.support.golden import Golden
from tests.support.letters import workspace_at

HERE = Path(__file__).parent / "golden"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_letter_is_the_one_that_was_reviewed(golden: Golden, language: str) -> None:
    workspace = workspace_at(HERE)
    issue = load_issue(HERE / "issues" / "everything.yaml", workspace_root=HERE, timezone="Asia/Seoul")
    edition = render(issue, workspace, variants(issue, [language])[0])
    holes = "".join(f"{hole.marker} {hole.context} {hole.key} {hole.default!r}\n" for hole in edition.holes)
    for kind, text in {"html": edition.html, "txt": edition.text, "holes.txt": holes}.items():
        golden.check(HERE / f"everything-{language}.{kind}", text.encode())
