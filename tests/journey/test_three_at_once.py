"""Three machines' crons in one second: one of them plans, nothing is staged twice, and everybody gets it once."""

import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import Popen

import pytest
import sqlalchemy as sa

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.schema import dispatches, facts
from newsletter.ledger.trust import ARMED
from tests.support.books import workspace_at
from tests.support.cli import newsletter, started
from tests.support.mailroom import PATIENCE, Mailroom, mailroom
from tests.support.postgres import Cluster, cluster

READERS = [f"reader{number}@example.com" for number in range(60)]


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Mailroom]:
    with mailroom(tmp_path) as opened:
        yield opened


def test_of_three_in_one_second_one_plans(workspace: Path, relay: Mailroom) -> None:
    settings = _settings(relay)
    _is_due(workspace)
    runs = [started("send", "--due", cwd=workspace, **settings) for _ in range(3)]
    assert {_end_of(run)[0] for run in runs} <= {0, 75}
    assert newsletter("send", "--due", cwd=workspace, **settings).returncode == 0
    assert sorted(relay.recipients()) == sorted(READERS)
    assert _plans_ever_begun(workspace) == 1


def test_while_one_plans_the_others_end_and_mail_nobody(workspace: Path, relay: Mailroom) -> None:
    with cluster() as server:
        _send_three_times(workspace, relay, server)


def _send_three_times(workspace: Path, relay: Mailroom, server: Cluster) -> None:
    url = server.schema()
    settings = _settings(relay, NEWSLETTER_LEDGER__URL=url)
    _is_due(workspace, url)
    with ThreadPoolExecutor(3) as pool:
        with _nobody_can_publish_a_plan(workspace, server):
            runs = [started("send", "--due", cwd=workspace, **settings) for _ in range(3)]
            endings = as_completed([pool.submit(_end_of, run) for run in runs], PATIENCE)
            for code, out, err in (next(endings).result(), next(endings).result()):
                assert (code, out) == (75, "")
                assert "2026-11 is being planned by another process." in err
            assert relay.recipients() == []
        code, _, err = next(endings).result()
        assert code == 0, err
    assert sorted(relay.recipients()) == sorted(READERS)
    assert _plans_ever_begun(workspace, url) == 1


def test_by_hand_anothers_plan_is_waited_for(workspace: Path, relay: Mailroom) -> None:
    _is_due(workspace)
    with _opened(workspace) as ledger, ledger.planning(_list_id(workspace), "2026-11"):
        run = started("send", "2026-11", "--yes", cwd=workspace, **_settings(relay))
        assert run.stderr is not None
        said = iter(run.stderr.readline, "")
        assert any("2026-11 is being planned by another process." in line for line in said), _end_of(run)
        assert relay.recipients() == []
    code, out, err = _end_of(run)
    assert code == 0, (out, err)
    assert sorted(relay.recipients()) == sorted(READERS)


def _settings(relay: Mailroom, **more: str) -> dict[str, str]:
    return {
        "NEWSLETTER_SMTP__URL": relay.url,
        "NEWSLETTER_SMTP__RATE": "",
        "NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false",
    } | more


def _is_due(workspace: Path, url: str = "") -> None:
    rows = "".join(f"{reader},\n" for reader in READERS)
    (workspace / "subscribers.csv").write_text(f"email,name\n{rows}", encoding="utf-8")
    file = workspace / "issues" / "2026-11.yaml"
    due = f"publish_at: {(datetime.now(UTC) - timedelta(minutes=1)).isoformat()}\n"
    file.write_text(file.read_text(encoding="utf-8") + due, encoding="utf-8")
    long_ago = sa.update(facts).where(facts.c.name == ARMED).values(value="2020-01-01T00:00:00+00:00")
    with _opened(workspace, url, Purpose.BEGINNING) as ledger, ledger._database.write() as connection:
        connection.execute(long_ago)


def _opened(workspace: Path, url: str = "", purpose: Purpose = Purpose.READ) -> Ledger:
    return open_ledger(workspace_at(workspace, url or "sqlite:///.newsletter/ledger.db"), purpose)


def _plans_ever_begun(workspace: Path, url: str = "") -> int:
    """Those that were staged and thrown away included: a dispatch's number is not given twice."""
    with _opened(workspace, url) as ledger, ledger._database.read() as connection:
        number: int = connection.execute(sa.select(sa.func.max(dispatches.c.id))).scalar_one()
        return number


@contextmanager
def _nobody_can_publish_a_plan(workspace: Path, server: Cluster) -> Iterator[None]:
    with closing(server.connect()) as connection:
        name = f"newsletter plan {_list_id(workspace)}"
        connection.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", (name,))
        yield


def _list_id(workspace: Path) -> str:
    settings = tomllib.loads((workspace / "newsletter.toml").read_text(encoding="utf-8"))
    return str(settings["newsletter"]["list_id"])


def _end_of(run: Popen[str]) -> tuple[int, str, str]:
    out, err = run.communicate(timeout=PATIENCE)
    return run.returncode, out, err
