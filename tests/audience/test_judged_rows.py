"""Rows that are kept for a plan: each address once, in a file that nobody else can open and no kill leaves behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.audience.judged_rows import JudgedRows
from newsletter.errors import CannotWriteError
from tests.support.spoken import assert_told_in_both

BEYOND_MEMORY = 40_000
"""Rows that SQLite does not keep in memory any more."""


def add(rows: JudgedRows, number: int) -> bool:
    key = f"reader{number}@example.com"
    return rows.add(key, key, "ko", '{"name":"홍길동"}', number + 2)


def test_an_address_is_kept_once_as_first_written_and_numbers_have_no_gaps() -> None:
    rows = JudgedRows()
    assert rows.add("hong@example.com", "Hong@Example.com", "ko", None, 2)
    assert not rows.add("hong@example.com", "hong@example.com", "en", "{}", 3)
    assert rows.add("jane@example.org", "jane@example.org", "en", "{}", 4, barred=True, address_hash=b"j" * 16)
    assert (rows.count, rows.duplicates) == (2, 1)
    rows.seal(lambda key: key.encode()[:16].ljust(16))
    rows.sign(0, 1)
    assert list(rows.rows(0, 2)) == [
        (1, "hong@example.com", "Hong@Example.com", b"hong@example.com", "ko", None, 2, 0),
        (2, "jane@example.org", None, b"j" * 16, "en", "{}", 4, 1),
    ]
    domains = rows.connection.execute("SELECT domain, count(*) FROM judged GROUP BY domain ORDER BY domain")
    assert domains.fetchall() == [("example.com", 1), ("example.org", 1)]


FILL = f"""
import os, stat
from pathlib import Path
from newsletter.audience.judged_rows import JudgedRows

def opened():
    links = [path for path in Path("/proc/self/fd").iterdir() if path.is_symlink() and path.exists()]
    return [path for path in links if str(path.readlink()).startswith(os.environ["SQLITE_TMPDIR"])]

rows = JudgedRows()
for number in range({BEYOND_MEMORY}):
    rows.add(f"reader{{number}}@example.com", f"reader{{number}}@example.com", "ko", None, number + 2)
[file] = opened()
found = file.stat()
print(oct(stat.S_IMODE(found.st_mode)), found.st_nlink, found.st_size > 1_000_000, rows.is_open)
rows.close()
print(len(opened()), rows.is_open)
"""


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks for open files where Linux names them")
def test_the_file_has_no_name_and_only_this_user_may_read_it(tmp_path: Path) -> None:
    environ = {**os.environ, "SQLITE_TMPDIR": str(tmp_path)}
    told = subprocess.run([sys.executable, "-c", FILL], env=environ, check=True, capture_output=True, text=True).stdout
    assert told.splitlines() == ["0o600 0 True True", "0 False"]
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_with_the_folder_and_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SQLITE_TMPDIR", "/mnt/scratch")
    rows = JudgedRows()
    rows.connection.execute("PRAGMA max_page_count = 20")
    with pytest.raises(CannotWriteError) as caught:
        any(not add(rows, number) for number in range(BEYOND_MEMORY))
    assert caught.value.exit_code == 73
    assert_told_in_both(caught.value)
    assert "/mnt/scratch" in str(caught.value)
    assert "TMPDIR=" in str(caught.value)
    assert "reader" not in str(caught.value)
