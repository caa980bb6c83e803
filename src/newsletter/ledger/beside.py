"""What a workspace keeps beside its ledger while it sends, and what that tells. Touches: the file system, reading."""

from newsletter.settings.workspace import Workspace

MARK_FILE = "ledger.mark.json"
LEASES_FOLDER = "leases"


def was_used(workspace: Workspace) -> bool:
    """Whoever sends holds a lease, whose folder stays, and keeps a mark: where they are, a book was used from here."""
    return (workspace.state / LEASES_FOLDER).is_dir() or (workspace.state / MARK_FILE).exists()
