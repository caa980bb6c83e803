"""`[smtp] rate`: one window or several, and what is no rate is told with what to write instead."""

from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.errors import SettingsError
from newsletter.settings.rates import Window, kept_windows, slowest_per_second
from tests.support.issue_files import workspace

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("typed", "per_second", "windows"),
    [
        ('""', None, []),
        ('"20/s"', 20, []),
        ('" 600 / m "', 10, []),
        ('"0.5/s"', 0.5, []),
        ('"500/h"', None, [Window(500, HOUR)]),
        ('["20/s", "500/h", "5000/d"]', 20, [Window(500, HOUR), Window(5000, DAY)]),
        ('["5000/d", "500/h"]', None, [Window(500, HOUR), Window(5000, DAY)]),
        ('["20/s", "60/m"]', 1, []),
        ('[\n  "1/s",\n  "1/d",\n]', 1, [Window(1, DAY)]),
    ],
)
def test_a_rate_is_one_window_or_several(
    tmp_path: Path, typed: str, per_second: float | None, windows: list[Window]
) -> None:
    rate = workspace(tmp_path, f"[smtp]\nrate = {typed}\n").settings.smtp.rate
    assert slowest_per_second(rate) == per_second
    assert list(kept_windows(rate)) == windows


def test_a_window_is_told_as_it_is_typed() -> None:
    assert [str(window) for window in kept_windows(("20/s", "500/h", "5000/d"))] == ["500/h", "5000/d"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ('"0/h"', '"0/h"'),
        ('["20/s", "0/d"]', '"0/d"'),
        ('"0.000/s"', '"0.000/s"'),
        ('["20/s", "30/s"]', '"20/s", "30/s"'),
        ('["20/s", "20/s"]', "keep one of them with /s"),
        ('["20/s", "5/h", "500/h"]', '"5/h", "500/h"'),
        ("[]", "must not be an empty list"),
        ('[""]', 'a list such as ["20/s", "500/h", "5000/d"]'),
        ('["20/s", ""]', 'a list such as ["20/s", "500/h", "5000/d"]'),
        ("20", 'messages per time such as "20/s"'),
        ("[20]", 'messages per time such as "20/s"'),
        ('[["20/s"]]', 'messages per time such as "20/s"'),
        ("{ hour = 500 }", 'messages per time such as "20/s"'),
        ("true", 'messages per time such as "20/s"'),
        ('"-5/h"', 'messages per time such as "20/s"'),
        ('"1e3/h"', 'messages per time such as "20/s"'),
        ('"5000000000/d"', 'messages per time such as "20/s"'),
        ('"5٠/h"', 'messages per time such as "20/s"'),
        ('"500"', 'messages per time such as "20/s"'),
        ('"500/hour"', 'write "500/h"'),
        ('"500 per day"', 'write "500/d"'),
        ('"20/SEC"', 'write "20/s"'),
        ('"600/분"', 'write "600/m"'),
        ('"500/시간"', 'write "500/h"'),
        ('"500/week"', "no unit `week`"),
        ('"500/month"', "no unit `month`"),
        ('"0.5/h"', 'whole number, such as "500/h"'),
        ('["20/s", "100.5/d"]', 'whole number, such as "500/h"'),
    ],
)
def test_what_is_no_rate_is_told_with_its_line_and_what_to_write(tmp_path: Path, typed: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        workspace(tmp_path, f"[smtp]\nconnections = 2\nrate = {typed}\n")
    [problem] = caught.value.problems
    assert caught.value.exit_code == 78
    assert (problem.file, problem.path) == ("newsletter.toml", "smtp.rate")
    assert "rate = " in problem.excerpt
    assert told in str(problem)
    assert problem.in_language("ko") != str(problem)


def test_what_is_typed_does_not_reach_the_terminal_with_escapes(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        workspace(tmp_path, environ={"NEWSLETTER_SMTP__RATE": f"5/\u202eh{'x' * 500}"})
    assert "\u202e" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("value", "rate"),
    [("5/s", "5/s"), ("", ""), ('["20/s", "500/h"]', ("20/s", "500/h")), (' [ "1/d" ]', ("1/d",))],
)
def test_a_variable_is_one_rate_or_a_list_as_json(tmp_path: Path, value: str, rate: object) -> None:
    assert workspace(tmp_path, environ={"NEWSLETTER_SMTP__RATE": value}).settings.smtp.rate == rate


@pytest.mark.parametrize("value", ["[20/s]", '["20/s"', "[1", '{"a": 1}'])
def test_a_variable_that_is_no_list_is_refused_by_its_name(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        workspace(tmp_path, environ={"NEWSLETTER_SMTP__RATE": value})
    assert caught.value.problems[0].file == "NEWSLETTER_SMTP__RATE"
