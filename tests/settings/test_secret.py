"""The signing secret: from the environment, a file, or made once, by whoever is first."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from newsletter.errors import CannotWriteError, SettingsError
from newsletter.settings.secret import load_keys
from tests.support.issue_files import workspace

OLD, NEW = "an-old-signing-key-000", "a-new-signing-key-1111"


def test_a_secret_is_made_on_first_need_and_stays(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    first = load_keys(here, {}, create=True)
    assert load_keys(here, {}, create=False) == first
    assert stat.S_IMODE(here.secret_file.stat().st_mode) == 0o600
    assert [path.name for path in here.state.iterdir()] == ["secret"]


def test_without_leave_to_make_one_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no signing secret yet"):
        load_keys(workspace(tmp_path), {}, create=False)


def test_many_at_once_read_the_same_secret(tmp_path: Path) -> None:
    for turn in range(20):
        here = workspace(tmp_path / str(turn))
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(lambda _, here=here: load_keys(here, {}, create=True), range(8)))
        assert len(keys) == 1


def test_the_environment_wins_over_its_file_and_that_over_the_workspace(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    load_keys(here, {}, create=True)
    (tmp_path / "key").write_text(f"{OLD}\n{NEW}\n", encoding="utf-8")
    environ = {"NEWSLETTER_SECRET_KEY_FILE": str(tmp_path / "key")}
    assert load_keys(here, environ, create=False) == (OLD.encode(), NEW.encode())
    assert load_keys(here, {**environ, "NEWSLETTER_SECRET_KEY": NEW}, create=False) == (NEW.encode(),)


@pytest.mark.parametrize("text", ["", "  \n", "short", f"{NEW} short"])
def test_an_empty_or_short_key_is_refused_and_not_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_keys(workspace(tmp_path), {"NEWSLETTER_SECRET_KEY": text}, create=True)
    assert NEW not in str(caught.value)


def test_a_secret_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="none"):
        load_keys(workspace(tmp_path), {"NEWSLETTER_SECRET_KEY_FILE": str(tmp_path / "none")}, create=True)


def test_a_folder_that_cannot_be_made_is_exit_code_73(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    here.state.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(CannotWriteError):
        load_keys(here, {}, create=True)
