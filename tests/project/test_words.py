"""The catalogue and the code: each code exists, is given exactly its holes, and each entry is said somewhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from newsletter.catalogue import entries
from tests.support.repository import ROOT, short

PACKAGE = ROOT / "src" / "newsletter"
FILES = sorted(PACKAGE.glob("*/words/*.toml"))
BY_OTHERS = re.compile(
    r"web\.|report\.page\.|archive\.(?:pages|search)\.|edition\.letter\.|dispatch\.reply_meanings\.|check\.\w+\.[\w-]+\.(?:finds|why|mend)$"
)
"""Said by templates, the letter and the rules: tests of the same folder, tests/golden among them, hold those."""


def catalogue() -> dict[str, dict[str, str]]:
    """Every entry of every stage by its code."""
    return {
        f"{file.parents[1].name}.{file.stem}.{key}": dict(entry)
        for file in FILES
        for key, entry in entries(f"newsletter.{file.parents[1].name}", "words", file.name).items()
    }


def calls() -> Iterator[tuple[Path, ast.Call]]:
    """Every `phrase("…")` of the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "phrase":
                yield path, node


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def codes_written() -> set[str]:
    """Every text in the code that could be a code, so that a table of codes counts, too."""
    return {
        node.value
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count(".") >= 2
    }


CATALOGUE = catalogue()


def test_there_is_a_catalogue() -> None:
    assert len(CATALOGUE) > 300


def test_every_code_is_in_the_catalogue_with_exactly_its_holes() -> None:
    wrong = []
    for path, call in calls():
        code = call.args[0]
        if not (isinstance(code, ast.Constant) and isinstance(code.value, str)):
            continue  # a table's value: held by the next test
        place = f"{short(path)}:{call.lineno}: {code.value}"
        if code.value not in CATALOGUE:
            wrong.append(f"{place} is not in the catalogue")
        elif None not in (given := {keyword.arg for keyword in call.keywords}):
            wanted = holes(CATALOGUE[code.value]["en"])
            if given != wanted:
                wrong.append(f"{place}: {sorted(map(str, given))} for the holes {sorted(wanted)}")
    assert wrong == []


def test_every_entry_is_said_somewhere() -> None:
    unsaid = CATALOGUE.keys() - codes_written()
    assert sorted(code for code in unsaid if not BY_OTHERS.match(code)) == []
