"""Hold an approval against the commit it came with: signed by somebody who may approve (`[schedule] signed`).

Touches: the workspace's files, git, ssh-keygen. The manifest names every file of the approval with its SHA-256, so
whoever signed it has signed them all.
"""

from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.errors import Problem, RefusedError, SettingsError
from newsletter.probes.signed_commit import why_not_signed
from newsletter.settings.load import problem_with_setting
from newsletter.settings.system_reason import system_reason
from newsletter.settings.workspace import Workspace

from .letter import Letter


def refuse_unsigned(workspace: Workspace, letter: Letter, manifest: Path, data: bytes) -> None:
    """RefusedError (77) with the reason; SettingsError (78) where the file of signers cannot be read.

    `data` is the manifest as it was read, and is what will be sent.
    """
    why = why_not_signed(manifest, data, _signers(workspace))
    if why is not None:
        folder = manifest.parent.relative_to(workspace.root).as_posix()
        raise RefusedError(
            phrase("workflow.approve.is_not_signed", file=letter.file, why=why),
            hint=phrase("workflow.approve.to_sign", folder=folder),
        )


def _signers(workspace: Workspace) -> Path:
    path = workspace.root / workspace.settings.schedule.signers
    try:
        path.read_bytes()
    except OSError as error:
        problem = Problem(phrase("workflow.approve.no_signers", why=system_reason(error)), path="schedule.signers")
        raise SettingsError(problems=[problem_with_setting(workspace, problem)]) from error
    return path
