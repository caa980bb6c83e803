"""What follows a run however it ends: the metrics, and of cron the heartbeat. Touches: a file, the network.

Limits: whatever goes wrong here is a warning, daily from cron, and never changes how the run ended.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from newsletter.catalogue import Said, phrase
from newsletter.errors import CannotWriteError, NewsletterError
from newsletter.settings.system_reason import system_reason
from newsletter.settings.workspace import Workspace
from newsletter.settings.written_heartbeat import written_heartbeat

from .cron_run import Say
from .metrics import FinishedRun, write_metrics
from .told import Told

DUE, BY_HAND = "send --due", "send"
_INTERRUPTED = 130


def watched(
    run: Callable[[], int],
    workspace: Workspace,
    *,
    command: str,
    metrics: Path | None,
    warn: Say,
    now: datetime | None = None,
) -> int:
    """The exit code of a run, which is told afterwards, also where it raises. `now` is when it begins."""
    began, clock, code = now or datetime.now(UTC), time.monotonic(), NewsletterError.exit_code
    try:
        code = run()
    except NewsletterError as error:
        code = error.exit_code
        raise
    except KeyboardInterrupt:
        code = _INTERRUPTED
        raise
    except OSError:
        code = CannotWriteError.exit_code
        raise
    finally:
        ended = FinishedRun(command, began, time.monotonic() - clock, code)
        _tell_afterwards(workspace, ended, _file_of(workspace, metrics), warn)
    return code


def tell_unreadable(root: Path | None, *, metrics: Path | None, exit_code: int, warn: Say) -> None:
    """That a run of cron could not even read its settings, to whoever watches it, as far as these can be found."""
    ended = FinishedRun(DUE, datetime.now(UTC), 0.0, exit_code)
    if metrics is not None and (trouble := _written(metrics, None, ended)):
        warn(trouble)
    address = written_heartbeat(root, os.environ)
    if address and (trouble := _beat(address, exit_code)):
        warn(trouble)


def _tell_afterwards(workspace: Workspace, ended: FinishedRun, metrics: Path | None, warn: Say) -> None:
    told = Told(workspace, ended.began)
    is_cron, heartbeat = ended.command == DUE, workspace.settings.operator.heartbeat
    troubles: dict[str, Said | None] = {}
    if metrics is not None:
        troubles["metrics"] = _written(metrics, workspace, ended)
    if is_cron and heartbeat:
        troubles["heartbeat"] = _beat(heartbeat, ended.exit_code)
    for name, trouble in troubles.items():
        if trouble is None:
            told.is_over(name)
        elif not is_cron or told.is_news_afterwards(name):
            warn(trouble)


def _beat(address: str, exit_code: int) -> Said | None:
    """What went wrong with it."""
    # It loads what speaks HTTP, of which a run without a heartbeat needs nothing.
    from newsletter.probes.heartbeat import send_heartbeat

    return send_heartbeat(address, exit_code)


def _file_of(workspace: Workspace, metrics: Path | None) -> Path | None:
    """The option's, else the setting's, which is relative to the workspace."""
    written = workspace.settings.operator.metrics
    return metrics or (workspace.root / written if written else None)


def _written(file: Path, workspace: Workspace | None, ended: FinishedRun) -> Said | None:
    """What kept the metrics from being written."""
    try:
        write_metrics(file, workspace, ended)
    except OSError as error:
        return phrase("workflow.operator.no_metrics", file=str(file), why=system_reason(error))
    except Exception as error:  # noqa: BLE001 - the letter is out, and what counts it must not say that it is not
        return phrase("workflow.operator.no_metrics", file=str(file), why=f"{type(error).__name__}: {error}")
    return None
