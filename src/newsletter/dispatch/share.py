"""Which part of a whole is this process's, where several send as one account. Touches: nothing.

Every process keeps the same account of the relay and of each domain (it hears what the others heard, siblings.py), and
takes of what may be done at once only its own part. The parts add up to the whole, so a limit of four connections is
four over all processes, on however many machines, whoever learned it.

Who the others are each process sees for itself, a moment earlier or later (membership.py). Still the parts never add up
to more than the whole, by two things: whoever is at work is seen by all who are at work; and all put themselves in the
same order, of which one that sees more of them stands at the same place or further behind, and so has less.
"""

import zlib
from dataclasses import dataclass, field


@dataclass(slots=True)
class Share:
    """The part of `mine` among those who have one, in the order in which they asked; a process alone has it all."""

    mine: int = 0
    sharers: tuple[int, ...] = (0,)
    """By the numbers of their leases. Without `mine`: this process has no part."""
    clock_ahead: float = 0.0
    """Seconds by which the clock that all of them share is ahead of this process's."""
    _places: dict[str, int | None] = field(default_factory=dict)

    @property
    def of(self) -> int:
        """How many have a part."""
        return len(self.sharers)

    def place(self, name: str = "") -> int | None:
        """Where this process stands among the sharers, from 0; None: it has no part.

        Of each domain it is another order, so that not all single connections are one's.
        """
        if name not in self._places:
            ranked = sorted(self.sharers, key=lambda one: (zlib.crc32(f"{name} {one}".encode()), one))
            order = tuple(ranked) if name else self.sharers
            self._places[name] = order.index(self.mine) if self.mine in order else None
        return self._places[name]

    def part(self, whole: int, name: str = "") -> int:
        """So many of `whole` are this process's, perhaps none."""
        if self.of == 1:
            return whole if self.sharers[0] == self.mine else 0
        place = self.place(name)
        return 0 if place is None else whole // self.of + (place < whole % self.of)

    def spacing(self, whole: int) -> int:
        """Each so manieth start is one's own, where `whole` connections start them."""
        return max(1, min(self.of, whole))

    def change(self, sharers: tuple[int, ...]) -> None:
        """Somebody came or went."""
        self.sharers = sharers
        self._places = {}
