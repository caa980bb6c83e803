"""`[smtp] processes`: how many may share a dispatch, and what is no number of them."""

import os
from pathlib import Path

import pytest

from newsletter.errors import SettingsError
from tests.support.issue_files import workspace


@pytest.mark.parametrize(
    ("typed", "shared"),
    [
        ("", 1),
        ("processes = 2", 2),
        ("processes = 4", 4),
        ("processes = 20\nconnections = 20", 20),
        ('processes = "auto"\nconnections = 1', 1),
        ('processes = " 3 "', 3),
        ('processes = 4\nper_domain = { "*" = { connections = 2 } }', 2),
        ('processes = 4\nper_domain = { "*" = { rate = "1/s" }, "naver.com" = { connections = 1 } }', 4),
    ],
)
def test_so_many_share_a_dispatch(tmp_path: Path, typed: str, shared: int) -> None:
    assert workspace(tmp_path, f"[smtp]\n{typed}\n").settings.smtp.sharing_processes == shared


def test_auto_is_one_for_each_core_that_may_be_used(tmp_path: Path) -> None:
    smtp = workspace(tmp_path, '[smtp]\nprocesses = "auto"\nconnections = 200\n').settings.smtp
    assert smtp.sharing_processes == len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    "typed", ["0", "-1", "201", "2.5", "true", '"two"', '"AUTO"', '"٣"', "[2]", "10000000000000000000000"]
)
def test_what_is_no_number_of_processes_is_told(tmp_path: Path, typed: str) -> None:
    with pytest.raises(SettingsError) as caught:
        workspace(tmp_path, f"[smtp]\nconnections = 200\nprocesses = {typed}\n")
    assert "must be a number of processes from 1 to 200, or `auto`" in str(caught.value)


def test_more_than_there_are_connections_is_told_with_both_numbers(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        workspace(tmp_path, "[smtp]\nconnections = 3\nprocesses = 4\n")
    assert "`processes = 4` needs as many connections at least, and `connections` is 3" in str(caught.value)
