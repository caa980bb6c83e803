"""The real nginx, Apache and PHP on this machine, each with a file that `newsletter one-click` made.

Touches: processes, ports of loopback, a folder that their users can read. Where one is missing, its tests fail.
"""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx
import trustme

_START_SECONDS = 30
_APACHE_MODULES = ("mpm_event", "authz_core", "alias", "rewrite", "headers", "setenvif", "mime", "ssl", "socache_shmcb")
_MARKS = count()
_MODULES = Path("/usr/lib/apache2/modules")


@dataclass(frozen=True, slots=True)
class WebServer:
    """One that runs: a client of it, the links it answers, and what it wrote."""

    client: httpx.Client
    link: str
    """What stands before a token."""
    log: Path
    folder: Path

    def clicks(self) -> list[str]:
        """Its log's lines, with all that was asked until now: a server writes them behind its answers."""
        mark = f"{next(_MARKS):024d}.{'m' * 24}x"
        self.client.post(self.link + mark)
        deadline = time.monotonic() + _START_SECONDS
        while not (lines := self._lines()) or mark not in lines[-1]:
            assert time.monotonic() < deadline, f"no line of the last click: {lines[-3:]}"
            time.sleep(0.005)
        return [line for line in lines if f".{'m' * 24}x" not in line]

    def _lines(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []

    def other_logs(self) -> str:
        """All else that it keeps of a request."""
        logs = [path for path in self.folder.glob("*.log") if path != self.log]
        return "".join(path.read_text(encoding="utf-8") for path in logs)


@contextmanager
def readable_folder() -> Iterator[Path]:
    """A folder that the user of a web server reaches, too, which those of pytest are not."""
    folder = Path(tempfile.mkdtemp(prefix="newsletter-web-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def nginx(folder: Path, site: str, log: Path) -> Iterator[WebServer]:
    """`site` as a file of conf.d; it listens on a free port in place of 443, with a certificate."""
    authority = _certificate(folder)
    port = _free_port()
    ours = f"listen 127.0.0.1:{port} ssl; ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;"
    (folder / "site.conf").write_text(site.replace("listen 443 ssl;", ours).replace("/var/log/nginx", str(folder)))
    user = "user www-data;" if os.geteuid() == 0 else ""
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; {user} pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{ worker_connections 64; }}\n"
        f"http {{ {temporary} access_log {folder}/others.log; include {folder}/site.conf; }}\n"
    )
    command = ["nginx", "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
    with _running(command, port, folder), _client(f"https://localhost:{port}", authority) as client:
        yield WebServer(client, "/u/", log, folder)


@contextmanager
def apache(folder: Path, site: str, log: Path) -> Iterator[WebServer]:
    """`site` as a file of sites-enabled."""
    authority = _certificate(folder)
    port = _free_port()
    certificate = f"SSLEngine on\n SSLCertificateFile {folder}/cert.pem\n SSLCertificateKeyFile {folder}/key.pem"
    (folder / "site.conf").write_text(site.replace("*:443", f"127.0.0.1:{port}").replace("SSLEngine on", certificate))
    modules = "".join(f"LoadModule {name}_module {_MODULES}/mod_{name}.so\n" for name in _APACHE_MODULES)
    (folder / "mime.types").touch()
    user = "User www-data\nGroup www-data\n" if os.geteuid() == 0 else ""
    (folder / "apache.conf").write_text(
        f"ServerRoot {folder}\nPidFile apache.pid\nErrorLog error.log\nServerName localhost\nListen 127.0.0.1:{port}\n"
        f"{user}{modules}TypesConfig mime.types\nDefaultRuntimeDir {folder}\nStartServers 1\n"
        f'<Directory "/">\nRequire all denied\n</Directory>\nCustomLog others.log "%h %r" env=!newsletter_one_click\n'
        f"Include site.conf\n"
    )
    command = ["apache2", "-f", f"{folder}/apache.conf", "-DFOREGROUND"]
    with _running(command, port, folder), _client(f"https://localhost:{port}", authority) as client:
        yield WebServer(client, "/u/", log, folder)


@contextmanager
def php(folder: Path, script: str, log: Path) -> Iterator[WebServer]:
    """`script` in the web root of PHP's own server, with four processes."""
    root = folder / "web-root"
    root.mkdir(exist_ok=True)
    (root / "one-click.php").write_text(script)
    port = _free_port()
    command = ["php", "-d", "display_errors=1", "-S", f"127.0.0.1:{port}", "-t", str(root)]
    with (
        _running(command, port, folder, {"PHP_CLI_SERVER_WORKERS": "4"}),
        _client(f"http://127.0.0.1:{port}", None) as client,
    ):
        yield WebServer(client, "/one-click.php/u/", log, folder)


def _certificate(folder: Path) -> trustme.CA:
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    for pem in certificate.cert_chain_pems:
        pem.write_to_path(folder / "cert.pem", append=True)
    return authority


def _client(url: str, authority: trustme.CA | None) -> httpx.Client:
    context = ssl.create_default_context()
    if authority is not None:
        authority.configure_trust(context)
    return httpx.Client(base_url=url, verify=context, follow_redirects=False, trust_env=False, timeout=30)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _running(
    command: Sequence[str], port: int, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Until the block ends, with all that it has started; it has answered a connection by then."""
    with (folder / "said.txt").open("wb") as said:
        environ = {**os.environ, **(environment or {})}
        server = subprocess.Popen(command, stdout=said, stderr=said, env=environ, process_group=0)
        try:
            deadline = time.monotonic() + _START_SECONDS
            while not _answers(port):
                if server.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f"{command[0]} did not start: {(folder / 'said.txt').read_text()}")
                time.sleep(0.02)
            yield
        finally:
            server.terminate()
            server.wait(_START_SECONDS)
            deadline = time.monotonic() + _START_SECONDS
            with suppress(ProcessLookupError):  # PHP leaves its workers behind, and they go on listening
                os.killpg(server.pid, signal.SIGKILL)
            while _answers(port):
                assert time.monotonic() < deadline, f"{command[0]} has left somebody behind"


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
