"""How far a long piece of work is, where there is no terminal: plain lines, in the language of the answers."""

import pytest

from newsletter.catalogue import phrase
from newsletter.cli import progress
from newsletter.cli.session import Session


@pytest.mark.parametrize(
    ("language", "lines"), [("en", ["Sent: 1 of 2", "Sent: 2 of 2"]), ("ko", ["보냄: 1/2", "보냄: 2/2"])]
)
def test_lines_come_as_a_tenth_more_is_done(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, lines: list[str]
) -> None:
    monkeypatch.setattr(progress, "QUIET_SECONDS", 0)
    with progress.progress(Session(lang_option=language), phrase("cli.progress.sent")) as advance:
        advance(0, 2)
        advance(1, 2)
        advance(1, 2)
        advance(2, 2)
    assert capsys.readouterr() == ("", "\n".join([*lines, ""]))


def test_what_takes_a_moment_says_nothing_nor_does_quiet(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with progress.progress(Session(lang_option="en"), phrase("cli.progress.sent")) as advance:
        advance(2, 2)
    monkeypatch.setattr(progress, "QUIET_SECONDS", 0)
    with progress.reading(Session(lang_option="en")) as advance:
        advance(100, 100)
    with progress.progress(Session(lang_option="en", quiet=True), phrase("cli.progress.sent")) as advance:
        advance(1, 2)
    assert capsys.readouterr() == ("", "")
