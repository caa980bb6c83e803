"""`newsletter worker` and `workers`: send on as many machines as wanted, and who is at it.

Touches: what the workflows touch, a port.
"""

import os
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.catalogue import phrase
from newsletter.errors import UsageError

from .session import Session

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from newsletter.workflow.steps.worker_state import WorkerStatus

_LOOPBACK = "127.0.0.1"
_LAST_PORT = 65535


def worker(
    context: typer.Context,
    health: Annotated[
        str | None,
        typer.Option(
            "--health",
            metavar="[HOST:]PORT",
            help="Answer /healthz, /livez and /metrics there. 0: a free port. Left out: nowhere.",
            show_default=False,
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--newsletter",
            metavar="LIST_ID",
            help="Serve only this newsletter of the ledger. May be given again.",
            show_default=False,
        ),
    ] = None,
) -> int:
    """Send what waits in the ledger, for ever, on as many machines as wanted; ends on SIGTERM or Ctrl-C.

    Needs NEWSLETTER_LEDGER__URL, NEWSLETTER_SECRET_KEY and NEWSLETTER_SMTP__PASSWORD (or …_FILE), and no file of the
    workspace: relay, limits and reply rules are in the ledger since approve, send or resume. In a workspace it also
    does each minute, one machine at a time, what send --due does.
    """
    from newsletter.workflow.worker import work, worker_status

    session: Session = context.obj
    place, status = session.place, worker_status()
    with _health_port(session, health, status):
        return work(
            place,
            status,
            say=session.say,
            warn=session.warn,
            environ=os.environ,
            only=only or (),
            due=_due_command(session),
        )


def workers(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON: a list.")] = False,
) -> None:
    """Say which workers are at it: on which machine, since when, what they send and how fast, what troubles them."""
    from newsletter.workflow.workers import read_workers

    session: Session = context.obj
    report = read_workers(session.place)
    session.tell(report.to_json() if as_json else report.to_text(session.language))


def _due_command(session: Session) -> list[str]:
    """Empty where there is no workspace: then others plan."""
    if session.root is None:
        return []
    command = [sys.executable, "-m", "newsletter", "send", "--due", "--leave-to-workers"]
    command += ["--workspace", str(session.root), "--quiet"]  # each minute, so only what waits for somebody
    return [*command, "--lang", session.lang_option] if session.lang_option else command


def _health_port(session: Session, given: str | None, status: "WorkerStatus") -> "AbstractContextManager[str | None]":
    """Serves for as long as the block runs; its address is told as data."""
    if given is None:
        return nullcontext()
    from newsletter.web.health import health_app
    from newsletter.web.server import background, listen

    host, port = _address(given)
    listener = listen(host, port)
    session.tell(listener.url)
    return background(health_app(status.health), listener)


def _address(given: str) -> tuple[str, int]:
    host, _, port = given.rpartition(":")
    if not (port.isascii() and port.isdigit() and int(port) <= _LAST_PORT):
        raise UsageError(phrase("cli.worker.no_port", given=given))
    return host.strip("[]") or _LOOPBACK, int(port)
