"""A workspace with one short issue and three subscribers, in process, and a relay on this machine."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.catalogue import Said
from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace
from newsletter.workflow.approve import keep, propose
from newsletter.workflow.send_due import send_due
from tests.support.books import begun_long_ago
from tests.support.mailroom import Mailroom, mailroom
from tests.support.postgres import Cluster, cluster

TOML = """
[newsletter]
name = "서울이슈큐레이터"
list_id = "issue-curator.news.example.org"
[sender]
address = "no-reply@news.example.org"
[institute]
name = "서울연구원"
postal_address = "06756 서울시 서초구 남부순환로340길 57 (서초동)"
phones = [{ label = "대표전화", number = "02-2149-1234" }]
[links]
pages_url = "https://news.example.org"
[smtp]
rate = ""
"""
ISSUE = """title: 신성장동력
preheader: 서울의 미래 산업을 다룬 연구를 소개합니다.
intro: |
  {{ subscriber.name | default("구독자") }}님, 안녕하세요. 서울의 다음 산업을 소개합니다.
"""
PEOPLE = "email,name\nhong@example.com,홍길동\njane@example.org,Jane Doe\nkim@example.net,\n"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailroom]:
    with mailroom(tmp_path_factory.mktemp("relay")) as relay:
        yield relay


Reload = Callable[..., Workspace]


@pytest.fixture
def open_workspace(tmp_path: Path, room: Mailroom) -> Reload:
    """Read the workspace anew, with environment settings: `open_workspace(NEWSLETTER_SMTP__RATE="1/s")`."""
    (tmp_path / "newsletter.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "subscribers.csv").write_text(PEOPLE, encoding="utf-8")
    write_issue(tmp_path)

    def reload(**environ: str) -> Workspace:
        return find_workspace(tmp_path, explicit=None, environ={"NEWSLETTER_SMTP__URL": room.url, **environ})

    return reload


def write_issue(root: Path, slug: str = "2026-11", *, due: timedelta | None = None, more: str = "") -> Path:
    """Write an issue that is due so long ago (negative: in the future; None: never)."""
    path = root / "issues" / f"{slug}.yaml"
    path.parent.mkdir(exist_ok=True)
    when = f"publish_at: {(datetime.now(UTC) - due).isoformat()}\n" if due is not None else ""
    path.write_text(f"{ISSUE}{when}closing: {slug}\n{more}", encoding="utf-8")
    return path


class Cron:
    """Runs `send --due` and keeps what it says."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.words: list[str] = []
        self.warnings: list[str] = []
        """Those of the words that `--quiet` lets through."""
        self.retry_now = False
        self.now: datetime | None = None

    def run(self) -> int:
        self.words, self.warnings = [], []

        def say(words: Said) -> None:
            self.words.append(str(words))

        def warn(words: Said) -> None:
            self.warnings.append(str(words))
            say(words)

        return send_due(
            self.workspace, say=say, warn=warn, advance=lambda *_: None, retry_now=self.retry_now, now=self.now
        )


@pytest.fixture
def cron(open_workspace: Reload) -> Cron:
    workspace = open_workspace()
    begun_long_ago(workspace.root)
    return Cron(workspace)


def approve(workspace: Workspace, slug: str = "2026-11", *, at: datetime | None = None) -> None:
    """As somebody did in good time, if not `at` another."""
    keep(workspace, propose(workspace, slug), by="Jane Doe", now=at or datetime.now(UTC) - timedelta(days=10))
