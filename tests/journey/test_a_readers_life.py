"""A whole life with a newsletter, by real servers: in, welcomed, read in two languages, out, back, and forgotten.

nginx, `newsletter serve`, Postfix, Dovecot and Chromium; besides, only commands. Judged by the readers' mailboxes.
"""

from email.message import EmailMessage
from pathlib import Path

from tests.journey.life import GONE, HONG, JANE, KIM, LEAVE, Life, a_life, link_in
from tests.support.post_office import wait_until_there

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def test_from_the_form_to_being_forgotten(tmp_path: Path) -> None:
    with a_life(tmp_path) as life:
        signs_up_and_is_welcomed(life)
        a_mailbox_is_gone_and_another_reader_complains(life)
        changes_the_language(life)
        leaves_by_one_click_while_a_letter_is_sent_and_comes_back(life)
        leaves_for_good_and_is_forgotten(life)
        nobody_who_left_is_mailed_after_an_old_list_was_imported(life)
        every_count_adds_up(life)


def signs_up_and_is_welcomed(life: Life) -> None:
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
    for method in ("GET", "HEAD", "GET"):
        assert life.web.client.request(method, link).status_code == 200
    life.run("send", "--due")
    life.run("subscribers", "show", HONG, code=65)  # opening it subscribed nobody
    assert life.open(link) == "이 뉴스레터를 받으시겠어요?"
    life.press("button")
    life.run("send", "--due")
    welcome = life.office.wait_for(HONG, 2)
    assert "구독해 주셔서 고맙습니다" in welcome["Subject"]
    assert "홍길동님, 안녕하세요." in words_of(welcome)
    life.run("send", "--due")


def a_mailbox_is_gone_and_another_reader_complains(life: Life) -> None:
    life.write(1, ("골목의 겨울", "눈이 온 다음 날 골목을 걷는 사람을 세었습니다."), ("Alleys", "We counted who walks."))
    life.run("send", "--due")
    assert life.states("letter-1") == {"sent": 4}
    assert "골목을 걷는 사람" in words_of(life.office.wait_for(HONG, 3))
    letter = life.office.wait_for(JANE, 1)
    assert "Dear Jane Doe," in words_of(letter)
    wait_until_there(life.returned.inbox, 1, life.office.relay)

    # Jane asks for the letter once more, and complains before she presses the button.
    asked = life.web.client.post("/subscribe", json={"email": JANE, "consent": True, "over_14": True})
    assert asked.json()["status"] == "asked"
    link = link_in(life.office.wait_for(JANE, 2), "confirm")
    life.complain(letter)
    wait_until_there(life.returned.inbox, 2, life.office.relay)
    print(life.told("returns", "--imap", life.imap))
    assert (len(life.returned.messages()), len(life.returned.messages("processed"))) == (0, 2)
    print(life.told("subscribers", "show", GONE))
    print(life.told("subscribers", "show", JANE))
    print(life.web.client.post(link).text)
    print(life.told("status", "letter-1"))


def changes_the_language(life: Life) -> None:
    link = link_in(life.office.letters(HONG)[-1], "u")
    life.open(link)
    print(life.press("a[href$=preferences]"))
    life.tab_to("#language")
    life.page.keyboard.type("E")
    print(life.press("button"))
    life.write(2, ("밤의 버스", "심야버스를 타는 사람은 청소와 간호를 하는 사람입니다."), ("Night buses", "Who rides at 3?"))
    life.run("send", "--due")
    letter = life.office.wait_for(HONG, 4)
    assert "Dear 홍길동," in words_of(letter)
    assert "Night buses" in letter["Subject"]
    print(life.states("letter-2"))


def leaves_by_one_click_while_a_letter_is_sent_and_comes_back(life: Life) -> None:
    life.write(3, ("학교 앞 속도", "등굣길 제한속도를 낮춘 서른 곳의 사고를 견주었습니다."), ("Speed", "Thirty schools."))
    life.run("send", "letter-3", "--first", "1", "--yes")
    link = str(life.office.letters(HONG)[-1]["List-Unsubscribe"]).split(">")[0].strip("<")
    assert life.web.client.get(link).status_code == 200
    assert life.web.client.post(link, data=ONE_CLICK).status_code == 200
    life.run("resume", "letter-3")
    life.run("send", "letter-3", "--yes")
    print(life.states("letter-3"))
    print(life.open(link))
    print(life.press("button"))
    life.write(4, ("빈집의 쓸모", "비어 있는 집 사백 채를 찾아가 주인을 만났습니다."), ("Empty houses", "We met owners."))
    life.run("send", "--due")
    assert "Empty houses" in life.office.wait_for(HONG, 5)["Subject"]


def leaves_for_good_and_is_forgotten(life: Life) -> None:
    print(life.office.letters(HONG)[-1]["List-Unsubscribe"])
    print(life.told("subscribers", "forget", HONG, "--yes"))


def nobody_who_left_is_mailed_after_an_old_list_was_imported(life: Life) -> None:
    pass


def every_count_adds_up(life: Life) -> None:
    for number in range(1, 5):
        report = life.told("report", f"letter-{number}")
        print(report)
        assert report["adds_up"], report["discrepancies"]


def words_of(letter: EmailMessage) -> str:
    text = letter.get_body(("plain",))
    assert text is not None
    return str(text.get_content())
