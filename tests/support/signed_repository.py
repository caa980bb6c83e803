"""A git repository whose commits are signed by SSH keys made for the test.

Touches: the given folders, git, ssh-keygen.
"""

import os
import subprocess
from pathlib import Path


class Signer:
    """Somebody with a key."""

    def __init__(self, folder: Path, address: str) -> None:
        self.address = address
        self.key = folder / address
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", address, "-f", str(self.key)]
        subprocess.run(words, check=True, capture_output=True)

    @property
    def line(self) -> str:
        """Of a file of allowed signers."""
        return f"{self.address} {self.key.with_suffix(self.key.suffix + '.pub').read_text(encoding='utf-8')}"


def git(folder: Path, *words: str) -> str:
    """What git says; it is nobody's but the test's."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = ["-c", "user.name=Jane Doe", "-c", "user.email=jane@example.com", "-c", "commit.gpgsign=false"]
    ended = subprocess.run(["git", *who, *words], cwd=folder, env=environ, check=True, capture_output=True, text=True)
    return ended.stdout.strip()


def commit(folder: Path, message: str, *, by: Signer | None = None) -> str:
    """Commit all that there is, signed if somebody signs; its id."""
    git(folder, "add", "--all")
    sign = ["-c", "gpg.format=ssh", "-c", f"user.signingKey={by.key}"] if by else []
    git(folder, *sign, "commit", "--quiet", "--allow-empty", "-m", message, *(["-S"] if by else []))
    return git(folder, "rev-parse", "HEAD")
