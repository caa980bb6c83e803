"""What the operating system says is said in the reader's language where it is known, and quoted where it is not."""

import errno
import socket
import ssl
from pathlib import Path

import pytest

from newsletter.settings.system_reason import known_reason, system_reason
from tests.support.repository import ROOT
from tests.support.spoken import assert_english, assert_korean


@pytest.mark.parametrize(
    ("number", "korean"),
    [
        (errno.ENOENT, "그런 파일이나 폴더가 없습니다"),
        (errno.EACCES, "이 사용자에게는 권한이 없습니다"),
        (errno.EEXIST, "같은 이름의 파일이나 폴더가 이미 있습니다"),
        (errno.EADDRINUSE, "다른 프로그램이 이미 쓰고 있습니다"),
        (errno.ECONNREFUSED, "아무도 응답하지 않습니다"),
    ],
)
def test_what_is_known_is_said_in_both_languages(number: int, korean: str) -> None:
    said = system_reason(OSError(number, "as the system says it", "a"))
    assert assert_korean(said) == korean
    assert_english(said)


def test_a_name_that_nobody_knows_is_a_host(tmp_path: Path) -> None:
    assert str(system_reason(socket.gaierror(-2, "Name or service not known"))) == "there is no such host"
    with pytest.raises(OSError, match="directory") as caught:
        tmp_path.read_bytes()
    assert str(system_reason(caught.value)) == "it is a folder"


def test_what_is_not_known_is_quoted() -> None:
    assert str(system_reason(OSError(errno.ENOTTY, "Inappropriate ioctl"))) == "Inappropriate ioctl"
    assert str(system_reason(OSError("no number"))) == "no number"
    assert known_reason(ssl.SSLError(1, "wrong version")) is None, "the number is ssl's own"


def test_nobody_else_quotes_the_system() -> None:
    quoting = [path.name for path in (ROOT / "src").rglob("*.py") if ".strerror" in path.read_text(encoding="utf-8")]
    assert quoting == ["system_reason.py"]
