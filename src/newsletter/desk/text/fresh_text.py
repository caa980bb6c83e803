"""The text of an issue file that nobody has written yet, from its data, as a person would write it.

Touches: nothing.
"""

from newsletter.issue.tree import Data

from .habits import Habits
from .writer import Writer

_IN_BRACES = frozenset({"hero", "image", "images", "button"})
"""On one line, as the starter has them."""
_WITH_ROOM = frozenset({"intro", "sections", "closing"})
"""Keys with an empty line before them."""


def fresh_text(data: dict[str, Data], *, comments: str = "") -> str:
    """`comments` are whole lines above everything, each with its `#` and line end."""
    writer = Writer(Habits(in_braces=_IN_BRACES), data)
    lines = []
    for key, value in data.items():
        room = "\n" if key in _WITH_ROOM else ""
        lines.append(f"{room}{writer.entry(key, value, (key,), 0)}\n")
    return f"{comments}\n{''.join(lines)}" if comments else "".join(lines)
