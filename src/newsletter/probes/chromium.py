"""A browser of this machine that photographs pages: `with chromium(program) as window: window.photograph(…)`.

It is driven by DevTools over two pipes (Chrome DevTools Protocol 1.3), so that no port is open. Touches: a process of
Chromium, a temporary folder for its profile. Nothing is fetched: names lead nowhere, and so does the proxy. Limits: not
on Windows, whose processes inherit no pipes by number.
"""

import base64
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from newsletter.catalogue import Verbatim, phrase
from newsletter.errors import UnavailableError

PROGRAM_VARIABLE = "NEWSLETTER_BROWSER"
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
_MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_ARGUMENTS = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--mute-audio",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
)
_SECONDS = 60
"""For one answer: a busy machine needs some for its first page."""
_GRACE = 5
"""Seconds to end by itself."""
_TALLEST = 12_000
"""Pixels of one photograph: beyond 16,384 Chromium paints nothing."""
_MOST = 60_000
"""Pixels of a page that are looked at."""
_READY = "Promise.all([...document.images].map(image => image.decode().catch(() => 0)))"
_ON_WHOLE_PIXELS = """(() => {
  const sides = ["line-height", "margin-top", "margin-bottom", "padding-top", "padding-bottom"];
  const uneven = value => value.endsWith("px") && !Number.isInteger(parseFloat(value));
  const found = [];
  for (const element of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    for (const side of sides) {
      const value = style.getPropertyValue(side);
      if (uneven(value)) found.push([element, side, Math.round(parseFloat(value))]);
    }
  }
  for (const image of document.images) {
    const height = image.getBoundingClientRect().height;
    if (!Number.isInteger(height)) found.push([image, "height", Math.round(height)]);
  }
  for (const [element, side, value] of found) element.style.setProperty(side, value + "px", "important");
})()"""
"""What is between two whole pixels is painted otherwise when it stands elsewhere; so nothing is, by less than one."""
_ASIDE = 10
"""File descriptors from here on are none of 3 and 4, which the browser reads and writes."""


class BrowserFailedError(UnavailableError):
    """The browser of this machine does not start, or does not answer."""


def browser_program(environ: Mapping[str, str]) -> str | None:
    """What NEWSLETTER_BROWSER names (empty: none), else the first Chromium on the PATH; None where there is none."""
    if sys.platform == "win32":
        return None
    named = environ.get(PROGRAM_VARIABLE)
    if named is not None:
        return shutil.which(named) if named else None
    on_path = (shutil.which(name) for name in _PROGRAMS)
    return next((path for path in (*on_path, *_MAC) if path and Path(path).is_file()), None)


@contextmanager
def chromium(program: str) -> "Iterator[BrowserWindow]":
    """A window of a new browser, without a profile; BrowserFailedError (69) where it does not start."""
    with tempfile.TemporaryDirectory(prefix="newsletter-browser-", ignore_cleanup_errors=True) as profile:
        process, pipes = _started(program, Path(profile))
        try:
            yield BrowserWindow(pipes)
        finally:
            _end(process, pipes)


class _Pipes:
    """Messages in JSON, each with a NUL behind it."""

    def __init__(self, reads: int, writes: int) -> None:
        self._reads, self._writes = reads, writes
        self._rest = b""

    def send(self, message: Mapping[str, Any]) -> None:
        data = json.dumps(message).encode() + b"\0"
        try:
            while data:
                data = data[os.write(self._writes, data) :]
        except OSError as error:
            raise _failed(str(error)) from error

    def receive(self, until: float) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._reads], [], [], max(0.0, until - time.monotonic()))
            data = os.read(self._reads, 1 << 20) if ready else b""
            if not data:
                raise _failed("it ended" if ready else f"no answer in {_SECONDS} seconds")
            self._rest += data
        message, _, self._rest = self._rest.partition(b"\0")
        try:
            told: dict[str, Any] = json.loads(message)
        except ValueError as error:
            raise _failed(str(error)) from error
        return told

    def close(self) -> None:
        for one in (self._reads, self._writes):
            with suppress(OSError):
                os.close(one)


