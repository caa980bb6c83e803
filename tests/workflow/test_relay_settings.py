"""Relay settings in the ledger: who publishes them, that they make the same policy elsewhere, and never a secret."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import trustme

from newsletter.catalogue import Said
from newsletter.dispatch.policy import Policy
from newsletter.errors import SettingsError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.people_ledger import open_people_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.secret import load_keys
from newsletter.settings.workspace import Workspace
from newsletter.workflow.control import pause, resume
from newsletter.workflow.send import send
from newsletter.workflow.steps.desk import at_desk
from newsletter.workflow.steps.letter import open_letter
from newsletter.workflow.steps.prepare import prepare
from newsletter.workflow.steps.relay_settings import SendingSettings, settings_from_ledger
from tests.support.books import LIST, NOW
from tests.workflow.conftest import Reload

SLUG = "2026-11"
PASSWORD = "correct-horse-battery-staple"
RULES = '[[rule]]\nid = "our-relay-busy"\nclass = "throttle"\ncode = "451"\npattern = "queue is full"\n'
ELSEWHERE = {"NEWSLETTER_SMTP__URL": "smtps://letters@relay.example.com", "NEWSLETTER_SMTP__PASSWORD": PASSWORD}


@pytest.fixture
def sent(open_workspace: Reload) -> Workspace:
    workspace = open_workspace(NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false")
    send(workspace, prepare(workspace, SLUG), advance=lambda *_: None, first=1)
    return workspace


def in_ledger(workspace: Workspace) -> SendingSettings | None:
    with open_ledger(workspace, Purpose.READ) as ledger:
        kept = ledger.relay_settings(LIST)
    return None if kept is None else SendingSettings.from_json(kept.settings)


def _told_by_a_desk(workspace: Workspace) -> Said | None:
    with at_desk(workspace) as desk:
        return desk.publish(open_letter(workspace, SLUG))


def at(workspace: Workspace, root: Path, **environ: str) -> Policy:
    """As a machine in `root` without any file makes of it."""
    with open_ledger(workspace, Purpose.READ) as ledger:
        kept = ledger.relay_settings(LIST)
    assert kept is not None
    return settings_from_ledger(replace(workspace, root=root), kept, environ).policy


def test_an_approval_makes_no_ledger_and_publishes_where_there_is_one(open_workspace: Reload) -> None:
    workspace = open_workspace()
    assert _told_by_a_desk(workspace) is None
    assert not (workspace.root / ".newsletter" / "ledger.db").exists()
    with open_ledger(workspace, Purpose.BEGINNING):
        pass
    assert _told_by_a_desk(workspace) is None
    assert in_ledger(workspace) == SendingSettings.of(workspace)


def test_an_approval_stands_though_nothing_could_be_published(open_workspace: Reload, sent: Workspace) -> None:
    broken = open_workspace(NEWSLETTER_SMTP__RULES="nowhere.toml")
    told = _told_by_a_desk(broken)
    assert told is not None
    assert "nowhere.toml" in told.in_language("en")
    assert in_ledger(sent) == SendingSettings.of(sent)


def test_send_and_resume_publish_and_a_desk_without_a_relay_does_not(open_workspace: Reload, sent: Workspace) -> None:
    before = in_ledger(sent)
    assert before == SendingSettings.of(sent)
    slower = open_workspace(**ELSEWHERE, NEWSLETTER_SMTP__RATE='["5/s", "500/h"]')
    resume(slower, SLUG)
    assert in_ledger(slower) == SendingSettings.of(slower) != before
    pause(slower, SLUG)
    resume(sent, SLUG)
    _told_by_a_desk(sent)
    assert in_ledger(sent) == SendingSettings.of(slower)


def test_no_secret_is_in_the_ledger(open_workspace: Reload, sent: Workspace) -> None:
    resume(open_workspace(**ELSEWHERE), SLUG)
    keys = load_keys(sent, {}, create=False)
    files = list((sent.root / ".newsletter").glob("ledger.db*"))
    book = b"".join(file.read_bytes() for file in files)
    assert b"letters@relay.example.com" in book
    for secret in (PASSWORD.encode(), *keys):
        assert secret not in book


def test_another_machine_sends_with_the_same_limits_rules_and_certificates(
    open_workspace: Reload, sent: Workspace, tmp_path: Path
) -> None:
    (sent.root / "replies.toml").write_text(RULES, encoding="utf-8")
    trustme.CA().cert_pem.write_to_path(str(sent.root / "relay.pem"))
    here = open_workspace(
        **ELSEWHERE,
        NEWSLETTER_SMTP__RATE='["5/s", "500/h"]',
        NEWSLETTER_SMTP__CONNECTIONS="7",
        NEWSLETTER_SMTP__RETRY="90s",
        NEWSLETTER_SMTP__PER_DOMAIN='{"naver.com": {"connections": 2, "rate": "1/s"}}',
        NEWSLETTER_SMTP__RULES="replies.toml",
        NEWSLETTER_SMTP__CA_FILE="relay.pem",
        NEWSLETTER_SCHEDULE__GIVE_UP_AFTER="1d",
        NEWSLETTER_OPERATOR__NOTIFY='["operator@example.com"]',
    )
    resume(here, SLUG)
    policy = at(sent, tmp_path / "empty", NEWSLETTER_SMTP__PASSWORD=PASSWORD)
    certificates = policy.server.ca_file
    assert certificates is not None
    assert certificates.is_relative_to(tmp_path / "empty" / ".newsletter")
    assert certificates.read_bytes() == (sent.root / "relay.pem").read_bytes()
    mine = Policy.from_settings(here.settings, root=here.root)
    assert policy == replace(mine, server=replace(mine.server, ca_file=certificates))
    assert policy.retry == timedelta(seconds=90)
    assert at(sent, tmp_path / "empty", NEWSLETTER_SMTP__PASSWORD=PASSWORD, NEWSLETTER_SMTP__RATE="1/s").rate == 1
    with pytest.raises(SettingsError, match="NEWSLETTER_SMTP__PASSWORD"):
        at(sent, tmp_path / "empty")


def test_what_a_newer_version_published_is_refused_with_the_next_step(sent: Workspace, tmp_path: Path) -> None:
    kept = in_ledger(sent)
    assert kept is not None
    tables = {**kept.tables, "smtp": {**kept.tables["smtp"], "warp": 9}}
    with open_ledger(sent, Purpose.READ) as ledger:
        for newer in (replace(kept, tables=tables).to_json(), json.dumps({"format": 9})):
            ledger.publish_relay_settings(LIST, newer)
            with pytest.raises(SettingsError, match="another version of newsletter"):
                at(sent, tmp_path)


def test_a_renamed_newsletter_keeps_them(sent: Workspace) -> None:
    with open_people_ledger(sent, Purpose.READ) as ledger:
        ledger.rename_newsletter(LIST, "other.news.example.org", NOW)
        kept = ledger.relay_settings("other.news.example.org")
        assert kept is not None
        assert SendingSettings.from_json(kept.settings) == SendingSettings.of(sent)
        assert list(ledger.relay_settings_at()) == ["other.news.example.org"]
