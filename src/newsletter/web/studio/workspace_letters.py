"""Everything the studio shows of one workspace: the letters, the panels beside them, the proof.

Touches: the workspace's files, the ledger for reading; for a proof the network.
"""

from collections.abc import Mapping
from pathlib import Path

from newsletter.errors import NewsletterError, RefusedError
from newsletter.settings.workspace import Workspace
from newsletter.workflow.send_proof import Proof, deliver_proof

from .check_cache import Checked, Checks
from .letter_view import LetterViews
from .model import Asked, AudienceNumbers, Findings, Issues, Size
from .panels.findings import audience_numbers, broken_findings, shown_findings, sizes
from .panels.issues import IssueStates


class WorkspaceLetters(LetterViews):
    """See `view.Letters`."""

    def __init__(self, workspace: Workspace, given: str | None, environ: Mapping[str, str]) -> None:
        super().__init__(workspace, given, environ)
        self._checks = Checks(self.editions)
        self._states = IssueStates()

    def findings(self, asked: Asked, /) -> Findings:
        view = self.load(asked)
        if view.problems:
            return broken_findings(view.problems)
        try:
            checked = self._checked(self.path(asked))
        except NewsletterError as error:
            # What is shown is one edition; another may be broken, or what newsletter.toml says of the rules.
            return broken_findings(self.problems_of(error))
        return shown_findings(checked.findings, view, checked.ignored)

    def sizes(self, asked: Asked, /) -> tuple[Size, ...]:
        view = self.load(asked)
        try:
            return () if view.problems else sizes(view, self._checked(self.path(asked)).audience)
        except NewsletterError:
            return ()

    def audience(self, asked: Asked, /) -> AudienceNumbers:
        path = self.path(asked)
        try:
            checked = self._checked(path)
        except NewsletterError:
            return AudienceNumbers("", counted=False)
        return audience_numbers(checked.audience, self.workspace.settings.newsletter.language)

    def issues(self, asked: Asked, /) -> Issues:
        return self._states.look(self.workspace, self.path(asked))

    def send_proof(self, asked: Asked, to: str, /) -> str:
        """Send what is shown; RefusedError where `to` is nobody a proof may go to."""
        opened = self.open(asked)
        allowed = {one.casefold(): one for one in self.proof_to()}
        address = allowed.get(to.strip().casefold())
        if address is None:
            raise RefusedError("that address is not in [preview] proof_to")
        proof = Proof(opened.issue.slug, opened.edition, opened.subscriber.values())
        reply = deliver_proof(opened.workspace, proof, address)
        return f"{reply.code} {reply.text}"

    def _checked(self, path: Path) -> Checked:
        """Any NewsletterError where not every edition can be looked at; the findings say why."""
        return self._checks.check(path, self.refreshed())
