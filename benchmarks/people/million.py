"""Seconds and memory to check, import and export many subscribers, beside csv with email-validator for each row.

    python benchmarks/people/million.py [ROWS] [FOLDER] [LEDGER_URL]

Each command is a process of its own, as people start it; all of them read the same file in the same run. Touches: a
folder that is removed, or FOLDER. Limits: the domains are 5,000, which is many for a list of this size.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = [sys.executable, "-m", "newsletter"]
DOMAINS = 5_000
BASELINE = """
import csv, sys
from email_validator import EmailNotValidError, validate_email
good = 0
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        try:
            validate_email(row["email"], check_deliverability=False)
            good += 1
        except EmailNotValidError:
            pass
print(good)
"""


def measure(rows: int, folder: Path, url: str) -> None:
    """Print a line a command: seconds, processor seconds, memory, and how often it goes into the baseline."""
    path = folder / "export.csv"
    write_people(path, rows)
    root = folder / "letter"
    run([*COMMAND, "init", str(root)], folder, {})
    environ = {"NEWSLETTER_LEDGER__URL": url} if url else {}
    baseline = run([sys.executable, "-c", BASELINE, str(path)], folder, {})
    tell("csv with email-validator", baseline, baseline)
    for name, words in {
        "subscribers check": ("check", str(path)),
        "subscribers import": ("import", str(path), "--yes"),
        "subscribers import again": ("import", str(path), "--yes"),
        "subscribers export": ("export", "--out", str(folder / "all.csv"), "--yes"),
        "subscribers export --as keila": ("export", "--as", "keila", "--out", str(folder / "keila.csv"), "--yes"),
    }.items():
        tell(name, run([*COMMAND, "subscribers", *words, "--quiet"], root, environ), baseline)


def write_people(path: Path, rows: int) -> None:
    """As a spreadsheet keeps them."""
    with path.open("w", encoding="utf-8") as file:
        file.write("email,name,language,tags,consent_at,consent_source,소속\n")
        for number in range(rows):
            address = f"reader{number}@d{number % DOMAINS}.example.com"
            file.write(f"{address},홍길동{number},ko,시민;연구,2026-03-02,누리집,서울시 {number % 900}\n")


def run(words: list[str], folder: Path, environ: dict[str, str]) -> tuple[float, float, float]:
    """Seconds, processor seconds and the greatest memory in MB."""
    began = time.perf_counter()
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, env={**os.environ, **environ})
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def tell(name: str, found: tuple[float, float, float], baseline: tuple[float, float, float]) -> None:
    seconds, processor, memory = found
    ratio = baseline[1] / processor
    print(f"{name:32}{seconds:8.1f} s  {processor:8.1f} s CPU  {memory:6.0f} MB  {ratio:5.2f} x", flush=True)


if __name__ == "__main__":
    rows_wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    ledger = sys.argv[3] if len(sys.argv) > 3 else ""
    if len(sys.argv) > 2:
        Path(sys.argv[2]).mkdir(parents=True, exist_ok=True)
        measure(rows_wanted, Path(sys.argv[2]).resolve(), ledger)
    else:
        with tempfile.TemporaryDirectory() as made:
            measure(rows_wanted, Path(made), ledger)
