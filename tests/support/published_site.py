"""Where an archive is published: a web server of this machine, and a command that copies what was built to it.

Touches: loopback, the test's own folder.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

_COPY = """\
import os, shutil, signal, sys
from pathlib import Path
www, built = Path(sys.argv[1]), Path(os.environ["NEWSLETTER_ARCHIVE_DIR"])
ours = [name for name in os.environ if name.startswith("NEWSLETTER_") and name != "NEWSLETTER_ARCHIVE_DIR"]
print("copying", built, "with", ours, flush=True)
assert not ours
runs = www.parent / "runs"
runs.mkdir(exist_ok=True)
(runs / str(len(list(runs.iterdir())))).write_bytes((built / "index.html").read_bytes())
trouble = www.parent / "trouble.py"
if trouble.exists():
    exec(trouble.read_text())
shutil.copytree(built, www, dirs_exist_ok=True)
after = www.parent / "after.py"
if after.exists():
    exec(after.read_text())
"""


@dataclass
class PublishedSite:
    """What it answers beside the files that were copied, by path: status, a header and a body."""

    folder: Path
    port: int = 0
    asked: list[str] = field(default_factory=list)
    faults: dict[str, tuple[int, tuple[str, str], bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/archive"

    @property
    def command(self) -> str:
        """To be written into `[archive] publish`."""
        return f"{sys.executable} publish.py {self.folder / 'archive'}"

    def install(self, workspace: Path) -> None:
        (workspace / "publish.py").write_text(_COPY, encoding="utf-8")

    def indexes(self) -> list[str]:
        """The archive's index as it was each time the command ran."""
        runs = sorted((self.folder / "runs").glob("*"), key=lambda path: int(path.name))
        return [run.read_text(encoding="utf-8") for run in runs]

    def before_copying(self, code: str) -> None:
        """What the command does first, the next times; nothing where empty."""
        _write(self.folder / "trouble.py", code)

    def after_copying(self, code: str) -> None:
        _write(self.folder / "after.py", code)


@contextmanager
def published_site(folder: Path) -> Iterator[PublishedSite]:
    site = PublishedSite(folder)
    (folder / "archive").mkdir(parents=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, site, directory=str(folder)))
    site.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, site: PublishedSite, *given: object, **more: object) -> None:
        self._site = site
        super().__init__(*given, **more)  # type: ignore[arg-type] # as it is called by the server

    def do_GET(self) -> None:
        self._site.asked.append(self.path)
        fault = self._site.faults.get(self.path)
        if fault is None:
            super().do_GET()
            return
        status, header, body = fault
        self.send_response(status)
        self.send_header(*header)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def _write(path: Path, code: str) -> None:
    if code:
        path.write_text(code, encoding="utf-8")
    else:
        path.unlink(missing_ok=True)
