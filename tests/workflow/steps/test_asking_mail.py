"""The mail that asks: in the newsletter's look, made by a machine and saying so, with no word of whoever typed the
address."""

import email
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from newsletter.ledger.sign_ups import ToAsk
from newsletter.settings.model import InstituteTable, NewsletterTable
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.asking_mail import AskingMail
from newsletter.workflow.steps.sign_up_tokens import SignUpTokens
from tests.support.books import LIST, NOW, workspace_at

ID = "00112233445566778899aabbccddeeff"
PLACE = "https://news.example.org/subscribe"


def asking(workspace: Workspace) -> AskingMail:
    return AskingMail(workspace, SignUpTokens(workspace, lambda: NOW), "https://news.example.org")


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> AskingMail:
    """Of a workspace like any other; to make it anew takes the most time."""
    return asking(workspace_at(tmp_path_factory.mktemp("asking")))


def waiting(language: str = "ko") -> ToAsk:
    return ToAsk(ID, "hong@xn--o39an51b2re.example.com", "Hong@연구원.example.com", language, PLACE, NOW, 1)


def mail_of(made: AskingMail, language: str = "ko") -> EmailMessage:
    parsed = email.message_from_bytes(made.message(waiting(language)).data, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def texts(mail: EmailMessage) -> list[str]:
    found = []
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        found.append(part.get_content())
    return found


@pytest.mark.parametrize("language", ["ko", "en", "zh-Hant"])
def test_it_says_who_asked_for_what_where_when_and_until_when(usual: AskingMail, language: str) -> None:
    mail = mail_of(usual, language)
    link = "https://news.example.org/confirm/"
    words = {
        "ko": ("신청하신 적이 없다면", "2026년 11월 22일 (일) 17:00", "2026년 11월 25일 (수) 17:00"),
        "en": ("If it was not you", "22 November 2026, 17:00", "25 November 2026, 17:00"),
    }["ko" if language == "ko" else "en"]
    for text in texts(mail):
        told = " ".join(text.split())
        for said in ("서울이슈큐레이터", "서울연구원", "news.example.org", link, *words):
            assert said in told
    assert mail["Content-Language"] == ("ko" if language == "ko" else "en")


def test_its_headers_are_those_of_a_machine_that_wants_no_answer(usual: AskingMail) -> None:
    mail = mail_of(usual)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<confirm.{ID}@news.example.org>"
    assert str(mail["To"]) == "Hong@xn--o39an51b2re.example.com"
    assert mail["Subject"] == "[서울이슈큐레이터] 구독 신청을 확인해 주세요"
    for name in ("List-Unsubscribe", "List-Id", "Precedence"):
        assert mail[name] is None
    for text in texts(mail):
        assert "/u/" not in text
        assert "수신 거부" not in text


def test_the_same_request_is_the_same_mail_to_the_last_octet(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    first, again = (asking(workspace).message(waiting()) for _ in range(2))
    assert first.data == again.data
    parsed = email.message_from_bytes(first.data, policy=default)
    assert isinstance(parsed, EmailMessage)
    link = f"https://news.example.org/confirm/{SignUpTokens(workspace, lambda: NOW).link(ID, NOW)}"
    assert all(link in text for text in texts(parsed))


def test_names_of_the_settings_are_names_and_nothing_more(tmp_path: Path) -> None:
    odd = "A *b* {{ c }} <i>[d](https://e.example)"
    settings = workspace_at(tmp_path).settings.model_copy(
        update={
            "newsletter": NewsletterTable(name=odd, list_id=LIST, language="en"),
            "institute": InstituteTable(name=odd),
        }
    )
    plain, html = texts(mail_of(asking(Workspace(tmp_path, settings)), "en"))
    assert odd in " ".join(plain.split())
    assert "A *b* {{ c }} &lt;i&gt;[d](https://e.example)" in html
    assert "<i>" not in html


def test_a_link_is_read_for_its_time_and_by_its_purpose_alone(tmp_path: Path) -> None:
    tokens = SignUpTokens(workspace_at(tmp_path), lambda: NOW)
    link = tokens.link(ID, NOW)
    assert tokens.read_link(link, NOW + timedelta(days=3)) == ID
    assert tokens.read_link(link, NOW + timedelta(days=3, seconds=1)) is None
    assert tokens.is_ours(link)
    assert tokens.age_of(link) is None
    stamp = tokens.new_stamp()
    assert tokens.age_of(stamp) is not None
    assert not tokens.is_ours(stamp)


def test_a_network_is_counted_by_another_hash_each_day_and_kind(tmp_path: Path) -> None:
    tokens = SignUpTokens(workspace_at(tmp_path), lambda: NOW)
    some = {
        tokens.network(network, kind, NOW + timedelta(days=day))
        for network in ("192.0.2.0/24", "192.0.3.0/24")
        for kind in ("form", "api")
        for day in (0, 1)
    }
    assert len(some) == 8
    assert tokens.network("192.0.2.0/24", "form", NOW) in some
