"""An issue that was begun with what was there already, and what is told of it. Touches: nothing."""

from dataclasses import dataclass
from pathlib import Path

from newsletter.catalogue import Said


@dataclass(frozen=True, slots=True)
class BegunIssue:
    """The file, and what a person should know before writing on."""

    path: Path
    told: tuple[Said, ...]
