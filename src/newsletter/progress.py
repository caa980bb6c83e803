"""How whoever waits is told how far a long piece of work is. Touches: nothing."""

from collections.abc import Callable

Advance = Callable[[int, int], None]
"""Called with (done, total), as often as there is something to tell."""
