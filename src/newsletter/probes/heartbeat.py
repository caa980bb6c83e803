"""Call the address of `[operator] heartbeat`: where the calls end, somebody notices that cron is dead.

Touches: network.

The protocol is that of healthchecks.io: GET on the address says that all is well, `/<exit code>` behind its path that a
run failed. A service that does not know the second hears nothing then, and calls after its time. Redirects are not
followed. Limits: a proxy is the environment's (`https_proxy`).
"""

import http.client
import threading
import urllib.error
import urllib.request
from urllib.parse import urlsplit, urlunsplit

from newsletter import __version__
from newsletter.catalogue import SILENCE, Said, Verbatim, phrase
from newsletter.errors import RunAgainError
from newsletter.settings.system_reason import system_reason

TIMEOUT = 10.0
"""Seconds for one try, looking up the name included."""
_TRIES = 2
_ALIVE = frozenset({0, RunAgainError.exit_code})
"""Also where cron goes on by itself later."""


def send_heartbeat(address: str, exit_code: int, seconds: float = TIMEOUT) -> Said | None:
    """Tell how a run ended; what went wrong with it, if anything did. Never raises for what the other side does."""
    target = _target(address, exit_code)
    why: Said = SILENCE
    for _ in range(_TRIES):
        status, why = _asked(target, seconds)
        if 200 <= status < 300 or (exit_code not in _ALIVE and 400 <= status < 500):
            return None
        if 300 <= status < 500:
            break  # it says the same again
    parts = urlsplit(address)
    return phrase("probes.heartbeat.failed", address=f"{parts.scheme}://{parts.netloc}/***", why=why)


def _target(address: str, exit_code: int) -> str:
    if exit_code in _ALIVE:
        return address
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{exit_code}"))


def _asked(address: str, seconds: float) -> tuple[int, Said]:
    """The status, 0 for no answer, and it in words. A thread of its own: nothing else bounds the look-up of a name."""
    answers: list[tuple[int, Said]] = []
    asking = threading.Thread(target=lambda: answers.append(_get(address, seconds)), daemon=True)
    asking.start()
    asking.join(seconds)
    return answers[0] if answers else (0, phrase("probes.heartbeat.silent", seconds=f"{seconds:g}"))


def _get(address: str, seconds: float) -> tuple[int, Said]:
    request = urllib.request.Request(address, headers={"User-Agent": f"newsletter/{__version__}"})  # noqa: S310 - settings take https alone
    try:
        with urllib.request.build_opener(_Nowhere).open(request, timeout=seconds) as answer:
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
    except TimeoutError:
        return 0, phrase("probes.heartbeat.silent", seconds=f"{seconds:g}")
    except urllib.error.URLError as error:
        reason = error.reason
        return 0, system_reason(reason) if isinstance(reason, OSError) else Verbatim(str(reason))
    except OSError as error:
        return 0, system_reason(error)
    except (http.client.HTTPException, ValueError) as error:  # whose words may hold the address
        return 0, Verbatim(type(error).__name__)
    moved = 300 <= status < 400
    return status, phrase("probes.heartbeat.moved" if moved else "probes.heartbeat.status", status=str(status))


class _Nowhere(urllib.request.HTTPRedirectHandler):
    """A redirect may lead anywhere, and the path is a secret."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None
