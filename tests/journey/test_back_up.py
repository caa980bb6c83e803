"""The commands of docs/operations.md, as they stand there: a ledger that is put back, and what it says then."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.support.cli import environment, newsletter
from tests.support.mailroom import Mailroom
from tests.support.postgres import Cluster, cluster
from tests.support.repository import ROOT

SLUG = "2026-11"


def commands(heading: str) -> list[str]:
    """The blocks of shell below a heading, in their order: to keep a copy, and to put it back."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    section = re.split(r"^#+ ", text.split(f"\n### {heading}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


def type_in(block: str, workspace: Path, **environ: str) -> str:
    """What they print, once all of them have ended well."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-euc", block], cwd=workspace, env=environment(PATH=path, **environ), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_copy_of_sqlite_keeps_its_promises(workspace: Path, room: Mailroom) -> None:
    relay = {"NEWSLETTER_SMTP__URL": room.url, "NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false"}
    assert newsletter("send", SLUG, "--yes", cwd=workspace, **relay).returncode == 0
    keep, put_back = commands("SQLite")
    type_in(keep, workspace)
    (workspace / ".newsletter" / "ledger.db").write_bytes(b"not a ledger any more")
    told = type_in(put_back, workspace)
    assert told.startswith("ok\n")
    assert "broken" not in told
    again = newsletter("send", SLUG, "--yes", cwd=workspace, **relay)
    assert (again.returncode, len(room.mail)) == (0, 3), again.stderr


def of(server: Cluster, relay: dict[str, str]) -> dict[str, str]:
    """The environment of the database `newsletter` of a server."""
    url = f"postgresql+psycopg://postgres@/newsletter?host={server.sockets}"
    return {**relay, "NEWSLETTER_LEDGER__URL": url, "PGHOST": str(server.sockets), "PGUSER": "postgres"}


def test_a_dump_goes_on_by_another_server_once_a_person_says_so_and_an_older_one_does_not(
    workspace: Path, room: Mailroom
) -> None:
    relay = {"NEWSLETTER_SMTP__URL": room.url, "NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false"}
    keep, put_back = commands("PostgreSQL")
    with cluster() as first, cluster(is_another=True) as second:
        first.execute("CREATE DATABASE newsletter")
        assert newsletter("send", SLUG, "--yes", "--first", "1", cwd=workspace, **of(first, relay)).returncode == 0
        assert newsletter("resume", SLUG, cwd=workspace, **of(first, relay)).returncode == 0
        type_in(keep, workspace, **of(first, relay))

        assert "broken" not in type_in(put_back, workspace, **of(second, relay))
        refused = newsletter("send", SLUG, "--yes", cwd=workspace, **of(second, relay))
        assert (refused.returncode, len(room.mail)) == (77, 1), refused.stderr
        assert "another database server" in refused.stderr
        assert newsletter("resume", SLUG, cwd=workspace, **of(second, relay)).returncode == 0
        assert newsletter("send", SLUG, "--yes", cwd=workspace, **of(second, relay)).returncode == 0
        assert sorted(room.recipients()) == ["hong@example.com", "jane@example.org", "kim@example.net"]

        second.execute("DROP DATABASE newsletter")
        type_in("\n".join(put_back.splitlines()[:2]), workspace, **of(second, relay))
        refused = newsletter("send", SLUG, "--yes", cwd=workspace, **of(second, relay))
        assert (refused.returncode, len(room.mail)) == (77, 3)
        assert "2 messages were begun since then" in refused.stderr
