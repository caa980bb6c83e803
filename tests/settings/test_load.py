"""newsletter.toml and the environment become settings, or problems with a place."""

from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.errors import Problem, SettingsError
from newsletter.settings.load import find_workspace, load_settings
from tests.support.issue_files import SETTINGS, workspace
from tests.support.spoken import assert_korean

Environ = dict[str, str]


def problems(tmp_path: Path, text: str, environ: Environ | None = None) -> list[Problem]:
    (tmp_path / "newsletter.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path / "newsletter.toml", environ or {})
    assert caught.value.exit_code == 78
    return list(caught.value.problems)


def test_a_small_file_has_all_the_defaults_of_the_design(tmp_path: Path) -> None:
    settings = workspace(tmp_path).settings
    assert (settings.newsletter.language, settings.newsletter.timezone) == ("ko", "Asia/Seoul")
    assert (settings.smtp.url, settings.smtp.rate, settings.smtp.connections) == ("smtp://127.0.0.1:1025", "20/s", 4)
    assert settings.smtp.retry == timedelta(minutes=5)
    assert settings.audience.max_bad_rows == 0.01
    assert settings.schedule.catch_up == timedelta(hours=96)
    assert settings.sender_name == "서울연구원"
    assert settings.envelope_sender == "no-reply@news.example.org"


def test_a_workspace_is_found_from_any_folder_inside(tmp_path: Path) -> None:
    root = workspace(tmp_path).root
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert find_workspace(tmp_path / "a" / "b", explicit=None, environ={}).root == root


def test_the_option_wins_over_the_environment_and_that_over_walking_up(tmp_path: Path) -> None:
    for name in ("here", "env", "option"):
        workspace(tmp_path / name)
    here, environ = tmp_path / "here", {"NEWSLETTER_WORKSPACE": "../env"}
    assert find_workspace(here, explicit=tmp_path / "option", environ=environ).root.name == "option"
    assert find_workspace(here, explicit=None, environ=environ).root.name == "env"
    assert find_workspace(here, explicit=None, environ={}).root.name == "here"


def test_no_workspace_tells_how_to_make_one(tmp_path: Path) -> None:
    for explicit in (None, tmp_path):
        with pytest.raises(SettingsError) as caught:
            find_workspace(tmp_path, explicit=explicit, environ={})
        assert "newsletter init" in str(caught.value)


def test_every_problem_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    text = (
        SETTINGS.replace('list_id = "letter.news.example.org"', "lst_id = 4")
        + '[smtp]\nrate = "5"\nretry = "soon"\n[smpt]\n'
    )
    found = problems(tmp_path, text)
    places = [(problem.line, problem.path) for problem in found]
    assert places == [
        (1, "newsletter.list_id"),
        (3, "newsletter.lst_id"),
        (9, "smtp.rate"),
        (10, "smtp.retry"),
        (11, "smpt"),
    ]
    assert "did you mean `list_id`?" in str(found[1])
    assert "did you mean `smtp`?" in str(found[4])
    assert str(found[2]).startswith("newsletter.toml:9:1: smtp.rate: must be messages per time")
    assert str(found[2]).splitlines()[1:] == ['    rate = "5"', "    ^"]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("name = 서울", 1, 8), ("[newsletter\n", 1, 12), ('[newsletter]\nname = "a', 2, 10), ("a = 1\na = 2\n", 2, 6)],
)
def test_a_file_that_is_no_toml_names_the_line(tmp_path: Path, text: str, line: int, column: int) -> None:
    [problem] = problems(tmp_path, text)
    assert (problem.file, problem.line, problem.column) == ("newsletter.toml", line, column)


def test_a_password_in_the_file_is_refused_and_never_shown(tmp_path: Path) -> None:
    found = problems(tmp_path, SETTINGS + '[smtp]\npassword = "geheim"\nurl = "smtp://u:geheim@mail.example.org"\n')
    assert [problem.path for problem in found] == ["smtp.password", "smtp.url"]
    assert "NEWSLETTER_SMTP__PASSWORD" in str(found[0].hint)
    assert "geheim" not in "".join(map(str, found))


def test_a_slip_on_the_line_of_a_password_does_not_show_it(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, SETTINGS + '[smtp]\npassword = "geheim\n')
    assert problem.line == 9
    assert "geheim" not in str(problem)


def test_a_key_cannot_drive_the_terminal(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, SETTINGS + '"\\u001b[31m" = 1\n')
    assert "\x1b" not in str(problem)


def test_a_file_saved_by_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_bytes(b"\xef\xbb\xbf" + SETTINGS.replace("\n", "\r\n").encode())
    assert find_workspace(tmp_path, explicit=None, environ={}).settings.institute.name == "서울연구원"


def test_a_file_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_bytes(SETTINGS.encode("cp949"))
    with pytest.raises(SettingsError, match=r"newsletter.toml:2: is not UTF-8"):
        load_settings(tmp_path / "newsletter.toml", {})


def test_a_hostile_file_is_refused_and_does_not_crash(tmp_path: Path) -> None:
    [deep] = problems(tmp_path, "a = " + "[" * 100_000)
    [large] = problems(tmp_path, "#" * 1_000_001)
    assert (str(deep.message), str(large.message)) == ("is nested too deeply", "is larger than 1 MB")


