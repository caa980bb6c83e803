"""docs/checks.md is what the rules say of themselves, and every source that is one of our own pages is there."""

import re

import pytest

from document_checks import page, title
from newsletter.check.rules import RULES
from tests.support.repository import ROOT


def test_the_page_is_what_the_script_writes() -> None:
    written = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    assert written == page(), "python scripts/document_checks.py > docs/checks.md"


def test_every_rule_has_its_anchor_and_a_line_in_the_table() -> None:
    headings = re.findall(r"^### (\S+)$", page(), re.MULTILINE)
    assert sorted(headings) == sorted(RULES)
    assert re.findall(r"^\| \[`[^`]+`\]\(#(\S+)\) \|", page(), re.MULTILINE) == list(RULES)


def test_every_family_has_a_title_of_its_own() -> None:
    families = {rule.family for rule in RULES.values()}
    assert len({title(family) for family in families}) == len(families)
    assert not families & {title(family) for family in families}
    assert not [title(family) for family in families if "Touches" in title(family)]


@pytest.mark.parametrize("rule", RULES)
def test_a_source_of_our_own_is_there(rule: str) -> None:
    for file, anchor in re.findall(r"(?<!\S)((?:docs|src)/[^\s#;]+)(?:#(\S+))?", RULES[rule].source):
        text = (ROOT / file).read_text(encoding="utf-8")
        headings = {
            re.sub(r"[^\w-]", "", line.lower().replace(" ", "-"))
            for line in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
        }
        assert not anchor or anchor in headings
