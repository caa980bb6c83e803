"""A whole life with a newsletter, by real servers: in, welcomed, read in two languages, out, back, out, and forgotten.

nginx, `newsletter serve`, Postfix, Dovecot and Chromium; besides, only commands. Judged by the readers' mailboxes.
"""

import re
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.journey.life import GONE, HONG, JANE, KIM, LEAVE, OLD_LIST, Life, a_life, link_in
from tests.support.post_office import wait_until_there

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
ISSUES = (
    (
        "골목의 겨울",
        "눈이 온 다음 날 골목을 걷는 사람을 세었습니다.",
        "Winter lanes",
        "We counted who walks after snow.",
    ),
    ("밤의 버스", "심야버스를 타는 사람은 청소와 간호를 하는 사람입니다.", "Night buses", "Nurses ride at three."),
    ("학교 앞 속도", "제한속도를 낮춘 서른 곳의 사고를 견주었습니다.", "Slow schools", "Thirty streets compared."),
    ("빈집의 쓸모", "비어 있는 집 사백 채를 찾아가 주인을 만났습니다.", "Empty houses", "Their owners told us why."),
    ("나무 그늘 지도", "한낮의 그늘을 위성 사진으로 그렸습니다.", "A map of shade", "Drawn from above at noon."),
    ("시장의 영수증", "전통시장 점포가 받는 결제 수단을 물었습니다.", "Receipts", "What market stalls accept."),
)


@pytest.mark.timeout(600)
def test_from_the_form_to_being_forgotten(tmp_path: Path) -> None:
    old_list = tmp_path / "old.csv"
    with a_life(tmp_path) as life:
        subscribes_and_is_welcomed(life)
        is_written_to_where_one_mailbox_is_gone_and_one_reader_complains(life)
        changes_the_language(life)
        life.run("subscribers", "export", "--out", str(old_list), "--yes")
        leaves_by_one_click_while_a_letter_is_sent(life)
        comes_back(life)
        leaves_by_mail_and_is_forgotten(life)
        is_left_alone_when_an_old_list_is_imported(life, old_list)
        every_count_adds_up(life)


def subscribes_and_is_welcomed(life: Life) -> None:
    """By keyboard; opening the mailed link changes nothing, its button subscribes."""
    life.run("new", "welcome")
    life.run("approve", "welcome", "--yes", "--by", "Jane Doe")
    assert life.open(f"{life.web.client.base_url}/subscribe") == "뉴스레터 구독 신청"
    life.type("#email", HONG)
    life.type("#name", "홍길동")
    for tick in ("consent", "over_14"):
        life.tab_to(f"[name={tick}]")
        life.page.keyboard.press("Space")
    assert life.press("button") == "메일함을 확인해 주세요"

    link = link_in(life.office.wait_for(HONG, 1), "confirm")
    for method in ("HEAD", "GET", "GET"):  # as link scanners do
        assert life.web.client.request(method, link).status_code == 200
    life.run("send", "--due")
    life.run("subscribers", "show", HONG, code=65)  # nobody knows the address
    assert life.open(link) == "이 뉴스레터를 받으시겠어요?"
    assert life.press("button") == "구독이 시작되었습니다"
    life.run("send", "--due")
    welcome = life.office.wait_for(HONG, 2)
    assert "구독해 주셔서 고맙습니다" in welcome["Subject"]
    assert "홍길동님, 안녕하세요." in words_of(welcome)


def is_written_to_where_one_mailbox_is_gone_and_one_reader_complains(life: Life) -> None:
    """Postfix returns one letter, a provider reports another; both are off the list, whoever presses what later."""
    life.run(*send_due(life, 1))
    assert life.states("letter-1") == {"sent": 4}
    assert ISSUES[0][1] in words_of(life.office.wait_for(HONG, 3))
    complained = life.office.wait_for(JANE, 1)
    assert ISSUES[0][3] in words_of(complained)
    wait_until_there(life.returned.inbox, 1, life.office.relay)
    asked = life.web.client.post("/subscribe", json={"email": JANE, "consent": True, "over_14": True})
    assert asked.json()["status"] == "asked"
    link = link_in(life.office.wait_for(JANE, 2), "confirm")
    life.complain(complained)
    wait_until_there(life.returned.inbox, 2, life.office.relay)

    told = life.returns()
    assert (told["processed"], told["suppressed"]) == (2, {"bad address": 1, "complained": 1})
    assert life.shown(GONE) == (["bad address"], ["bounced"])
    assert life.shown(JANE) == (["complained"], ["complained"])
    assert "Nothing can be sent to this address" in life.web.client.post(link).text
    assert life.shown(JANE) == (["complained"], ["complained"])
    events = life.told("status", "letter-1")["events"]
    assert isinstance(events, dict)
    assert (events["bounced"], events["complained"]) == (1, 1)


