"""The scripts that a stranger runs first: they are plain sh, can be executed, and say what is missing."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.repository import ROOT

SCRIPTS = [
    f"scripts/{name}"
    for name in ("demo", "test", "lint", "lock", "kill_machines", "kill_often", "photograph_in_thunderbird")
]


@pytest.mark.parametrize("name", [*SCRIPTS, ".ci/run"])
def test_a_script_can_be_executed_from_a_clone(name: str) -> None:
    mode = subprocess.run(["git", "ls-files", "-s", name], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert mode.startswith("100755 ")


@pytest.mark.parametrize("name", [*SCRIPTS, "scripts/lib.sh"])
def test_a_script_is_plain_sh(name: str) -> None:
    subprocess.run(["sh", "-n", str(ROOT / name)], check=True)


def test_the_demo_says_what_is_missing_also_where_the_path_has_a_space(tmp_path: Path) -> None:
    clone = tmp_path / "a clone"
    (clone / "scripts").mkdir(parents=True)
    for script in ("scripts/demo", "scripts/lib.sh"):
        (clone / script).write_bytes((ROOT / script).read_bytes())
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("sh", "dirname"):
        (tools / tool).symlink_to(shutil.which(tool) or tool)
    run = subprocess.run(
        [tools / "sh", clone / "scripts" / "demo"],
        env={"PATH": str(tools)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "Python 3.11 or newer is needed" in run.stderr
    assert run.stdout == ""
