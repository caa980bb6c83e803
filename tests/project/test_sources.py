"""The house rules that no linter knows: size, captions, and nothing of one machine in what is committed."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.support.repository import ROOT, imports, short, tracked

SOURCES = sorted((ROOT / "src").rglob("*.py"))
LONGEST = 300
"""Lines; a file is one idea, and one that is longer has become two."""

KNOWN_TO = {
    "aiosmtpd": {"workflow"},
    "aiosmtplib": {"smtp"},
    "alembic": {"ledger"},
    "cssutils": {"edition"},
    "email_validator": {"audience"},
    "markdown_it": {"edition"},
    "nh3": {"edition"},
    "PIL": {"edition"},
    "premailer": {"edition"},
    "pygal": {"report"},
    "psycopg": {"ledger"},
    "rich": {"cli"},
    "ruamel": {"issue"},
    "sqlalchemy": {"ledger"},
    "starlette": {"web"},
    "tinycss2": {"edition"},
    "typer": {"cli"},
    "uvicorn": {"web"},
    "uvloop": {"dispatch"},
    "watchfiles": {"web"},
}
"""Each special library is known to one stage (docs/design.md 3), so that it can be replaced there."""

MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:root|work|home/\w+|Users/\w+|tmp/w)/")


@pytest.mark.parametrize("path", SOURCES, ids=short)
def test_a_source_file_is_one_idea(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", [path for path in SOURCES if path.stat().st_size], ids=short)
def test_a_source_file_begins_with_its_caption(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("library", KNOWN_TO)
def test_a_special_library_is_known_to_one_stage(library: str) -> None:
    package = ROOT / "src" / "newsletter"
    stages = {path.relative_to(package).parts[0] for path in SOURCES if library in imports(path)}
    assert stages <= KNOWN_TO[library]


def test_no_path_of_one_machine_is_committed() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{short(path)}: {match.group()}" for match in MACHINE_PATHS.finditer(text)]
    assert [line for line in found if not line.startswith("tests/project/test_sources.py")] == []


def test_addresses_and_secrets_stay_out_of_git() -> None:
    names = {short(path) for path in tracked()}
    assert "subscribers.csv" not in names
    assert not [name for name in names if ".newsletter/" in name]
    assert "uv.lock" not in names


def test_the_changelog_knows_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert re.search(rf"^## {re.escape(version)}\b", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)


def test_no_pattern_repeats_possessively() -> None:
    """CPython before 3.11.5 matches them wrongly (gh-106052), and such a Python is that of Debian 12."""
    found = [
        f"{short(path)}:{node.lineno}"
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and re.search(r"[)\]sSdDwW.](?:[*+?]|\{[\d,]+\})\+|\(\?>", re.sub(r"\[[^\]]*\]", "[]", ast.unparse(node)))
    ]
    assert found == []