def changes_the_language(life: Life) -> None:
    """Behind the link of a letter, by keyboard; the next one is in English, and not for those two."""
    assert life.open(link_in(life.office.letters(HONG)[-1], "u")) == "이 뉴스레터를 그만 받으시겠어요?"
    assert life.press("a[href$=preferences]") == "구독 설정"
    life.tab_to("#language")
    life.page.keyboard.type("English")
    life.press("button")
    life.run(*send_due(life, 2))
    letter = life.office.wait_for(HONG, 4)
    assert "Dear 홍길동," in words_of(letter)
    assert ISSUES[1][3] in words_of(letter)
    assert life.states("letter-2") == {"sent": 2, "suppressed": 2}


def leaves_by_one_click_while_a_letter_is_sent(life: Life) -> None:
    """RFC 8058, between the first message of an issue and the rest of it."""
    letter = life.office.letters(HONG)[-1]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    write(life, 3)
    life.run("send", "letter-3", "--first", "1", "--yes")
    assert life.states("letter-3") == {"sent": 1, "planned": 1, "suppressed": 2}
    assert life.web.client.post(ways_out(letter)[0], data=ONE_CLICK).status_code == 200
    life.run("resume", "letter-3")
    life.run("send", "letter-3", "--yes")
    assert life.states("letter-3") == {"sent": 1, "suppressed": 3}


def comes_back(life: Life) -> None:
    """The pages speak the language that the reader chose."""
    assert life.open(link_in(life.office.letters(HONG)[-1], "u")) == "Already unsubscribed"
    assert life.press("button") == "Welcome back"
    life.run(*send_due(life, 4))
    assert ISSUES[3][3] in words_of(life.office.wait_for(HONG, 5))


def leaves_by_mail_and_is_forgotten(life: Life) -> None:
    """`send --due` reads the mailbox before it sends; afterwards nothing of the address is left."""
    _, by_mail = ways_out(life.office.letters(HONG)[-1])
    message = EmailMessage()
    message["From"], message["To"] = HONG, LEAVE
    message["Subject"] = by_mail.partition("subject=")[2].replace("%20", " ")
    message.set_content("")
    life.office.submit(HONG, LEAVE, message)
    wait_until_there(life.returned.inbox, 1, life.office.relay)
    life.run(*send_due(life, 5), NEWSLETTER_RETURNS__IMAP=life.imap)
    assert life.states("letter-5") == {"sent": 1, "suppressed": 3}
    assert "unsubscribed" in life.run("subscribers", "show", HONG)

    proof = life.told("subscribers", "forget", HONG, "--yes")["proof"]
    assert isinstance(proof, dict)
    assert (proof["clean"], proof["files_with_it"]) == (True, [])
    files = [path for path in life.workspace.rglob("*") if path.is_file()]
    assert [path for path in files if HONG.encode() in path.read_bytes()] == []


def is_left_alone_when_an_old_list_is_imported(life: Life, old_list: Path) -> None:
    """It has all of them, and so has the subscriber file again."""
    assert HONG in old_list.read_text(encoding="utf-8")
    life.run("subscribers", "import", str(old_list), "--yes")
    (life.workspace / "subscribers.csv").write_text(f"{OLD_LIST}{HONG},홍길동,ko\n", encoding="utf-8")
    life.run(*send_due(life, 6))
    assert life.states("letter-6") == {"sent": 1, "suppressed": 3}


def every_count_adds_up(life: Life) -> None:
    """In the ledger, in each report, and in the mailboxes: who got what in all that time."""
    for number in range(1, len(ISSUES) + 1):
        report = life.told("report", f"letter-{number}")
        assert report["adds_up"], report["discrepancies"]
    assert life.states("welcome") == {"sent": 1}
    korean, english = [one[0] for one in ISSUES], [one[2] for one in ISSUES]
    life.office.wait_for(KIM, len(ISSUES))
    assert subjects(life, KIM) == korean
    assert subjects(life, HONG)[2:] == [korean[0], english[1], english[3]]
    assert subjects(life, JANE)[::2] == [english[0]]
    assert len(life.office.letters(JANE)) == 2
    assert life.run("ledger", "verify")


def write(life: Life, number: int) -> None:
    title, text, english, in_english = ISSUES[number - 1]
    life.write(f"letter-{number}", (title, text), (english, in_english))


def send_due(life: Life, number: int) -> tuple[str, str]:
    """What cron runs, with this issue written, approved and due."""
    write(life, number)
    return "send", "--due"


def ways_out(letter: EmailMessage) -> list[str]:
    return re.findall(r"<([^>]+)>", str(letter["List-Unsubscribe"]))


def subjects(life: Life, reader: str) -> list[str]:
    """Without the newsletter's name."""
    return [str(letter["Subject"]).partition("] ")[2] for letter in life.office.letters(reader)]


def words_of(letter: EmailMessage) -> str:
    text = letter.get_body(("plain",))
    assert text is not None
    return str(text.get_content())
