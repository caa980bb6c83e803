"""The image of `deploy/` as far as it runs without Docker: built by its own lines, its root read-only, behind nginx.

Left out, since no Docker engine is needed for these tests: pulling the base images, `apt-get` in the image, the user's
number, and networks, volumes and health checks as Docker itself makes them.
"""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.cli import PATIENCE, newsletter
from tests.support.containers import DEPLOY, SECRETS, Compose, build, copy_context, start, yaml_documents
from tests.support.mailroom import Mailroom
from tests.support.postgres import cluster
from tests.support.web_servers import nginx, readable_folder

SLUG = "2026-11"


@pytest.fixture
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the image has as /opt/newsletter, built by the Dockerfile's own lines of its own context."""
    context, home = tmp_path_factory.mktemp("context"), tmp_path_factory.mktemp("image") / "newsletter"
    copy_context(context)
    build(context, home)
    return home


@pytest.fixture
def secrets(workspace: Path, room: Mailroom, tmp_path: Path) -> Iterator[dict[str, str]]:
    """What compose says in the environment: files. Behind it is a ledger on PostgreSQL with an issue that goes on."""
    relay = {"NEWSLETTER_SMTP__URL": room.url, "NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false"}
    values = {"secret_key": "k" * 40}
    with cluster() as postgres:
        values["ledger__url"] = postgres.schema()
        environ = {}
        for name, value in values.items():
            (tmp_path / name).write_text(f"{value}\n", encoding="utf-8")
            environ[f"NEWSLETTER_{name.upper()}_FILE"] = str(tmp_path / name)
        assert environ.keys() == SECRETS - {"NEWSLETTER_SMTP__PASSWORD_FILE"}  # the relay here knows no login
        for words in (("send", SLUG, "--yes", "--first", "1"), ("resume", SLUG)):
            ended = newsletter(*words, cwd=workspace, **environ, **relay)
            assert ended.returncode == 0, ended.stderr
        yield environ


@contextmanager
def running(
    compose: Compose,
    service: str,
    listens: str,
    words: list[str],
    image: Path,
    at: Path,
    state: Path,
    environ: dict[str, str],
) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A service's process and address, once its health check has found it well; `listens` is its port in compose."""
    process = start(words, image, at, [state], **environ)
    try:
        assert process.stdout
        url = process.stdout.readline().strip().rstrip("/")
        assert url, process.communicate()[1]
        with pytest.raises(OSError, match="Read-only"):
            Path(f"/proc/{process.pid}/root{at if at != state else at.parent}/new").touch()
        kind, *check = compose["services"][service]["healthcheck"]["test"]
        assert kind == "CMD"
        assert any(f"http://127.0.0.1:{listens}" in word for word in check)
        command = [word.replace(f"http://127.0.0.1:{listens}", url) for word in check]
        deadline = time.monotonic() + PATIENCE  # as Docker asks again while a container starts
        within = {**os.environ, "PATH": f"{image}/bin:{os.environ['PATH']}"}
        while subprocess.run(command, capture_output=True, env=within).returncode:
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < deadline
        yield url, process
    finally:
        process.terminate()
        process.communicate()


def test_the_image_sends_and_serves_where_only_its_folder_of_state_can_be_written(
    image: Path, secrets: dict[str, str], workspace: Path, room: Mailroom, tmp_path: Path
) -> None:
    (compose,) = yaml_documents("compose.yaml")
    before = set(workspace.iterdir())
    empty = tmp_path / "worker"
    empty.mkdir()
    words = [word.replace("0.0.0.0:9100", "127.0.0.1:0") for word in compose["services"]["worker"]["command"]]
    with running(compose, "worker", "9100", words, image, empty, empty, secrets) as (_, worker):
        room.wait_for(3)
        worker.terminate()
        told = worker.communicate(timeout=60)
        assert worker.returncode == 0, told
    assert [path.name for path in empty.iterdir()] == [".newsletter"]
    assert compose["services"]["pages"]["command"] == ["serve", "--host", "0.0.0.0", "--port", "8025"]
    words = ["serve", "--host", "127.0.0.1", "--port", "0"]
    with running(compose, "pages", "8025", words, image, workspace, workspace / ".newsletter", secrets) as (url, _):
        logged = through_nginx(url)
    assert logged.count("POST 404") == 1
    assert "no-such-token" not in logged
    assert set(workspace.iterdir()) == before


def through_nginx(url: str) -> str:
    """What nginx, with our file, has logged of a request for a link that leads nowhere."""
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8").replace("http://pages:8025", url)
    with readable_folder() as folder:
        site = re.sub(r" *ssl_certificate.*\n", "", site).replace("127.0.0.1:8080", f"unix:{folder}/health")
        with nginx(folder, site.replace("/dev/stdout", f"{folder}/pages.log"), folder / "pages.log") as front:
            assert front.client.post("/u/no-such-token.abc", data={}).status_code == 404
            assert front.client.get("/healthz").status_code == 200  # so the line of the first one is written
            return (folder / "pages.log").read_text(encoding="utf-8")
