"""SIGTERM and Ctrl-C: the first finishes what is in flight, the second waits for nobody. Touches: signal handlers."""

import asyncio
import contextlib
import signal
from collections.abc import Iterator


@contextlib.contextmanager
def stopped_by_signals(stop: asyncio.Event, drop: asyncio.Event) -> Iterator[None]:
    """Set `stop` at the first signal and `drop` at the next, for as long as this lasts; in the running loop."""
    loop = asyncio.get_running_loop()

    def obey() -> None:
        (drop if stop.is_set() else stop).set()

    handled = []
    for number in (signal.SIGINT, signal.SIGTERM):
        # Not the main thread (tests, a web server), or Windows: there Ctrl-C raises KeyboardInterrupt as usual.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, obey)
            handled.append(number)
    try:
        yield
    finally:
        for number in handled:
            loop.remove_signal_handler(number)