class BrowserWindow:
    """One page, in which one document is shown after the other; none of them runs a script."""

    def __init__(self, pipes: _Pipes) -> None:
        self._pipes = pipes
        self._asked = 0
        self._session = ""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._ask("Page.enable")
        self._ask("Emulation.setScriptExecutionDisabled", value=True)

    def photograph(self, html: str, width: int, *, dark: bool = False) -> list[bytes]:
        """The whole page as PNG files, one under the other, in a window of so many CSS pixels."""
        preference = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._ask("Emulation.setEmulatedMedia", media="screen", features=[preference])
        self._resize(width, 100)
        # Into a new document each time: the policy of one stays with it, whatever is written there.
        frame = self._ask("Page.navigate", url="about:blank")["frameId"]
        self._ask("Page.setDocumentContent", frameId=frame, html=html)
        self._ask("Runtime.evaluate", expression=_READY, awaitPromise=True)
        self._ask("Runtime.evaluate", expression=_ON_WHOLE_PIXELS)
        size = self._ask("Page.getLayoutMetrics")["cssContentSize"]
        height = min(_MOST, max(1, int(size["height"])))
        self._resize(width, min(height, _TALLEST))
        return [self._strip(top, width, min(_TALLEST, height - top)) for top in range(0, height, _TALLEST)]

    def _resize(self, width: int, height: int) -> None:
        self._ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def _strip(self, top: int, width: int, height: int) -> bytes:
        clip = {"x": 0, "y": top, "width": width, "height": height, "scale": 1}
        told = self._ask("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        return base64.b64decode(told["data"])

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        self._asked += 1
        message = {"id": self._asked, "method": method, "params": parameters}
        self._pipes.send({**message, "sessionId": self._session} if self._session else message)
        until = time.monotonic() + _SECONDS
        while (told := self._pipes.receive(until)).get("id") != self._asked:
            pass
        if "error" in told:
            raise _failed(f"{method}: {told['error'].get('message', '')}")
        answer: dict[str, Any] = told["result"]
        return answer


def _started(program: str, profile: Path) -> tuple[int, _Pipes]:
    """The browser's process id, and what leads to it: it reads from its file 3 and writes to its file 4."""
    heard, writes = _aside(os.pipe())
    reads, said = _aside(os.pipe())
    # Root has no sandbox to leave: the kernel refuses one, as in most containers of a CI.
    rights = ("--no-sandbox",) if os.geteuid() == 0 else ()
    command = [program, *_ARGUMENTS, *rights, f"--user-data-dir={profile}", "about:blank"]
    nowhere = os.open(os.devnull, os.O_RDWR)
    actions = [
        *((os.POSIX_SPAWN_DUP2, nowhere, number) for number in (0, 1, 2)),
        (os.POSIX_SPAWN_DUP2, heard, 3),
        (os.POSIX_SPAWN_DUP2, said, 4),
    ]
    try:
        process = os.posix_spawn(program, command, os.environ, file_actions=actions, setpgroup=0)
    except OSError as error:
        for one in (writes, reads):
            os.close(one)
        raise _failed(str(error)) from error
    finally:
        for one in (heard, said, nowhere):
            os.close(one)
    return process, _Pipes(reads, writes)


def _aside(pair: tuple[int, int]) -> tuple[int, int]:
    """The same two ends under numbers that are in nobody's way, and closed in every other process."""
    import fcntl  # not on Windows, where no browser is looked for

    first, second = (fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, _ASIDE) for one in pair)
    for one in pair:
        os.close(one)
    return first, second


def _end(process: int, pipes: _Pipes) -> None:
    """Ask it to end, and end it with all it started where it does not."""
    until = time.monotonic() + _GRACE
    try:
        pipes.send({"id": 0, "method": "Browser.close"})
    except BrowserFailedError:
        until = time.monotonic()
    ended = False
    while not ended and time.monotonic() < until:
        ended = os.waitpid(process, os.WNOHANG)[0] == process
        if not ended:
            select.select([], [], [], 0.02)
    pipes.close()
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process, signal.SIGKILL)
    if not ended:
        os.waitpid(process, 0)


def _failed(why: str) -> BrowserFailedError:
    return BrowserFailedError(phrase("probes.browser.failed", why=Verbatim(why)))
