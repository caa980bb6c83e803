"""The preview as a process: its address is the first line, alone; a signal ends it; a taken port is said."""

import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import httpx
import pytest

from newsletter.errors import UnavailableError, UsageError
from newsletter.web.studio.serve import run_preview
from tests.web.studio.studio_site import make_workspace

PROGRAM = textwrap.dedent("""
    import sys
    from functools import partial
    from pathlib import Path
    from newsletter.settings.load import load_settings
    from newsletter.settings.workspace import Workspace
    from newsletter.web.studio.serve import run_preview

    root = Path(sys.argv[1])
    workspace = Workspace(root, load_settings(root / "newsletter.toml", {}))
    tell, say = partial(print, flush=True), partial(print, file=sys.stderr)
    run_preview(workspace, None, port=0, browser=False, language=None, tell=tell, say=say)
""")


def quiet(_said: object) -> None: ...


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_first_line_is_the_address_and_a_signal_ends_it(tmp_path: Path, number: signal.Signals) -> None:
    make_workspace(tmp_path / "workspace")
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "workspace")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        url = process.stdout.readline().removesuffix("\n")
        page = httpx.get(url, trust_env=False, timeout=30)
        assert page.status_code == 200
        assert "신성장동력" in page.text
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert url.startswith("http://127.0.0.1:")
    assert process.returncode == 0
    assert out == ""
    assert "Traceback" not in err


def test_a_taken_port_is_said_before_anything_else(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace")
    told: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(UnavailableError):
        run_preview(
            workspace, None, port=taken.getsockname()[1], browser=False, language=None, tell=told.append, say=quiet
        )
    assert told == []


def test_an_unknown_issue_is_a_usage_error(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace")
    with pytest.raises(UsageError):
        run_preview(workspace, "2099-01", port=0, browser=False, language=None, tell=quiet, say=quiet)
