"""Finished outputs kept as files: a change is a diff to read, accepted by `pytest tests/golden --update-golden`."""

from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class Golden:
    """Compares with a file, byte for byte, or writes it."""

    update: bool

    def check(self, path: Path, data: bytes) -> None:
        """`path` is the golden file; `data` is what was made now."""
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            return
        if not path.is_file():
            pytest.fail(f"{path} is not there; make it with --update-golden and read it")
        assert data == path.read_bytes(), f"{path.name} has changed; read the diff, then --update-golden"
