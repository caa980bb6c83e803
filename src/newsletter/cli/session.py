"""What every command is given: the workspace, a voice in the right language, and a way to ask. Touches: terminal."""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.catalogue import Said, phrase
from newsletter.errors import RefusedError, UsageError
from newsletter.printable import printable

from .language import VARIABLE, chosen_language, first_known, language_of_locale

if TYPE_CHECKING:
    from newsletter.schedule.log_file import LogFile
    from newsletter.settings.workspace import Workspace

_YES = frozenset({"y", "yes", "예", "네", "ㅇ"})
"""Understood in both languages: who is asked in one may type in the other."""


@dataclass
class Session:
    """One call of the command. Data goes to standard output, words about it to standard error.

    It is filled while the words of the command line are read: the global options stand before or after the command,
    and the later word wins.
    """

    workspace_option: Path | None = None
    lang_option: str | None = None
    quiet: bool = False
    verbose: bool = False
    outside: bool = False
    """`init` makes a workspace, so it speaks as one does where there is none."""
    log: "LogFile | None" = None
    """Where everything that is said is kept, also what --quiet keeps from a person."""

    @cached_property
    def workspace(self) -> "Workspace":
        from newsletter.settings.load import find_workspace

        return find_workspace(Path.cwd(), explicit=self.workspace_option, environ=os.environ)

    @cached_property
    def root(self) -> Path | None:
        """The workspace's folder, whatever its settings say; None where there is none and none was named."""
        from newsletter.settings.load import NoWorkspaceError, find_root

        try:
            return find_root(Path.cwd(), explicit=self.workspace_option, environ=os.environ)
        except NoWorkspaceError:
            if self.workspace_option or os.environ.get("NEWSLETTER_WORKSPACE"):
                raise
            return None

    @property
    def place(self) -> "Workspace":
        """The workspace, or the current folder where there is none and the environment names a ledger."""
        if self.root is not None:
            return self.workspace
        from newsletter.workflow.steps.worker_place import bare_place

        return bare_place(Path.cwd(), os.environ)

    def overhear(self, words: Sequence[str]) -> None:
        """Fill what the parser did not come to before it gave up, so that this, too, is said in the right language."""
        said = dict(_options(words))
        self.lang_option = self.lang_option or said.get("--lang")
        if self.workspace_option is None and "--workspace" in said:
            self.workspace_option = Path(said["--workspace"])

    @property
    def chosen_language(self) -> str | None:
        """What somebody asked for, instead of the newsletter's language; UsageError (64) for one we do not speak."""
        return chosen_language(self.lang_option, os.environ)

    @cached_property
    def language(self) -> str:
        """The language to speak, whatever else is wrong: what cannot be read has no say."""
        asked_for = first_known((self.lang_option, os.environ.get(VARIABLE)))
        return asked_for or self._newsletter_language() or language_of_locale(os.environ)

    def _newsletter_language(self) -> str | None:
        if self.outside:
            return None
        try:
            return self.workspace.settings.newsletter.language
        except Exception:  # noqa: BLE001 - also a bug must be told in some language; who needs the settings tells it
            return self._written_language()

    def _written_language(self) -> str | None:
        """The newsletter's, where its settings cannot be read as a whole."""
        from newsletter.settings.load import NoWorkspaceError, written_language

        try:
            return first_known((written_language(self.root),)) if self.root else None
        except NoWorkspaceError:
            return None

    def tell(self, text: str) -> None:
        """Data, for a script or a pipe, which need not wait for a full buffer; a terminal gets what is fit for it."""
        print(printable(text) if sys.stdout.isatty() else text, flush=True)  # noqa: T201

    def say(self, words: Said) -> None:
        """Words for a person; nothing under --quiet."""
        if self.quiet:
            self.note(words)
        else:
            self.warn(words)

    def warn(self, words: Said) -> None:
        """Words that matter also under --quiet."""
        self.note(words)
        print(printable(words.in_language(self.language)), file=sys.stderr)  # noqa: T201

    def keep_log(self, path: Path | None) -> None:
        """From now on keep there what is said; a log that cannot be written is told, and stops nothing."""
        if path is None:
            return
        from newsletter.schedule.log_file import LogFile

        try:
            self.log = LogFile(path)
        except OSError as error:
            self._lose_log(path, error)

    def note(self, words: Said) -> None:
        """To the log alone, if there is one."""
        if self.log is not None:
            try:
                self.log.write(str(words))
            except OSError as error:
                self._lose_log(self.log.path, error)

    def _lose_log(self, path: Path, error: OSError) -> None:
        from newsletter.settings.system_reason import system_reason

        self.log = None
        self.say(phrase("cli.session.no_log", path=str(path), why=system_reason(error)))

    @property
    def has_terminal(self) -> bool:
        """Whether there is somebody to ask."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def need_terminal(self) -> None:
        """UsageError (64) where there is nobody to ask."""
        if not self.has_terminal:
            raise UsageError(phrase("cli.session.no_terminal"), hint=phrase("cli.session.say_yes"))

    def ask(self, question: Said) -> None:
        """Ask a yes-or-no question; anything but yes is a RefusedError (77), no terminal a UsageError (64)."""
        self.need_terminal()
        self.warn(phrase("cli.session.yes_or_no", question=question))
        if sys.stdin.readline().strip().casefold() not in _YES:
            raise RefusedError(phrase("cli.session.answered_no"))


def _options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Every `--name value` and `--name=value`, whatever they mean."""
    for word, following in pairwise([*words, ""]):
        name, equals, value = word.partition("=")
        yield name, value if equals else following
