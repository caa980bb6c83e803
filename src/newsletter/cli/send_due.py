"""`newsletter send --due`: what cron runs, and that somebody watches it. Touches: what the workflows touch."""

from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.errors import SettingsError

from .progress import progress
from .session import Session


def read_settings(session: Session, metrics: Path | None) -> None:
    """Of a run of cron: where they cannot be read, whoever watches it must hear of that, too."""
    try:
        _ = session.workspace
    except SettingsError as error:
        from newsletter.settings.load import NoWorkspaceError
        from newsletter.workflow.steps.after_run import tell_unreadable

        root = None if isinstance(error, NoWorkspaceError) else session.root
        tell_unreadable(root, metrics=metrics, exit_code=error.exit_code, warn=session.warn)
        raise


def send_what_is_due(session: Session, *, retry_now: bool, leaves_sending: bool, metrics: Path | None) -> int:
    """The exit code."""
    from newsletter.workflow.send_due import send_due
    from newsletter.workflow.steps.after_run import DUE, watched

    def run() -> int:
        with progress(session, phrase("cli.progress.sent")) as advance:
            return send_due(
                session.workspace,
                say=session.say,
                warn=session.warn,
                advance=advance,
                retry_now=retry_now,
                leaves_sending=leaves_sending,
            )

    return watched(run, session.workspace, command=DUE, metrics=metrics, warn=session.warn)
