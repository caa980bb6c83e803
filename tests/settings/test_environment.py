"""NEWSLETTER_<TABLE>__<KEY> overrides a setting; an unknown one is an error; a secret is never shown."""

from pathlib import Path

import pytest

from newsletter.errors import SettingsError
from newsletter.settings.environment import variables
from tests.support.issue_files import workspace


def test_every_setting_has_its_variable() -> None:
    known = variables()
    assert known["NEWSLETTER_SMTP__URL"] == ("smtp", "url")
    assert known["NEWSLETTER_LINKS__SECRET_FILE"] == ("links", "secret_file")
    assert known["NEWSLETTER_SMTP__PASSWORD_FILE"] == ("smtp", "password")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    environ = {
        "NEWSLETTER_SMTP__URL": "smtps://user@mail.example.org",
        "NEWSLETTER_SMTP__CONNECTIONS": "9",
        "NEWSLETTER_SMTP__PIPELINING": "false",
        "NEWSLETTER_OPERATOR__NOTIFY": '["a@example.org", "b@example.org"]',
        "NEWSLETTER_INSTITUTE__PHONES": '[{"label": "대표전화", "number": "02-120"}]',
        "NEWSLETTER_SCHEDULE__CATCH_UP": "2d",
        "NEWSLETTER_NEWSLETTER__NAME": "다른 이름",
        "NEWSLETTER_CHECK__SEVERITY": '{"link-text": "error"}',
    }
    settings = workspace(tmp_path, '[smtp]\nurl = "smtp://127.0.0.1:25"\n', environ).settings
    assert settings.smtp.url == "smtps://user@mail.example.org"
    assert (settings.smtp.connections, settings.smtp.pipelining) == (9, False)
    assert settings.operator.notify == ("a@example.org", "b@example.org")
    assert settings.institute.phones[0].number == "02-120"
    assert settings.schedule.catch_up.days == 2
    assert settings.newsletter.name == "다른 이름"
    assert settings.check.severity == {"link-text": "error"}


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("NEWSLETTER_SMTP__PASSWRD", "NEWSLETTER_SMTP__PASSWORD"),
        ("NEWSLETTER_SMPT__URL", "NEWSLETTER_SMTP__URL"),
        ("NEWSLETTER_SMTP_URL", "NEWSLETTER_SMTP__URL"),
        ("NEWSLETTER_WORKSPCE", "NEWSLETTER_WORKSPACE"),
        ("NEWSLETTER_BOGUS__X", ""),
    ],
)
def test_an_unknown_variable_is_an_error_with_a_suggestion(tmp_path: Path, name: str, suggested: str) -> None:
    with pytest.raises(SettingsError) as caught:
        workspace(tmp_path, environ={name: "x"})
    [problem] = caught.value.problems
    assert problem.file == name
    assert suggested in str(problem.message)


def test_variables_of_others_are_left_alone(tmp_path: Path) -> None:
    others = [
        "NEWSLETTER_SECRET_KEY",
        "NEWSLETTER_PORT_8025_TCP_ADDR",
        "NEWSLETTER_SERVICE_HOST",
        "NEWSLETTERS__X",
        "PATH",
    ]
    assert workspace(tmp_path, environ=dict.fromkeys(others, "x")).settings.smtp.connections == 4


def test_a_wrong_value_names_its_variable(tmp_path: Path) -> None:
    environ = {
        "NEWSLETTER_SMTP__RATE": "fast",
        "NEWSLETTER_OPERATOR__NOTIFY": "a@example.org",
        "NEWSLETTER_CHECK__SEVERITY": "link-text",
        "NEWSLETTER_CHECK__IGNORE": '{"link-text": " "}',
    }
    with pytest.raises(SettingsError) as caught:
        workspace(tmp_path, environ=environ)
    assert {problem.file for problem in caught.value.problems} == set(environ)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("NEWSLETTER_SMTP__RAET", "NEWSLETTER_SMTP__RATE"),
        ("NEWSLETTER_SMTP_URL", "NEWSLETTER_SMTP__URL"),
        ("NEWSLETTER_QUX__BAZ", None),
    ],
)
def test_an_unknown_variable_is_told_with_one_that_is_like_it_behind_the_prefix(
    tmp_path: Path, name: str, near: str | None
) -> None:
    with pytest.raises(SettingsError) as caught:
        workspace(tmp_path, environ={name: "1"})
    assert str(caught.value).partition("did you mean ")[2].rstrip("?") == (f"`{near}`" if near else "")


def test_a_password_comes_from_the_environment_or_a_file_and_prints_as_stars(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("geheim\n", encoding="utf-8")
    ways = [{"NEWSLETTER_SMTP__PASSWORD": "geheim"}, {"NEWSLETTER_SMTP__PASSWORD_FILE": str(tmp_path / "pw")}]
    for environ in ways:
        settings = workspace(tmp_path, environ=environ).settings
        assert settings.smtp.password is not None
        assert settings.smtp.password.get_secret_value() == "geheim"
        assert str(settings.smtp.password) == "***"
        assert "geheim" not in repr(settings)


def test_a_database_password_is_not_shown(tmp_path: Path) -> None:
    environ = {"NEWSLETTER_LEDGER__URL": "postgresql+psycopg://u:geheim@127.0.0.1/db"}
    assert "geheim" not in repr(workspace(tmp_path, environ=environ))


def test_a_secret_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="NEWSLETTER_SMTP__PASSWORD_FILE: cannot read"):
        workspace(tmp_path, environ={"NEWSLETTER_SMTP__PASSWORD_FILE": str(tmp_path / "none")})
