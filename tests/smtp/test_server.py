"""Where the relay is, how safely it is spoken to, and every wrong way of writing it down."""

import ssl
from pathlib import Path

import pytest

from newsletter.errors import SettingsError
from newsletter.settings.model import Settings, SmtpTable
from newsletter.smtp.server import Security, SMTPServer
from tests.support import issue_files
from tests.support.books import workspace_at
from tests.support.smtp_script import authority


def settings(**smtp: object) -> Settings:
    return workspace_at(Path()).settings.model_copy(update={"smtp": SmtpTable.model_validate(smtp)})


def parsed(url: str, **smtp: object) -> SMTPServer:
    return SMTPServer.from_settings(settings(url=url, **smtp))


@pytest.mark.parametrize(
    ("url", "host", "port", "security"),
    [
        ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, Security.PLAINTEXT),
        ("smtp://localhost", "localhost", 587, Security.PLAINTEXT),
        ("smtp://[::1]:2525", "::1", 2525, Security.PLAINTEXT),
        ("smtp://relay.example.org", "relay.example.org", 587, Security.STARTTLS),
        ("smtp://relay.example.org:25/", "relay.example.org", 25, Security.STARTTLS),
        ("smtps://relay.example.org", "relay.example.org", 465, Security.TLS),
        ("smtps://localhost:4650", "localhost", 4650, Security.TLS),
        ("SMTPS://Relay.Example.ORG", "relay.example.org", 465, Security.TLS),
        ("smtp://[2001:db8::25]", "2001:db8::25", 587, Security.STARTTLS),
        ("smtp://mail_relay:25", "mail_relay", 25, Security.STARTTLS),
        ("smtp://192.0.2.25", "192.0.2.25", 587, Security.STARTTLS),
        ("smtp://메일.example.org", "xn--h32bq4v.example.org", 587, Security.STARTTLS),
    ],
)
def test_the_url_says_where_and_tls_is_the_default(url: str, host: str, port: int, security: Security) -> None:
    relay = parsed(url)
    assert (relay.host, relay.port, relay.security) == (host, port, security)


def test_plaintext_has_to_be_said_and_tls_can_be_asked_for_on_loopback() -> None:
    assert parsed("smtp://relay.example.org", tls="plaintext").security is Security.PLAINTEXT
    assert parsed("smtp://localhost", tls="required").security is Security.STARTTLS


@pytest.mark.parametrize(
    ("url", "tls", "complaint"),
    [
        ("smtp://-relay-.example.org", None, "not the name of a host"),
        ("smtp://relay*example", None, "not the name of a host"),
        ("smtps://relay.example.org", "plaintext", "contradicts"),
        ("smtp://user@relay.example.org", "plaintext", "login never travels in plaintext"),
        ("smtp://user@127.0.0.1", None, "login never travels in plaintext"),
        ("smtp://user@relay.example.org", None, "there is no password"),
    ],
)
def test_what_is_wrong_is_a_settings_error_that_names_the_setting(url: str, tls: str | None, complaint: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parsed(url, tls=tls)
    assert complaint in str(caught.value)
    assert "newsletter.toml: smtp." in str(caught.value)
    assert caught.value.exit_code == 78


def test_what_the_environment_got_wrong_is_called_by_its_variable(tmp_path: Path) -> None:
    wrong = issue_files.workspace(tmp_path, environ={"NEWSLETTER_SMTP__URL": "smtp://user@relay.example.org"})
    with pytest.raises(SettingsError, match=r"^NEWSLETTER_SMTP__URL: smtp\.url: the relay"):
        SMTPServer.from_settings(wrong.settings)


def test_the_login_is_unquoted_and_never_shown() -> None:
    relay = parsed("smtps://hong%40example.com@relay.example.org", password="hunter2")
    assert (relay.username, relay.password) == ("hong@example.com", "hunter2")
    assert "hunter2" not in repr(relay)
    assert str(relay) == "smtps://relay.example.org:465"


def test_a_password_without_a_user_goes_nowhere() -> None:
    assert parsed("smtp://127.0.0.1:1025", password="hunter2").password == ""


def test_tls_is_verified_and_modern() -> None:
    context = parsed("smtps://relay.example.org").tls_context()
    assert context is not None
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert parsed("smtp://localhost").tls_context() is None


def test_ca_file_is_relative_to_the_workspace_and_must_hold_certificates(tmp_path: Path) -> None:
    authority(tmp_path)
    given = settings(url="smtps://relay.example.org", ca_file="ca.pem")
    assert SMTPServer.from_settings(given, tmp_path).ca_file == tmp_path / "ca.pem"
    with pytest.raises(SettingsError, match="no such file"):
        SMTPServer.from_settings(given, tmp_path / "elsewhere")
    (tmp_path / "ca.pem").write_text("nothing of the kind")
    with pytest.raises(SettingsError, match="cannot be read as certificates"):
        SMTPServer.from_settings(given, tmp_path)
