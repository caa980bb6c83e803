"""Tell the operator how a run ended, by mail through the same relay. Touches: the network.

A notice that cannot be delivered never changes how the run ended: it becomes a warning beside it.
"""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from newsletter.dispatch.send_one import deliver
from newsletter.errors import NewsletterError
from newsletter.report.ending import Ending
from newsletter.report.notice import notice
from newsletter.settings.workspace import Workspace
from newsletter.smtp.server import SMTPServer


def notify_operator(workspace: Workspace, ending: Ending) -> Ending:
    """Send the notice to everyone in `[operator] notify`, if there was anything to tell."""
    if not ending.worth_telling:
        return ending
    warnings = list(ending.warnings)
    for address in workspace.settings.operator.notify:
        message = notice(workspace.settings, address, ending, datetime.now(UTC))
        try:
            asyncio.run(deliver(message, SMTPServer.from_settings(workspace.settings, workspace.root)))
        except NewsletterError as error:
            warnings.append(f"The operator could not be told: {error}")
    return replace(ending, warnings=tuple(warnings))
