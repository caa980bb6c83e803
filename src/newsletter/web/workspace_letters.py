"""Everything the studio shows of one workspace: the letters, the panels beside them, the proof.

Touches: the workspace's files, the ledger for reading; for a proof the network.
"""

from newsletter.errors import RefusedError

from .letter_view import LetterViews
from .view import Asked, AudienceNumbers, Findings, Issues, Size


class WorkspaceLetters(LetterViews):
    """See `view.Letters`."""

    def findings(self, asked: Asked, /) -> Findings:
        self.path(asked)
        return Findings()

    def sizes(self, asked: Asked, /) -> tuple[Size, ...]:
        self.path(asked)
        return ()

    def audience(self, asked: Asked, /) -> AudienceNumbers:
        self.path(asked)
        return AudienceNumbers("")

    def issues(self) -> Issues:
        return Issues(())

    def send_proof(self, asked: Asked, to: str, /) -> str:
        self.path(asked)
        raise RefusedError(f"No proof goes to {to}.")
