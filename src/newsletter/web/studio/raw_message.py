"""Show a message as it goes over the wire, short enough for a page. Touches: nothing."""

import re
from collections.abc import Iterator

_KEPT_LINES = 3
"""Lines of a picture that are shown; one may have 20,000."""
_SIGNATURE = re.compile(rb"^(DKIM-Signature): (.*(?:\r\n[ \t].*)*)", re.MULTILINE)


def signatures(data: bytes) -> list[tuple[str, str]]:
    """The signatures in the header of a message, as name and value, folds undone."""
    header = data.partition(b"\r\n\r\n")[0]
    return [(name.decode(), " ".join(value.decode("ascii").split())) for name, value in _SIGNATURE.findall(header)]


def readable_wire(data: bytes) -> str:
    """The message with \\n for line ends; of each picture only the first lines, then how many were left out."""
    return "\n".join(_shortened(data.decode("ascii", "backslashreplace").split("\r\n")))


def _shortened(lines: list[str]) -> Iterator[str]:
    is_picture, left_out, inside = False, 0, 0
    for line in lines:
        if line.startswith("--"):
            if left_out:
                yield f"[… {left_out}]"
            is_picture, left_out, inside = False, 0, 0
        elif line.lower().startswith("content-type: image/"):
            is_picture = True
        elif is_picture and (inside or not line):
            inside += 1
        if inside > _KEPT_LINES + 1:
            left_out += 1
        else:
            yield line
