"""A workspace as `newsletter init` makes it, filled in, with subscribers, and a relay on this machine."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cli import newsletter
from tests.support.filled_in import fill_in
from tests.support.mailroom import Mailroom, mailroom

PAGES = "https://news.example.org"
PEOPLE = """email,name,language,tags
hong@example.com,홍길동,ko,시민
jane@example.org,Jane Doe,en,library
kim@example.net,,ko,
"""


@pytest.fixture
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailroom]:
    with mailroom(tmp_path_factory.mktemp("relay")) as relay:
        yield relay


@pytest.fixture(scope="session")
def new_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """To be copied."""
    folder = tmp_path_factory.mktemp("new")
    made = newsletter("init", "우리 뉴스레터", cwd=folder)
    assert made.returncode == 0, made.stderr
    return folder / "우리 뉴스레터"


@pytest.fixture
def workspace(new_workspace: Path, tmp_path: Path) -> Path:
    """With one issue, 2026-11, three subscribers and public pages."""
    root = Path(shutil.copytree(new_workspace, tmp_path / new_workspace.name))
    for first in (root / "issues").glob("*.yaml"):
        first.unlink()
    fill_in(root, "2026-11")
    toml = root / "newsletter.toml"
    text = toml.read_text(encoding="utf-8")
    assert 'pages_url = ""' in text
    toml.write_text(text.replace('pages_url = ""', f'pages_url = "{PAGES}"'), encoding="utf-8")
    (root / "subscribers.csv").write_text(PEOPLE, encoding="utf-8")
    return root
