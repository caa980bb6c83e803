"""A word that cannot break must not make a phone's page wider, whatever section it stands in.

Such as addresses, mail addresses, and Korean without a space.
"""

import json
from pathlib import Path

import pytest

from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.issue.sections.registry import SECTION_TYPES
from tests.support.browser import Window
from tests.support.finished import without_styles
from tests.support.issue_files import read_issue
from tests.support.letters import picture_bytes, workspace_at
from tests.support.section_samples import Samples

ADDRESS = "https://www.example.org/board/view.do?boardId=BBS_0000123&menuCd=DOM_000000105003&seq=20261122"
LONG = [
    ADDRESS,
    "a.very.long.address.of.somebody@an.institute.of.the.city.example.org",
    "가나다라마바사아자차카타파하" * 4,
]


@pytest.mark.parametrize("word", LONG, ids=["address", "mail", "korean"])
@pytest.mark.parametrize("styles", [True, False], ids=["styled", "bare"])
def test_the_letter_stays_as_wide_as_the_phone(window: Window, tmp_path: Path, word: str, *, styles: bool) -> None:
    samples = {type_: Samples(word=word, links=f"{ADDRESS}&n=") for type_ in SECTION_TYPES}
    sections = [one.section(type_) for type_, one in samples.items()]
    text = json.dumps({"title": word, "intro": word, "sections": sections, "closing": word}, ensure_ascii=False)
    (tmp_path / "issues").mkdir()
    for name in {name for one in samples.values() for name in one.pictures.values()}:
        (tmp_path / "issues" / name).write_bytes(picture_bytes(1200, 600))
    issue = read_issue(tmp_path, text)
    html = render(issue, workspace_at(tmp_path), variants(issue, ["ko"])[0]).html
    page = window.show(html if styles else without_styles(html), 320)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
