"""SpamAssassin's opinion of a mail, without the network. A missing program is a failure, never a skipped test."""

import re
import shutil
import subprocess
from pathlib import Path


def score(mail: bytes, folder: Path) -> float:
    """Points; people take five for spam. `folder` stands for the home, so that nothing learnt before counts."""
    program = shutil.which("spamassassin")
    assert program, "These tests need SpamAssassin (Debian: spamassassin)."
    ended = subprocess.run(
        [program, "--local", "--test-mode", "--nocreate-prefs", "--cf=use_bayes 0"],
        input=mail,
        capture_output=True,
        check=True,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )
    found = re.search(rb"Content analysis details:\s+\((-?[\d.]+) points", ended.stdout)
    assert found, ended.stdout[-2000:]
    return float(found[1])
