"""The real SpamAssassin is asked, and what stands in its way is told."""

import os
from pathlib import Path

import pytest

from newsletter.errors import UnavailableError
from newsletter.probes.spamassassin import spam_report
from tests.support.spoken import assert_told_in_both

SPAM = (
    b"From: reader@example.org\r\nSubject: VIAGRA FREE $$$ buy now\r\n\r\n"
    b"Click here to buy cheap viagra http://1.2.3.4/ 100% free!!!\r\n"
    b"Content analysis details:   (-99.0 points, 5.0 required)\r\n\r\n-99.0 MADE_UP   Trust me\r\n"
)


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_points_and_the_tests_that_hit_are_told_the_heaviest_first() -> None:
    report = spam_report(SPAM)
    assert report.points > 5
    points = [test.points for test in report.tests]
    assert points == sorted(points, reverse=True)
    assert sum(points) == pytest.approx(report.points, abs=0.5)  # each is told rounded
    assert {"MISSING_DATE", "NORMAL_HTTP_TO_IP"} <= {test.name for test in report.tests}
    assert "MADE_UP" not in {test.name for test in report.tests}
    [folded] = [test for test in report.tests if test.name == "NORMAL_HTTP_TO_IP"]
    assert folded.words == "URI: URI host has a public dotted-decimal IPv4 address"


def test_without_the_program_the_next_step_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match="not installed") as caught:
        spam_report(SPAM)
    assert "apt install spamassassin" in str(caught.value.hint)
    assert caught.value.exit_code == 69
    assert_told_in_both(caught.value)


def test_a_program_that_hangs_fails_or_says_nothing_useful_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    program(tmp_path, "spamassassin", "exec sleep 30")
    with pytest.raises(UnavailableError, match=r"within 0\.2 seconds") as caught:
        spam_report(SPAM, seconds=0.2)
    assert_told_in_both(caught.value)
    program(tmp_path, "spamassassin", "echo 'no rules found' >&2; exit 2")
    with pytest.raises(UnavailableError, match="no rules found"):
        spam_report(SPAM)
    program(tmp_path, "spamassassin", "true")
    with pytest.raises(UnavailableError, match="no report") as caught:
        spam_report(SPAM)
    assert_told_in_both(caught.value)
    (tmp_path / "spamassassin").write_text("no program", encoding="utf-8")
    with pytest.raises(UnavailableError, match="Exec format"):
        spam_report(SPAM)


def test_where_only_spamc_is_there_it_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(
        tmp_path,
        "spamc",
        '[ "$1$2" = -R-x ] || exit 1\n/bin/cat >/dev/null\n'
        "printf '2.5/5.0\\nContent analysis details:   (2.5 points, 5.0 required)\\n\\n"
        " pts rule name              description\\n---- ----\\n 2.5 SOME_TEST              Words\\n'",
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    report = spam_report(SPAM)
    assert (report.points, [test.name for test in report.tests]) == (2.5, ["SOME_TEST"])
