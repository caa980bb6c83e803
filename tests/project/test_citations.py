"""What the code cites of docs/design.md stands there: section and promise."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.repository import ROOT, short, tracked

DESIGN = ROOT / "docs" / "design.md"
CITATION = re.compile(r"design\.md[ #](\d(?:\.\d)?)(?:,? \w+)*?(?:,? promises? (\d)(?: (?:to|and) (\d))?)?(?!\d)")
ELSEWHERE = re.compile(r"\bDESIGN(?: section)? \d")
"""A citation of a page that is not in this repository."""


def texts() -> Iterator[tuple[Path, str]]:
    for path in tracked():
        if path.suffix in {".py", ".toml", ".md", ".sh", ".j2", ""} and path.is_file() and path != Path(__file__):
            try:
                # A citation may be broken over two lines of a comment.
                yield path, re.sub(r"\s*\n\s*(?:#\s*)?", " ", path.read_text(encoding="utf-8"))
            except UnicodeDecodeError:
                continue


def sections() -> set[str]:
    return set(re.findall(r"^#{2,3} (\d(?:\.\d)?)\.? ", DESIGN.read_text(encoding="utf-8"), re.MULTILINE))


def promises() -> set[str]:
    """The numbers of the list in 4.5."""
    body = re.split(r"^### 4\.5 .*$", DESIGN.read_text(encoding="utf-8"), flags=re.MULTILINE)[1].partition("\n### ")[0]
    return set(re.findall(r"^(\d)\. ", body, re.MULTILINE))


def test_the_design_has_its_contracts() -> None:
    assert {f"4.{number}" for number in range(1, 9)} <= sections()
    assert promises() == set("123456789")


def test_every_citation_of_the_design_leads_somewhere() -> None:
    known, numbers = sections(), promises()
    dead, found = [], 0
    for path, text in texts():
        for match in CITATION.finditer(text):
            section, *cited = match.groups()
            found += 1
            if section not in known or not {one for one in cited if one} <= numbers:
                dead.append(f"{short(path)}: {match.group()}")
    assert dead == []
    assert found > 20


def test_nothing_cites_a_page_that_is_not_here() -> None:
    assert [f"{short(path)}: {match.group()}" for path, text in texts() for match in ELSEWHERE.finditer(text)] == []
