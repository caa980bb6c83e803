"""Word to the operator: a mail to `[operator] notify`, and `[operator] command`, since a dead relay carries no mail.

Touches: the network; starts the command. It gets JSON on its standard input, no shell, and nothing of our environment
but where programs and its home are, so that no password of ours is in it. Whatever goes wrong is a warning.
"""

import asyncio
import json
import os
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from newsletter.catalogue import Said, Verbatim, phrase
from newsletter.dispatch.send_one import deliver
from newsletter.errors import NewsletterError
from newsletter.ledger.ledger import Ledger
from newsletter.report.ending import Ending
from newsletter.report.notice import notice
from newsletter.report.replies import masked
from newsletter.settings.system_reason import system_reason
from newsletter.settings.workspace import Workspace
from newsletter.smtp.server import SMTPServer

from .budget import count_one

_TIMEOUT = 30
"""Seconds that the command has."""
_ENVIRONMENT = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT")


def tell_how_it_ended(workspace: Workspace, ledger: Ledger, ending: Ending) -> Ending:
    """Both ways. What does not arrive never changes how the run ended: it becomes a warning beside it."""
    warnings = list(ending.warnings)
    for address in workspace.settings.operator.notify:
        message = notice(workspace.settings, address, ending, datetime.now(UTC))
        try:
            count_one(workspace.settings, ledger)
            asyncio.run(deliver(message, SMTPServer.from_settings(workspace.settings, workspace.root)))
        except NewsletterError as error:
            warnings.append(phrase("workflow.operator.not_told", error=error))
    counts = {state.value: count for state, count in ending.counts.items()}
    warnings += run_command(workspace, ending.slug, ending.summary(), ending.exit_code(), counts)
    return replace(ending, warnings=tuple(warnings))


def run_command(
    workspace: Workspace, issue: str | None, words: Said, exit_code: int, counts: dict[str, int] | None = None
) -> Iterator[Said]:
    """Give the command what there is to tell; what went wrong, if anything. Nothing where there is no command."""
    command = workspace.settings.operator.command
    if not command:
        return
    newsletter = workspace.settings.newsletter
    told = {
        "newsletter": newsletter.list_id,
        "issue": issue,
        "exit_code": exit_code,
        "message": masked(words.in_language(newsletter.language), ""),
        "states": counts or {},
    }
    try:
        ended = subprocess.run(  # noqa: S603 - the operator's own command, without a shell
            shlex.split(command),
            input=json.dumps(told, ensure_ascii=False).encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=workspace.root,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            timeout=_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        yield phrase("workflow.operator.command_took_too_long", seconds=_TIMEOUT)
    except (OSError, ValueError) as error:
        why = system_reason(error) if isinstance(error, OSError) else Verbatim(str(error))
        yield phrase("workflow.operator.command_cannot_start", why=why)
    else:
        if ended.returncode:
            yield phrase("workflow.operator.command_failed", status=str(ended.returncode))
