"""What every command is given: the workspace, a voice, and a way to ask. Touches: terminal."""

import os
import sys
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from newsletter.settings.workspace import Workspace


@dataclass(frozen=True)
class Session:
    """The global options of one call. Data goes to standard output, words about it to standard error."""

    workspace_option: Path | None = None
    quiet: bool = False
    verbose: bool = False

    def merged(self, *, workspace: Path | None, quiet: bool, verbose: bool) -> "Session":
        """Global options stand before or after the command; the later word wins."""
        return replace(
            self,
            workspace_option=workspace or self.workspace_option,
            quiet=quiet or self.quiet,
            verbose=verbose or self.verbose,
        )

    @cached_property
    def workspace(self) -> "Workspace":
        from newsletter.settings.load import find_workspace

        return find_workspace(Path.cwd(), explicit=self.workspace_option, environ=os.environ)

    def tell(self, text: str) -> None:
        """Data, for a script or a pipe, which need not wait for a full buffer."""
        print(text, flush=True)  # noqa: T201

    def say(self, text: str) -> None:
        """Words for a person; nothing under --quiet."""
        if not self.quiet:
            self.warn(text)

    def warn(self, text: str) -> None:
        """Words that matter also under --quiet."""
        print(text, file=sys.stderr)  # noqa: T201

    def need_terminal(self) -> None:
        """UsageError (64) where there is nobody to ask."""
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise UsageError("There is no terminal to ask on.", hint="Say --yes to go ahead without the question.")

    def ask(self, question: str) -> None:
        """Ask a yes-or-no question; anything but yes is a RefusedError (77), no terminal a UsageError (64)."""
        self.need_terminal()
        self.warn(f"{question} [y/N]")
        answer = sys.stdin.readline().strip().casefold()
        if answer not in {"y", "yes", "예", "네", "ㅇ"}:
            raise RefusedError("Answered no; nothing was done.")
