"""No public name means two things: who has learned one module must not be misled in the next."""

import ast
from collections import defaultdict
from pathlib import Path

from tests.support.repository import ROOT, short

PACKAGE = ROOT / "src" / "newsletter"
COMMANDS = {"cli", "web", "workflow", "edition", "ledger"}
"""Stages in which one verb is the same command, from the words of a command line down to what does it."""
IN_EACH_FILE = {
    "RULES": PACKAGE / "check" / "rules",
    "write": PACKAGE / "check" / "formats",
    "CHECKS": PACKAGE / "workflow" / "steps" / "doctor",
}
"""What every file of a folder has, since the folder is a table of such files."""
MIGRATIONS = PACKAGE / "ledger" / "migrations"


def public(path: Path) -> set[str]:
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return {name for name in found if not name.startswith("_")}


def test_no_public_name_means_two_things() -> None:
    where = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        if MIGRATIONS not in path.parents:
            for name in public(path):
                where[name].append(path)
    twice = {
        name: [short(path) for path in paths]
        for name, paths in where.items()
        if len(paths) > 1
        and not _is_one_command(name, paths)
        and {path.parent for path in paths} != {IN_EACH_FILE.get(name)}
    }
    assert twice == {}


def _is_one_command(name: str, paths: list[Path]) -> bool:
    """`pause` in cli, workflow and ledger: the same deed, each time nearer to the book, at most once a stage."""
    stages = [path.relative_to(PACKAGE).parts[0] for path in paths]
    return name.islower() and len(set(stages)) == len(stages) and set(stages) <= COMMANDS
