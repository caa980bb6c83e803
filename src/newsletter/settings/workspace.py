"""A workspace: the folder with `newsletter.toml`, and where in it all of it lives. Touches: it, looking only."""

from dataclasses import dataclass
from pathlib import Path

from .model import Settings

MARK_FILE = "ledger.mark.json"
LEASES_FOLDER = "leases"
"""What is kept in `.newsletter/`, beside the ledger, while it sends."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder, absolute, and the settings that were read there; relative paths of the settings start at `root`."""

    root: Path
    settings: Settings

    @property
    def issues(self) -> Path:
        return self.root / "issues"

    @property
    def templates(self) -> Path:
        return self.root / "templates" / "email"

    @property
    def state(self) -> Path:
        """`.newsletter/`: ledger, secret, locks; never in git."""
        return self.root / ".newsletter"

    @property
    def was_used(self) -> bool:
        """Whether a ledger was used from here: who sends holds a lease, whose folder stays, and keeps a mark."""
        return (self.state / LEASES_FOLDER).is_dir() or (self.state / MARK_FILE).exists()

    @property
    def has_returns(self) -> bool:
        """Whether there is a mailbox to read, or a mail system ever handed a message over."""
        return self.settings.returns.has_mailbox or (self.own_returns / "new").is_dir()

    @property
    def own_returns(self) -> Path:
        """A Maildir for messages that a mail system hands over one by one."""
        return self.state / "returns"

    @property
    def csv(self) -> Path:
        return self.root / self.settings.audience.csv

    @property
    def example_csv(self) -> Path:
        return self.root / "subscribers.example.csv"

    @property
    def archive(self) -> Path:
        """Where the archive is built."""
        return self.root / self.settings.archive.dir

    @property
    def secret_file(self) -> Path:
        return self.root / self.settings.links.secret_file
