"""The heartbeat's address is found in settings that are broken, and shown nowhere."""

from pathlib import Path

import pytest

from newsletter.errors import SettingsError
from newsletter.settings.load import FILE
from newsletter.settings.written_heartbeat import written_heartbeat
from tests.support.issue_files import workspace

URL = "https://ping.example.org/5f0e8a2c"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"[operator]\nheartbeat = '{URL}'\n", URL),
        (f'[a\n\n  [operator] # who\n\tcommand="x"\n  heartbeat="{URL}"  # hc\n[b\n', URL),
        (f'\ufeff[operator]\r\nheartbeat = "{URL}"\r\nbroken = = 1\r\n', URL),
        (f"[operator]\n# heartbeat = '{URL}'\n", ""),
        (f"[other]\nheartbeat = '{URL}'\n", ""),
        (f"[operator]\n[other]\nheartbeat = '{URL}'\n", ""),
        ("[operator]\nheartbeat = 'http://ping.example.org/1'\n", ""),
        ("[operator]\nheartbeat = 'file:///etc/passwd'\n", ""),
        ("[operator]\nheartbeat = 'https://ping.example.org/\x01'\n", ""),
        ("[operator]\nheartbeat = 'https://ping.example.org/핑'\n", ""),
        ("\x00\xff", ""),
        ("", ""),
    ],
)
def test_what_is_written_is_found_and_nothing_else(tmp_path: Path, text: str, found: str) -> None:
    (tmp_path / FILE).write_bytes(text.encode("utf-8"))
    assert written_heartbeat(tmp_path, {}) == found


def test_a_variable_goes_before_the_file_and_may_name_another(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(f"[operator]\nheartbeat = '{URL}'\n", encoding="utf-8")
    (tmp_path / "secret").write_text(f"{URL}/file\n", encoding="utf-8")
    name = "NEWSLETTER_OPERATOR__HEARTBEAT"
    assert written_heartbeat(tmp_path, {name: f"{URL}/variable"}) == f"{URL}/variable"
    assert written_heartbeat(None, {f"{name}_FILE": str(tmp_path / "secret")}) == f"{URL}/file"
    assert written_heartbeat(tmp_path, {f"{name}_FILE": str(tmp_path / "none")}) == ""
    assert written_heartbeat(None, {}) == ""


def test_it_is_shown_neither_with_the_settings_nor_with_what_is_wrong_with_them(tmp_path: Path) -> None:
    found = workspace(tmp_path, f"[operator]\nheartbeat = '{URL}'\n")
    assert found.settings.operator.heartbeat == URL
    assert "5f0e8a2c" not in repr(found.settings)
    with pytest.raises(SettingsError) as caught:
        workspace(tmp_path, f"[operator]\nheartbeat = '{URL} x'\n")
    assert "5f0e8a2c" not in str(caught.value)
    with pytest.raises(SettingsError) as caught:
        workspace(tmp_path, environ={"NEWSLETTER_OPERATOR__HEARTBEAT": f"ftp{URL}"})
    assert "5f0e8a2c" not in str(caught.value)
