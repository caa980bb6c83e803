"""Word to people: a mail, and `[operator] command`, since a relay that is down carries no mail.

Touches: the network; starts the command. It gets JSON on its standard input, no shell, and nothing of our environment
but where programs and its home are, so that no password of ours is in it. Whatever goes wrong is a warning.
"""

import asyncio
import contextlib
import json
import os
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from newsletter.catalogue import Said, Verbatim, phrase
from newsletter.dispatch.send_one import deliver
from newsletter.errors import CannotWriteError, NewsletterError, RefusedError
from newsletter.ledger.ledger import Ledger
from newsletter.report.announcement import Announcement, announcement_of
from newsletter.report.ending import Ending
from newsletter.report.notice_mail import Attachment, notice_mail
from newsletter.settings.system_reason import system_reason
from newsletter.settings.workspace import Workspace
from newsletter.smtp.server import SMTPServer

from .budget import count_one

_TIMEOUT = 30
"""Seconds that the command has."""
_MAIL_TIMEOUT = 60
"""Seconds that all mails about one thing have: a relay that hangs keeps no run from its end."""
_ENVIRONMENT = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT")


def tell_how_it_ended(
    workspace: Workspace,
    ledger: Ledger,
    ending: Ending,
    attachments: Sequence[Attachment] = (),
    *,
    by_hand: bool = True,
    said: Sequence[str] = (),
) -> Ending:
    """Both ways. What does not arrive never changes how the run ended: it becomes a warning beside it."""
    announcement = announcement_of(ending, by_hand=by_hand)
    warnings = tell(workspace, ledger, announcement, attachments=attachments, said=said)
    return replace(ending, warnings=(*ending.warnings, *warnings))


def tell(
    workspace: Workspace,
    ledger: Ledger | None,
    announcement: Announcement,
    *,
    to_editor: bool = False,
    attachments: Sequence[Attachment] = (),
    said: Sequence[str] = (),
) -> list[Said]:
    """By the command and by mail, `to_editor` the editor as well; what did not arrive, as warnings.

    What `said` names, or the announcement itself, is not named again as the cause: a relay that is down is known then.
    Without a ledger the mails are not counted in the windows of `[smtp] rate`.
    """
    settings = workspace.settings
    addresses = [*settings.operator.notify, *(settings.editor.notify if to_editor else ())]
    warnings = [*_run_command(workspace, announcement)]
    if addresses:
        mails = _mail(workspace, ledger, announcement, list(dict.fromkeys(addresses)), attachments)
        try:
            errors = asyncio.run(mails)
            known = "\n".join((*said, str(announcement.words)))
            warnings += dict.fromkeys(_not_told(error, known) for error in errors)
        except TimeoutError:
            warnings.append(phrase("workflow.operator.mail_took_too_long", seconds=f"{_MAIL_TIMEOUT:g}"))
    return warnings


async def _mail(
    workspace: Workspace,
    ledger: Ledger | None,
    announcement: Announcement,
    addresses: Sequence[str],
    attachments: Sequence[Attachment],
) -> list[NewsletterError]:
    """One address after the other; where the relay takes nothing at all, no other is tried. What went wrong."""
    errors: list[NewsletterError] = []
    async with asyncio.timeout(_MAIL_TIMEOUT):
        for address in addresses:
            try:
                if ledger is not None:
                    with contextlib.suppress(CannotWriteError):  # of which somebody must hear
                        count_one(workspace.settings, ledger)
                server = SMTPServer.from_settings(workspace.settings, workspace.root)
                await deliver(
                    notice_mail(workspace.settings, address, announcement, datetime.now(UTC), attachments), server
                )
            except RefusedError as error:
                errors.append(error)
            except NewsletterError as error:
                errors.append(error)
                break
    return errors


def _not_told(error: NewsletterError, known: str) -> Said:
    if str(error) in known:
        return phrase("workflow.operator.not_told_either")
    return phrase("workflow.operator.not_told", error=error)


def _run_command(workspace: Workspace, announcement: Announcement) -> Iterator[Said]:
    """Give the command what there is to tell; what went wrong, if anything. Nothing where there is no command."""
    command = workspace.settings.operator.command
    if not command:
        return
    newsletter = workspace.settings.newsletter
    told = announcement.as_json(newsletter.list_id, newsletter.language, datetime.now(UTC))
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
