"""docs/operating.md tells of every check, by its id, and of no other."""

import re

from newsletter.workflow import doctor
from tests.support.repository import ROOT


def test_every_check_stands_in_the_documents() -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    section = text.partition("## What would go wrong: doctor\n")[2].partition("\n## ")[0]
    told = re.findall(r"^\| `([a-z-]+)`", section, re.MULTILINE)
    assert told == ["ledger", *(check.id for check in doctor._CHECKS)]
