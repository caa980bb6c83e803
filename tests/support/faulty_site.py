"""A web site on loopback that misbehaves as its pages are told to: each path has a behaviour. Touches: loopback."""

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Behaviour = Callable[[socket.socket, "Asked"], None]


@dataclass(frozen=True)
class Asked:
    """One request as it came, and when it began and ended."""

    method: str
    path: str
    headers: dict[str, str]
    began: float


@dataclass
class Site:
    """What was asked of it; `url` is where it is."""

    host: str
    port: int
    scheme: str
    pages: dict[str, Behaviour]
    asked: list[Asked] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    sent: int = 0
    closing: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str) -> str:
        return f"{self.scheme}://{self.host}:{self.port}{path}"

    def methods(self, path: str) -> list[str]:
        return [one.method for one in self.asked if one.path == path]


def status(code: int, *headers: str, body: bytes = b"") -> Behaviour:
    """Answer with this status, whatever is asked."""

    def answer(link: socket.socket, asked: Asked) -> None:
        lines = [f"HTTP/1.1 {code} Said", f"Content-Length: {len(body)}", *headers]
        link.sendall("\r\n".join([*lines, "", ""]).encode() + (b"" if asked.method == "HEAD" else body))

    return answer


def only_get(head: Behaviour) -> Behaviour:
    """Fine for GET, `head` for HEAD."""
    return lambda link, asked: (head if asked.method == "HEAD" else status(200))(link, asked)


def says(data: bytes) -> Behaviour:
    """These bytes, then the end."""
    return lambda link, _: link.sendall(data)


def reset(link: socket.socket, _: Asked) -> None:
    """Cut the connection with RST."""
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@contextmanager
def faulty_site(
    pages: Callable[[Site], dict[str, Behaviour]], *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[Site]:
    """Run the site until the block ends; `pages` gets the site, so that a page can name another."""
    server = socket.create_server((host, 0))
    site = Site(host, server.getsockname()[1], "https" if tls else "http", {})
    site.pages.update(pages(site))
    threads: list[threading.Thread] = []

    def serve(link: socket.socket) -> None:
        with contextlib.suppress(OSError), link:
            if not tls:
                _answer(site, link)
                return
            with tls.wrap_socket(link, server_side=True, do_handshake_on_connect=False) as secured:
                secured.do_handshake()
                _answer(site, secured)

    def accept() -> None:
        while True:
            try:
                link, _ = server.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=serve, args=(link,), daemon=True))
            threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield site
    finally:
        site.closing.set()
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        for thread in [accepting, *threads]:
            thread.join(5)


def _answer(site: Site, link: socket.socket) -> None:
    head = b""
    while b"\r\n\r\n" not in head:
        if not (part := link.recv(65536)):
            return
        head += part
        if not head[:1].isalpha():  # TLS, where none is spoken
            link.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return
    first, *lines = head.decode().split("\r\n\r\n")[0].split("\r\n")
    method, path, _ = first.split(" ")
    fields = dict(line.lower().split(": ", 1) for line in lines)
    with site.lock:
        site.asked.append(Asked(method, path, fields, time.monotonic()))
        site.at_once += 1
        site.most_at_once = max(site.most_at_once, site.at_once)
    try:
        page = site.pages.get(path) or site.pages[path.partition("?")[0]]
        page(link, site.asked[-1])
    finally:
        with site.lock:
            site.at_once -= 1
            site.ended.append(time.monotonic())
