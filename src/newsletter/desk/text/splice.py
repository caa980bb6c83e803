"""Parts of a text replaced by place, with everything else as it was to the byte. Touches: nothing.

A file with CRLF is changed as if it had LF, and what is new gets the line end of the line where it begins.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Splice:
    """`text` in the place of what stands from `start` to `end`; offsets in the text with LF line ends."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A file's text as stored, and the same to work with: without BOM, lines ended by LF, the last one, too."""

    stored: str

    @property
    def worked(self) -> str:
        text = self.stored.removeprefix(BOM).replace("\r\n", "\n")
        return text if text.endswith("\n") else text + "\n"

    def spliced(self, splices: Sequence[Splice]) -> str:
        """The file's text with the parts replaced; they do not overlap."""
        bare = self.stored.removeprefix(BOM)
        returns = _places_of_returns(bare)

        def place(offset: int) -> int:
            return min(offset + bisect_left(returns, offset), len(bare))

        done, result = 0, self.stored[: len(self.stored) - len(bare)]
        for splice in sorted(splices, key=lambda one: (one.start, one.end)):
            start, end = place(splice.start), place(splice.end)
            result += bare[done:start] + splice.text.replace("\n", _line_end(bare, start))
            done = end
        result += bare[done:]
        # The last line has no end where it had none, unless it is an empty one, which is nothing but its end.
        is_cut = result.endswith("\n") and not bare.endswith("\n")
        return result + _line_end(bare, len(bare)) if is_cut else result


def _places_of_returns(text: str) -> list[int]:
    """Where each LF that has a CR before it stands once no line end has one."""
    found: list[int] = []
    at = text.find("\r\n")
    while at >= 0:
        found.append(at - len(found))
        at = text.find("\r\n", at + 2)
    return found


def _line_end(text: str, offset: int) -> str:
    """Of the line at an offset; where that has none, of the one before it."""
    at = text.find("\n", offset)
    at = at if at >= 0 else text.rfind("\n", 0, offset)
    return "\r\n" if at > 0 and text[at - 1] == "\r" else "\n"