def test_a_name_cannot_smuggle_a_header_line(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, SETTINGS + '[links]\nunsubscribe_mailto = "a@example.org\\nBcc: b@example.org"\n')
    assert problem.path == "links.unsubscribe_mailto"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[audience\n", "The name of a table stands alone between brackets: [newsletter]"),
        (
            'tagline = "a" "b"\n',
            'A text stands in one pair of double quotes; a quote inside it is written \\": name = "…"',
        ),
        ("name = 서울\n", 'Text stands in double quotes: name = "…"'),
        ('name: "서울"\n', 'A setting is a key, an equals sign and a value: name = "…"'),
        ("phones = [1, 2\n", ""),
    ],
)
def test_the_hint_fits_what_is_no_toml(tmp_path: Path, text: str, hint: str) -> None:
    [problem] = problems(tmp_path, text)
    assert str(problem.hint) == hint


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[smtp]\n[links]\n[smtp]\n", "3:6: the table [smtp] stands already on line 1"),
        ("[[a.b]]\n[a.b]\n", "2:5: the table [a.b] stands already on line 1"),
        ("[smtp]\nrate = ''\n[links]\nrate = 1\nrate = [\n]\n", "6:2: the key `rate` stands already on line 4"),
        ("a = {}\na.b = 1\n", "2:8: not TOML: cannot mutate immutable namespace ('a',)"),
        ('name = "서울\n', "1:11: a quotation mark is opened and not closed"),
        ('name = """서울\n', "2:1: a quotation mark is opened and not closed"),
        ("name = 서울\n", "1:8: this is no value"),
        ("name = 'a' 'b'\n", "1:12: the line goes on where it should end"),
        ("name 'a'\n", "1:6: there is no equals sign after the key"),
        ("[newsletter\n", "1:12: the bracket after the table's name is missing"),
        ("[뉴스레터]\n", "1:2: no key begins here"),
        ("phones = [1 2]\n", "1:13: a list lacks a comma"),
        ("phones = { a = 1\n}\n", "1:17: values in braces lack a comma"),
        ('name = "C:\\letters"\n', "1:13: a backslash stands before a character"),
        ('name = "\a"\n', "1:9: a control character stands here"),
    ],
)
def test_what_the_parser_says_is_said_in_our_words(tmp_path: Path, text: str, told: str) -> None:
    [problem] = problems(tmp_path, text)
    assert str(problem).startswith(f"newsletter.toml:{told}")
    assert_korean(problem.message)


def test_a_table_that_stands_twice_says_where_its_keys_belong(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, "[smtp]\n[links]\n[smtp]\n")
    assert str(problem.hint) == "Write these keys below line 1 and delete this one."


def test_what_may_be_written_stands_in_back_ticks(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, SETTINGS.replace("[sender]", 'language = "fr"\n[sender]'))
    assert str(problem.message) == "must be one of `ko`, `en`"


def test_settings_know_which_variable_they_come_from(tmp_path: Path) -> None:
    settings = workspace(tmp_path, environ={"NEWSLETTER_SMTP__URL": "smtp://relay.example.org"}).settings
    assert settings.variable("smtp.url") == "NEWSLETTER_SMTP__URL"
    assert settings.variable("smtp.rate") == ""


def test_what_the_rules_of_check_are_to_a_newsletter(tmp_path: Path) -> None:
    text = '[check.severity]\nlink-text = "error"\n[check.ignore]\nimg-webp = "intranet only"\n'
    check = workspace(tmp_path, text).settings.check
    assert (check.severity, check.ignore) == ({"link-text": "error"}, {"img-webp": "intranet only"})
    with pytest.raises(SettingsError) as caught:
        workspace(tmp_path, '[check.severity]\nlink-text = "fatal"\n[check.ignore]\nimg-webp = ""\nx = 1\n[check.of]\n')
    assert [(problem.line, problem.path) for problem in caught.value.problems] == [
        (9, "check.severity.link-text"),
        (11, "check.ignore.img-webp"),
        (12, "check.ignore.x"),
        (13, "check.of"),
    ]


def test_limits_of_domains(tmp_path: Path) -> None:
    text = '[smtp.per_domain]\n"Naver.com" = { connections = 2, rate = "5/s" }\n"*" = { connections = 1 }\n'
    limits = workspace(tmp_path, text).settings.smtp.per_domain
    assert {name: (limit.connections, limit.rate) for name, limit in limits.items()} == {
        "naver.com": (2, "5/s"), "*": (1, ""),
    }  # fmt: skip
    wrong = '[smtp.per_domain]\n"naver.com" = { conections = 2 }\nnaver = {}\n'
    wrong += '"daum.net" = { connections = 0, rate = "fast" }\n'
    with pytest.raises(SettingsError) as caught:
        workspace(tmp_path, wrong)
    told = str(caught.value)
    assert "unknown key `conections`; did you mean `connections`?" in told
    assert 'newsletter.toml:10:1: smtp.per_domain.naver: is not a domain such as "naver.com"' in told
    assert "smtp.per_domain.daum.net.connections: must be at least 1" in told
    assert 'smtp.per_domain.daum.net.rate: must be messages per time such as "20/s"' in told
