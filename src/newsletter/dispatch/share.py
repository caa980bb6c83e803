"""Which part of a whole is this process's, where several share one run. Touches: nothing.

Every process keeps the same account of the relay and of each domain (it hears what the others heard, siblings.py), and
takes of what may be done at once only its own part. The parts add up to the whole, so a limit of four connections is
four over all processes, whoever learned it.
"""

from dataclasses import dataclass


@dataclass(slots=True)
class Share:
    """The `index`-th of so many processes. It is changed when one of them ends: the others take over its part."""

    index: int = 0
    of: int = 1

    def part(self, whole: int, turn: int = 0) -> int:
        """So many of `whole` are this process's, perhaps none. `turn` says with whom the counting begins."""
        place = (self.index - turn) % self.of
        return whole // self.of + (place < whole % self.of)

    def sharers(self, whole: int) -> int:
        """How many processes have a part of it at all."""
        return min(self.of, max(whole, 1))

    def change(self, index: int, of: int) -> None:
        self.index, self.of = index, of
