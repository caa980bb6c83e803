"""What gets installed is pinned and hashed, and comes from wherever the machine's own pip looks."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain, pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.repository import ROOT, imports

FILES = [ROOT / "requirements" / name for name in ("run.txt", "server.txt", "dev.txt")]
NEVER_IMPORTED = {"psycopg", "tzdata", "uvloop"}
"""SQLAlchemy and uvicorn load theirs by name; zoneinfo reads the time zones where the system has none."""

PIN = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>\S+)(?: ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def pins(path: Path) -> dict[str, str]:
    """The pinned versions of a file by canonical name; every pin must be followed by a hash."""
    found = {}
    lines = path.read_text(encoding="utf-8").splitlines()
    for line, following in pairwise(lines):
        if match := PIN.match(line):
            assert HASH.match(following), f"{match['name']} has no hash"
            found[match["name"]] = match["version"]
        else:
            assert line.lstrip().startswith("#") or HASH.match(line), line
    return found


def wanted(*groups: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = list(project["project"]["dependencies"])
    for group in groups:
        listed += project["dependency-groups"][group]
    return [Requirement(text) for text in listed]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_package_is_pinned_with_hashes(path: Path) -> None:
    assert len(pins(path)) > 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_host_or_folder_is_named(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert not [line for line in text.splitlines() if line.startswith("-")]


@pytest.mark.parametrize(
    ("name", "groups"), [("run.txt", ["build"]), ("server.txt", ["build"]), ("dev.txt", ["build", "dev"])]
)
def test_the_pins_satisfy_pyproject(name: str, groups: list[str]) -> None:
    pinned = pins(ROOT / "requirements" / name)
    for requirement in wanted(*groups):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is missing: run scripts/lock"
        assert requirement.specifier.contains(version), f"{requirement} against {version}: run scripts/lock"


@pytest.mark.parametrize("name", ["run.txt", "server.txt"])
def test_work_and_tests_use_the_same_versions(name: str) -> None:
    dev, work = pins(ROOT / "requirements" / "dev.txt"), pins(ROOT / "requirements" / name)
    assert {package: dev.get(package) for package in work} == work


def test_the_image_has_what_every_extra_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted_by_extras = {Requirement(text).name for extra in project["optional-dependencies"].values() for text in extra}
    assert wanted_by_extras - pins(ROOT / "requirements" / "server.txt").keys() == set()


def test_what_is_imported_is_declared_and_the_other_way_round() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    declared = {canonicalize_name(Requirement(text).name) for text in listed}
    distributions = packages_distributions()
    names = {name for path in (ROOT / "src").rglob("*.py") for name in imports(path)}
    foreign = names - sys.stdlib_module_names - {"newsletter"}
    imported = {canonicalize_name(distributions[name][0]) for name in foreign}
    assert imported <= declared
    assert declared - imported <= NEVER_IMPORTED
