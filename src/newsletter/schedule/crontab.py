"""The crontab line that sends what is due. Touches: nothing but the path of the running interpreter.

cron runs with an almost empty environment and in the home folder, so every path is absolute; it is safe to run every
ten minutes and twice at once, since the ledger knows what is done.
"""

import shlex
import sys
from pathlib import Path

from newsletter.settings.workspace import Workspace

EVERY = "*/10 * * * *"


def crontab_line(workspace: Workspace) -> str:
    """One line for `crontab -e`; a `%` would end cron's command, so it is escaped (crontab(5))."""
    script = Path(sys.executable).with_name("newsletter")
    program = [str(script)] if script.is_file() else [sys.executable, "-m", "newsletter"]
    words = [*program, "--workspace", str(workspace.root.resolve()), "--quiet", "send", "--due"]
    return f"{EVERY} {shlex.join(words)}".replace("%", r"\%")
