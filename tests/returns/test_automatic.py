"""Automatic letters of persons' mailboxes are never bounces; persons' letters are never automatic."""

import pytest

from newsletter.returns.model import Kind
from newsletter.returns.read import read_return

from .shapes import MESSAGE_ID, OURS, READER


def letter(subject: str, body: str, head: str = "", sender: str = READER) -> bytes:
    """As a mail program writes it, raw UTF-8 in the subject included."""
    return f"From: Jane Doe <{sender}>\nTo: no-reply@news.example.org\n{head}Subject: {subject}\n\n{body}\n".encode()


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: [서울이슈큐레이터] 신성장동력",
        "Auto: Re: [서울이슈큐레이터] 신성장동력",
        "AutoReply: hello",
        "Out of Office: hello",
        "Out of the office until Monday",
        "OOO Re: hello",
        "I'm out of office",
        "자동 응답: [서울이슈큐레이터] 신성장동력",
        "[자동회신] 휴가 중입니다",
        "부재중 자동 응답",
        "[부재중] 회신이 늦을 수 있습니다",
        "RE: 부재 중 안내",
        "Abwesenheitsnotiz: hello",
        "Automatische Antwort: hello",
        "Réponse automatique : hello",
        "Respuesta automática: hello",
        "Risposta automatica: hello",
        "自動返信: hello",
        "不在通知",
        "自动回复: hello",
        "Автоответ: hello",
    ],
)
def test_a_subject_of_absence_is_an_automatic_reply(subject: str) -> None:
    (found,) = read_return(letter(subject, "550 5.1.1 user unknown. My mailbox is full, I have left."), OURS)

    assert found.kind is Kind.AUTO_REPLY
    assert found.clues.addresses == (READER,)
    assert (found.code, found.reply_class) == (0, "")


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-replied (vacation)",
        "Auto-Submitted: auto-generated",
        "X-Autoreply: yes",
        "X-Autorespond: hello",
        "Precedence: auto_reply",
        "X-MS-Exchange-Inbox-Rules-Loop: reader@example.com",
    ],
)
def test_a_field_of_its_own_marks_an_automatic_reply(field: str) -> None:
    (found,) = read_return(letter("Thank you for your letter", "I am travelling.", f"{field}\n"), OURS)

    assert found.kind is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    ("subject", "body", "head"),
    [
        ("Re: [서울이슈큐레이터] 신성장동력", "잘 읽었습니다. 다음 호에는 휴가철 정책도 다뤄 주세요.", ""),
        ("휴가철 안전 정책에 대해 묻습니다", "안녕하세요.", ""),
        ("A question about automatic doors", "Hello,", "Auto-Submitted: no\n"),
        ("Re: letter", "Could you explain the chart?", "Precedence: bulk\n"),
        ("메일 주소 변경 요청", "new@example.net으로 보내 주세요.", ""),
    ],
)
def test_a_person_is_left_to_a_person(subject: str, body: str, head: str) -> None:
    (found,) = read_return(letter(subject, body, head), OURS)

    assert found.kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("body", "new"),
    [
        ("제 이메일 주소가 변경되었습니다.\n새 주소: new@example.net", "new@example.net"),
        ("메일 주소가 new@example.net으로 바뀌었습니다.", "new@example.net"),
        ("My email address has changed. Please use\nnew@example.net from now on.", "new@example.net"),
        (f"I no longer use {READER}, please write to new@example.net instead.", "new@example.net"),
        ("Meine neue E-Mail-Adresse lautet new@example.net.", "new@example.net"),
        ("メールアドレスが変更になりました。\nnew@example.net", "new@example.net"),
        (f"My e-mail address is now {READER}.", ""),
        ("In urgent cases please write to colleague@example.com.", ""),
        ("급한 일은 colleague@example.com으로 연락 주세요.", ""),
        ("My email address has changed. Write to a@example.com or b@example.net" + " " * 3 + "soon.", "a@example.com"),
        ("You wrote to no-reply@news.example.org. My email address has changed.", ""),
    ],
)
def test_another_address_is_told_and_nothing_else_is_taken_for_one(body: str, new: str) -> None:
    (found,) = read_return(letter("Automatic reply: hello", body), OURS)

    assert (found.kind, found.new_address) == (Kind.MOVED if new else Kind.AUTO_REPLY, new)


@pytest.mark.parametrize(
    ("subject", "body", "sender"),
    [
        ("Re: letter", "x", "challenge@spamarrest.com"),
        ("Please confirm your message", "Click here.", READER),
        ("발신자 인증 요청", "아래를 눌러 주세요.", READER),
        ("Your mail to Jane", "Please click the link below so that your message will be delivered.", READER),
        ("Hello", "Your message is being held until you verify\nthat you are human.", READER),
    ],
)
def test_who_wants_a_person_is_a_challenge(subject: str, body: str, sender: str) -> None:
    (found,) = read_return(letter(subject, body, "Auto-Submitted: auto-replied\n", sender), OURS)

    assert found.kind is Kind.CHALLENGE


@pytest.mark.parametrize(
    ("sender", "head"),
    [
        ("noreply@mail.example.kr", "Auto-Submitted: auto-replied\n"),
        ("MAILER-DAEMON@mail.example.kr", "Auto-Submitted: auto-replied\n"),
        ("MAILER-DAEMON@mail.example.kr", "Precedence: auto_reply\nX-Autoreply: yes\n"),
    ],
)
def test_a_notice_of_a_mail_system_is_a_bounce_though_it_was_sent_by_itself(sender: str, head: str) -> None:
    words = f"메일을 전송하지 못했습니다.\n\n<{READER}>: 550 5.1.1 존재하지 않는 사용자입니다.\n"

    (found,) = read_return(letter("메일 전송 실패 안내", words, head, sender), OURS)

    assert (found.kind, found.clues.addresses, found.enhanced) == (Kind.BOUNCE, (READER,), "5.1.1")


def test_an_automatic_reply_refers_to_the_letter() -> None:
    head = f"In-Reply-To: <{MESSAGE_ID}>\nReferences: <other@example.com> <{MESSAGE_ID}>\n"

    (found,) = read_return(letter("Automatic reply: hello", "x", head), OURS)

    assert found.clues.message_ids == (MESSAGE_ID, "other@example.com")


@pytest.mark.parametrize("charset", ["euc-kr", "ks_c_5601-1987", "utf-8", "iso-8859-1", ""])
def test_a_subject_in_cp949_is_read_whatever_its_label(charset: str) -> None:
    label = f"Content-Type: text/plain; charset={charset}\n" if charset else ""
    data = f"From: {READER}\n{label}Subject: 부재중 자동 응답\n\n안녕하세요, 뷁입니다.\n".encode("cp949")

    (found,) = read_return(data, OURS)

    assert (found.kind, found.text) == (Kind.AUTO_REPLY, "부재중 자동 응답")
