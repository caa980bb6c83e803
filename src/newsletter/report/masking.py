"""Take people's addresses out of a relay's words, so that they can be shown to anybody. Touches: nothing.

Limits: an address that is written in a way nobody would recognise as one (in base64, say) stays.
"""

import re

_ADDRESS = re.compile(r"[^\s<>()\[\]{},;:'\"@|]+@[^\s<>()\[\]{},;:'\"@|]+[^\s<>()\[\]{},;:'\"@|.]")
_SHORTEST_NAME = 3
"""Characters; a shorter local part is in too many words."""


def masked(words: str, address: str) -> str:
    """The words with every address masked, and the local part of the one they are about, wherever it stands."""
    text = _ADDRESS.sub(lambda found: f"{found[0][0]}***@{found[0].rpartition('@')[2]}", words)
    name = address.rpartition("@")[0]
    if len(name) < _SHORTEST_NAME:
        return text
    return re.sub(rf"(?<![\w.]){re.escape(name)}(?![\w])", f"{name[0]}***", text, flags=re.IGNORECASE)
