"""With a key in [dkim], every message that leaves is signed, and dkimpy finds it good."""

import subprocess
from pathlib import Path

import dkim
import pytest

from newsletter.errors import SettingsError
from newsletter.settings.workspace import Workspace
from newsletter.workflow import render as rendering
from newsletter.workflow import send
from newsletter.workflow import send_proof as proof
from newsletter.workflow.steps.keys import signer_of
from newsletter.workflow.steps.prepare import prepare
from tests.support.cli import environment, newsletter
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Reload

ONE_KEY = '[{"selector": "s1", "file": "dkim.pem"}]'


@pytest.fixture
def public(tmp_path: Path) -> str:
    """A key beside newsletter.toml, made as docs/sending.md says; what belongs into DNS."""
    file = tmp_path / "dkim.pem"
    subprocess.run(["openssl", "genrsa", "-out", str(file), "2048"], check=True, capture_output=True)
    command = f"openssl rsa -in '{file}' -pubout -outform DER | openssl base64 -A"
    made = subprocess.run(command, shell=True, check=True, capture_output=True, text=True)
    return f"v=DKIM1; k=rsa; p={made.stdout}"


@pytest.fixture
def signing(open_workspace: Reload) -> Workspace:
    return open_workspace(NEWSLETTER_DKIM__KEYS=ONE_KEY, NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false")


def is_good(data: bytes, record: str) -> bool:
    def look_up(name: bytes, timeout: int = 5) -> bytes:
        del timeout
        assert name == b"s1._domainkey.news.example.org."
        return record.encode()

    return bool(dkim.verify(data, dnsfunc=look_up))


def test_what_is_sent_rendered_and_proved_is_signed(
    signing: Workspace, public: str, room: Mailroom, tmp_path: Path
) -> None:
    send.send(signing, prepare(signing, "2026-11"), advance=lambda _done, _total: None)
    proof.send_proof(signing, "2026-11", "jane@example.org")
    received = [data for _, data in room.mail]
    assert len(received) == 4
    eml = next(
        path for path in rendering.render_files(signing, "2026-11", tmp_path / "out", None) if ".eml" in path.name
    )
    for data in [*received, eml.read_bytes()]:
        assert is_good(data, public)


def test_a_key_that_is_not_there_stops_a_send_before_the_plan(signing: Workspace) -> None:
    with pytest.raises(SettingsError, match=r"dkim.pem: there is no such file"):
        prepare(signing, "2026-11")


def test_without_a_key_nothing_is_signed(open_workspace: Reload) -> None:
    assert signer_of(open_workspace()) is None


def test_without_the_library_the_next_step_is_told(public: str, signing: Workspace, tmp_path: Path) -> None:
    assert public
    hidden = tmp_path / "hidden" / "cryptography"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ImportError('not here')\n", encoding="utf-8")
    environ = environment(NEWSLETTER_DKIM__KEYS=ONE_KEY, PYTHONPATH=str(hidden.parent))
    ended = newsletter("render", "2026-11", "--out", "out", cwd=signing.root, **environ)
    assert ended.returncode == 78
    assert "pip install 'gitletter[dkim]'" in ended.stderr
