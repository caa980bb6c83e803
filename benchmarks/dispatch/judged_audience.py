"""An audience as the survey leaves it to a plan, in no order, and what its planner holds on the way. Touches: /proc."""

import resource
import time
from hashlib import blake2b
from pathlib import Path

from newsletter.audience.judged_rows import JudgedRows
from newsletter.audience.links import Links
from newsletter.ledger.staged_audience import Audience, OtherHashes
from tests.support.books import LIST

RESTING = "example.net"
"""Whose readers are three of ten."""
_STATM = Path("/proc/self/statm")
_SMALL_DOMAINS = 5_000


def judged_rows(readers: int) -> JudgedRows:
    """So many; four of ten are of one domain, and three of many small ones."""
    rows = JudgedRows()
    for number in range(readers):
        name = blake2b(str(number).encode(), digest_size=6).hexdigest()
        small = f"d{number % _SMALL_DOMAINS}.example.org"
        domain = RESTING if number % 10 < 3 else "example.com" if number % 10 < 7 else small
        address = f"{name}@{domain}"
        rows.add(address, address, "ko", '{"name": "홍길동"}', number + 2)
    return rows


class WatchedAudience(Audience):
    """Notes the planner's memory and the time after each tenth of the rows."""

    def __init__(self, rows: JudgedRows) -> None:
        links = Links((b"a secret of thirty-two octets 000",), LIST)
        super().__init__(rows, links.all_hashes, renamed=False)
        self.at = [time.perf_counter()]
        """Seconds, at the beginning and after each tenth."""
        self.resident_mb: list[float] = []
        """After each tenth."""

    def further(self, after: int, size: int) -> tuple[int, OtherHashes]:
        if after * 10 >= len(self.at) * self.rows.count:
            self.at.append(time.perf_counter())
            self.resident_mb.append(resident_mb())
        return super().further(after, size)


def resident_mb() -> float:
    """Of this process."""
    return int(_STATM.read_text("ascii").split()[1]) * resource.getpagesize() / 1e6
