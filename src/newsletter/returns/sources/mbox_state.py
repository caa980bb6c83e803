"""How far an mbox was taken apart, kept so that a run that is killed is gone on with. Touches: the state's file."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from newsletter.settings.replace_file import replace_file

NOTHING, TAKING, DONE = "nothing", "taking", "done"


@dataclass(slots=True)
class MboxState:
    """Sizes are octets; whatever a file has beyond them was written by a run that was killed, and is written again."""

    place: int = 0
    """In the file that is read: so far every message has its place."""
    sizes: dict[str, int] = field(default_factory=dict)
    """Of the files that messages went to, by name."""
    doing: str = NOTHING
    """What was begun and may not be done: TAKING new messages over, or DONE, with only the files to be put away."""
    taken: tuple[int, int] = (0, 0)
    """Of TAKING: how long the file was before, from where on the new ones stand in it, and how long they are."""
    keeps: bool = False
    """Of DONE: some messages stay for the next run."""

    @classmethod
    def read(cls, path: Path) -> "MboxState":
        """Raises OSError. One that is none says nothing."""
        try:
            kept: dict[str, Any] = json.loads(path.read_bytes())
            return cls(**{**kept, "taken": tuple(kept["taken"])})
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            return cls()

    def write(self, path: Path) -> None:
        """Durably. Raises OSError."""
        replace_file(path, json.dumps(asdict(self)), durable=True)
