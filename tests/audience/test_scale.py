"""A long subscriber file is read in a stream: memory does not grow with it."""

import time
import tracemalloc
from pathlib import Path

from newsletter.audience.read import read_subscribers
from newsletter.audience.subscriber import Subscriber

ROWS = 100_000


def test_a_hundred_thousand_rows_are_read_quickly_and_with_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "subscribers.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("email,name,tags,회사\n")
        file.writelines(f"reader{n}@d{n % 5000}.example.com,홍길동{n},시민;연구,서울시 {n}\n" for n in range(ROWS))
    started = time.perf_counter()
    assert sum(isinstance(row, Subscriber) for row in read_subscribers(path)) == ROWS
    assert time.perf_counter() - started < 30  # about 1.5 s here; the bound is for a busy machine

    tracemalloc.start()
    try:
        for row in read_subscribers(path):
            if row.line > 30_000:
                break
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # The blocks of the encoding pass and 5,000 remembered domains; the 30,000 rows alone would be over 30 MB.
    assert peak < 12 * 1024 * 1024
