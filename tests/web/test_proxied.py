"""The proxy of the tests at its end: what it took and what it opened behind is closed, however much was under way."""

import gc
import socket
import warnings
from contextlib import ExitStack

import pytest

from tests.support.pages import proxied

CLIENTS = 30


@pytest.mark.parametrize("leaving", ["before it ends", "after it has ended"])
def test_a_proxy_that_ends_leaves_nothing_open(leaving: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left_open: list[str] = []
    # CPython tells of it where no test can catch an exception: while it throws the object away.
    monkeypatch.setattr("sys.unraisablehook", lambda told: left_open.append(str(told.exc_value)))
    with (
        socket.create_server(("127.0.0.1", 0), backlog=CLIENTS) as behind,
        ExitStack() as later,
        proxied(*behind.getsockname()) as port,
        ExitStack() as sooner,
    ):
        clients = sooner if leaving == "before it ends" else later
        for _ in range(CLIENTS):
            clients.enter_context(socket.create_connection(("127.0.0.1", port))).sendall(b"GET")
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        gc.collect()
    assert left_open == []
