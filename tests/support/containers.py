"""The image's own file and its context, read as Docker reads them, and a root that cannot be written to.

Touches: the files of `deploy/`, mount namespaces. Limits: no Docker runs here; of `.dockerignore` it knows what ours
has: `*`, names of the repository's root to be let in after all, and `**/NAME`.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.support.cli import environment
from tests.support.repository import ROOT, short, tracked

DEPLOY = ROOT / "deploy"
SECRETS = {"NEWSLETTER_LEDGER__URL_FILE", "NEWSLETTER_SECRET_KEY_FILE", "NEWSLETTER_SMTP__PASSWORD_FILE"}
HOME_OF_IMAGE = "/opt/newsletter"
Compose = dict[str, Any]
"""A document of YAML, as it is read."""


def yaml_documents(name: str) -> list[Compose]:
    """All documents of a file of `deploy/`, aliases and merge keys resolved."""
    return list(YAML(typ="safe").load_all((DEPLOY / name).read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Instruction:
    """One of the Dockerfile's, its lines joined."""

    stage: int
    word: str
    rest: str


def instructions() -> list[Instruction]:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    found: list[Instruction] = []
    stage = -1
    for line in text.splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            stage += word == "FROM"
            found.append(Instruction(stage, word, rest.strip()))
    return found


def allowed() -> set[str]:
    """What `.dockerignore` lets in, after its first line has shut everything out."""
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    assert patterns[0] == "*"
    assert all(pattern.startswith(("!", "**/")) for pattern in patterns[1:]), patterns
    return {pattern[1:] for pattern in patterns if pattern.startswith("!")}


def copy_context(folder: Path) -> None:
    """What Docker would be sent of this repository."""
    for path in tracked():
        name = short(path)
        if any(name == one or name.startswith(f"{one}/") for one in allowed()):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def build(context: Path, home: Path) -> None:
    """Run the first stage's lines in `context`, with `home` in place of the image's own folder.

    The one that installs the pinned packages is left out: `home` borrows those of the tests, which `scripts/test` has
    installed by the same hashes; but not our own, which pip would find there and then not install from the wheel.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    borrowed = home / "borrowed"
    borrowed.mkdir()
    for folder in (Path(path) for path in sys.path if path.endswith("site-packages")):
        for entry in folder.iterdir():
            if not any(name in entry.name.lower() for name in ("gitletter", "newsletter")):
                (borrowed / entry.name).symlink_to(entry)
    (packages,) = (home / "lib").glob("python*/site-packages")
    (packages / "borrowed.pth").write_text(f"{borrowed}\n", encoding="utf-8")
    for line in instructions():
        if line.stage or line.word != "RUN" or "requirements" in line.rest or "-m venv" in line.rest:
            continue
        path = f"{home}/bin:{os.environ['PATH']}"
        command = line.rest.replace(HOME_OF_IMAGE, str(home))
        done = subprocess.run(
            ["sh", "-ec", command], cwd=context, env={**_bare(), "PATH": path}, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{line.rest}:\n{done.stderr}"


def start(
    words: Sequence[str], home: Path, at: Path, writable: Sequence[Path], **environ: str
) -> subprocess.Popen[str]:
    """The image's command in `at`, in a mount namespace in which nothing but these folders can be written to."""
    if os.geteuid() != 0:
        pytest.fail("to make a root read-only these tests need root, as containers and CI have it")
    script = """set -e
mount --make-rprivate /
n=$1; shift
while [ "$n" -gt 0 ]; do mount --bind "$1" "$1"; shift; n=$((n - 1)); done
for place in / /tmp /dev/shm /root /var; do
    if mountpoint -q "$place"; then mount -o remount,bind,ro "$place"; fi
done
exec "$@"
"""
    folders = [str(folder) for folder in writable]
    return subprocess.Popen(
        ["unshare", "-m", "sh", "-c", script, "sh", str(len(folders)), *folders, f"{home}/bin/newsletter", *words],
        cwd=at,
        env={**_bare(), "PATH": f"{home}/bin:{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1", **environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _bare() -> dict[str, str]:
    """Without the tests' own way to the package."""
    return {name: value for name, value in environment().items() if not name.startswith("PYTHON")}
