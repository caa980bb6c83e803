"""A ledger's folder that this user may not write to is told with the next step."""

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from newsletter.errors import CannotWriteError
from newsletter.ledger.database_errors import translate_database_error
from newsletter.ledger.lock_file import LockFile


@pytest.mark.parametrize("is_there", [True, False])
def test_a_folder_of_somebody_else_is_told_with_the_next_step(tmp_path: Path, is_there: bool) -> None:
    folder = tmp_path / "leases"
    if is_there:
        folder.mkdir(0o555)
    tmp_path.chmod(0o555)
    user = os.geteuid()
    try:
        if user == 0:
            os.seteuid(65534)  # root may write everywhere
        with pytest.raises(CannotWriteError) as caught:
            LockFile(folder)
    finally:
        os.seteuid(user)
        tmp_path.chmod(0o755)
    assert str(folder) in str(caught.value)
    for language in ("ko", "en"):
        assert caught.value.hint.in_language(language).endswith(f"sudo chown -R USER {tmp_path}")


def test_a_database_that_is_read_only_is_told_with_the_next_step() -> None:
    refused = sqlite3.OperationalError("attempt to write a readonly database")
    refused.sqlite_errorcode = sqlite3.SQLITE_READONLY_DIRECTORY
    error = translate_database_error(DBAPIError("", {}, refused), where="sqlite:////srv/the letter/ledger.db")
    assert error.exit_code == 73
    for language in ("ko", "en"):
        assert "sudo chown -R USER '/srv/the letter'" in error.in_language(language)
