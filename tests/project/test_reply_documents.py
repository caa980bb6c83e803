"""docs/replies.md is what the rules, their words and the table of real replies say."""

import re

from document_replies import page
from newsletter.dispatch.reply_rules import packaged_rules
from tests.support.repository import ROOT


def test_the_page_is_what_the_script_writes() -> None:
    written = (ROOT / "docs" / "replies.md").read_text(encoding="utf-8")
    assert written == page(), "python scripts/document_replies.py > docs/replies.md"


def test_every_rule_has_its_anchor() -> None:
    headings = re.findall(r"^### (\S+)$", page(), re.MULTILINE)
    assert sorted(headings) == sorted(rule.id for rule in packaged_rules())
