"""What goes along with the job: settings that come from the environment now, and never a secret."""

import os
import sys
from pathlib import Path

import pytest

from newsletter.errors import InputError, NewsletterError, SettingsError
from newsletter.schedule.crontab import crontab_line
from newsletter.schedule.job import CronJob, job_of
from newsletter.schedule.other_user import hindrances
from newsletter.settings.load import find_workspace
from tests.workflow.conftest import TOML


def job(folder: Path, **environ: str) -> CronJob:
    root = folder / "letter"
    root.mkdir(exist_ok=True)
    (root / "newsletter.toml").write_text(TOML, encoding="utf-8")
    workspace = find_workspace(root, explicit=None, environ=environ)
    return job_of(workspace, {"PATH": "/opt/bin", "HOME": "/srv", **environ}, folder)


def test_settings_go_along_and_files_by_their_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pass word").write_text("hunter2", encoding="utf-8")
    made = job(
        tmp_path,
        NEWSLETTER_SMTP__URL="smtp://letter@relay.example.org",
        NEWSLETTER_SMTP__PASSWORD_FILE="pass word",
        NEWSLETTER_SMTP__CA_FILE="ca.pem",
        NEWSLETTER_LEDGER__URL="postgresql+psycopg://letter@db.example.org/letter",
        NEWSLETTER_SECRET_KEY_FILE="../key",
        NEWSLETTER_WORKSPACE=str(tmp_path / "letter"),
        NEWSLETTER_LANG="ko",
    )
    made.refuse()
    environ = dict(made.environ)
    assert environ.pop("PATH").endswith(":/bin")
    assert environ == {
        "LANG": "C.UTF-8",
        "NEWSLETTER_LANG": "ko",
        "NEWSLETTER_LEDGER__URL": "postgresql+psycopg://letter@db.example.org/letter",
        "NEWSLETTER_SECRET_KEY_FILE": f"{tmp_path}/../key",
        "NEWSLETTER_SMTP__CA_FILE": "ca.pem",
        "NEWSLETTER_SMTP__PASSWORD_FILE": f"{tmp_path}/pass word",
        "NEWSLETTER_SMTP__URL": "smtp://letter@relay.example.org",
    }


def test_programs_of_the_settings_are_found_and_the_usual_ones_stay_first(tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_text(f'{TOML}[operator]\ncommand = "page-me --now"\n', encoding="utf-8")
    workspace = find_workspace(tmp_path, explicit=None, environ={})
    folders = {"page-me": "/opt/page:me/page-me"}
    made = job_of(workspace, {}, tmp_path, folders.get)
    first, *others = dict(made.environ)["PATH"].split(":")
    assert first == str(Path(sys.executable).parent)
    assert others == ["/usr/local/bin", "/usr/bin", "/bin"], "a colon cannot be written"
    folders["page-me"] = "/opt/page/page-me"
    assert dict(job_of(workspace, {}, tmp_path, folders.get).environ)["PATH"].endswith(":/bin:/opt/page")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("NEWSLETTER_SMTP__PASSWORD", "hunter2hunter2", "export NEWSLETTER_SMTP__PASSWORD_FILE="),
        ("NEWSLETTER_SECRET_KEY", "hunter2" * 9, "export NEWSLETTER_SECRET_KEY_FILE="),
        (
            "NEWSLETTER_LEDGER__URL",
            "postgresql+psycopg://a:hunter2@db.example.org/x",
            "export NEWSLETTER_LEDGER__URL_FILE=",
        ),
        (
            "NEWSLETTER_LEDGER__URL",
            "postgresql+psycopg://db.example.org/x?password=hunter2",
            "NEWSLETTER_LEDGER__URL_FILE=",
        ),
        ("NEWSLETTER_OPERATOR__HEARTBEAT", "https://ping.example.org/hunter2", "NEWSLETTER_OPERATOR__HEARTBEAT_FILE="),
        ("NEWSLETTER_OPERATOR__COMMAND", "page-me --token hunter2", "newsletter.toml"),
    ],
)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_secret_is_never_written_and_the_next_step_is_told(
    tmp_path: Path, name: str, value: str, told: str, language: str
) -> None:
    made = job(tmp_path, **{name: value})
    assert "hunter2" not in crontab_line(made) + repr(made)
    with pytest.raises(SettingsError) as caught:
        made.refuse()
    assert caught.value.exit_code == 78
    words = caught.value.in_language(language)
    assert told in words
    assert "hunter2" not in words


@pytest.mark.parametrize("folder", ["a\nb", "a\rb", "a\x1b[31mb", "a\u2028b"])
def test_a_folder_that_no_line_can_hold_is_refused(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    with pytest.raises(InputError) as caught:
        job(tmp_path / folder).refuse()
    assert all(line.isprintable() for line in caught.value.in_language("ko").split("\n"))


def test_a_login_needs_a_file_with_its_password(tmp_path: Path) -> None:
    with pytest.raises(NewsletterError, match="PASSWORD_FILE") as caught:
        job(tmp_path, NEWSLETTER_SMTP__URL="smtp://letter@relay.example.org").refuse()
    assert caught.value.exit_code == 78


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
def test_another_user_is_tried_with_what_cron_has_and_none_of_our_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPLOY_TOKEN", "ours")
    looks = ("/bin/sh", "-c", 'test -z "$DEPLOY_TOKEN" && test "$LANG" = C.UTF-8')
    found = CronJob(tmp_path, looks, (("LANG", "C.UTF-8"), ("PATH", "/usr/bin:/bin")))
    [hindrance] = map(str, hindrances(found, "nobody"))
    assert hindrance.startswith("nobody may not write to")
