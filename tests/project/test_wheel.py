"""The wheel carries all that works away from the repository, and nothing that is somebody's own."""

import re
import subprocess
import sys
import zipfile

import pytest

from tests.support.repository import ROOT, short, tracked

CARRIED = [
    r"newsletter/py\.typed",
    r"newsletter/bundled/newsletter\.toml",
    r"newsletter/bundled/subscribers\.example\.csv",
    r"newsletter/bundled/issues/2021-07\.yaml",
    r"newsletter/bundled/issues/assets/.+\.(png|jpg)",
    r"newsletter/bundled/templates/email/layout\.html\.j2",
    r"newsletter/bundled/templates/email/inline\.css\.j2",
    r"newsletter/dispatch/rules\.toml",
    r"newsletter/ledger/migrations/.+\.py",
    r"newsletter/issue/starter/(ko|en)/issue\.yaml",
    r"newsletter/issue/starter/gitignore",
    r"newsletter/web/words/.+\.toml",
    r"newsletter/web/pages/.+\.(css\.j2|html\.j2|js)",
    r"newsletter/web/studio/pages/.+\.(css\.j2|html\.j2|js)",
    r"newsletter/web/demo/pages/.+\.(css\.j2|html\.j2|js)",
    r"newsletter/web/subscribers/pages/.+\.j2",
    r"[^/]+\.dist-info/entry_points\.txt",
    r"[^/]+\.dist-info/licenses/LICENSE",
    r"[^/]+\.dist-info/licenses/.+/editor_core\.LICENSE\.txt",
]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in a wheel that was built just now from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    return zipfile.ZipFile(wheel).namelist()


@pytest.mark.parametrize("pattern", CARRIED)
def test_the_wheel_carries(names: list[str], pattern: str) -> None:
    assert [name for name in names if re.fullmatch(pattern, name)]


def test_the_wheel_carries_every_file_of_the_package(names: list[str]) -> None:
    package = {short(path).removeprefix("src/") for path in tracked() if short(path).startswith("src/")}
    assert package <= set(names)


def test_the_wheel_carries_every_template(names: list[str]) -> None:
    templates = [path.name for path in (ROOT / "templates" / "email").iterdir()]
    assert {f"newsletter/bundled/templates/email/{name}" for name in templates} <= set(names)


def test_the_wheel_carries_nothing_private(names: list[str]) -> None:
    private = re.compile(r"(^|/)(subscribers\.csv|\.newsletter(/|$)|secret$|.*\.db(-wal|-shm)?$|.*\.eml$|tests/)")
    assert [name for name in names if private.search(name)] == []
