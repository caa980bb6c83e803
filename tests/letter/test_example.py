"""The example issue says what the institute's letter of July 2021 said, and invents nothing."""

import re
from datetime import datetime, timedelta, timezone

from newsletter.audience.read import read_subscribers
from newsletter.audience.subscriber import Subscriber
from newsletter.issue.load import load_issue
from newsletter.issue.model import Issue
from newsletter.issue.sections.figures import Figures
from newsletter.issue.sections.story import Story
from tests.support.finished import ISSUES, ROOT, text_of
from tests.support.finished_mail import mail_to, subscriber_in

SITE = "https://www.si.re.kr"
FACTS = """시민의 관심이슈에 정책연구로 답합니다 / 디지털 경제도시 / 2018년 / 과학기술정보통신부 / 상암 DMC / 강남 /
구로 / 금천 / 홍릉 / 서울바이오허브 / 약 60% / AI 양재 허브 / 70여 개 / 443명 / 607억 원 / 공공 클라우드"""


def example() -> Issue:
    return load_issue(ISSUES["example"], workspace_root=ROOT, timezone="Asia/Seoul")


def test_it_is_the_letter_of_26_july_2021() -> None:
    issue = example()
    assert issue.title == "신성장동력"
    assert issue.publish_at == datetime(2021, 7, 26, 8, 56, tzinfo=timezone(timedelta(hours=9)))
    assert [type(section) for section in issue.sections] == [Story, Story, Story, Story, Figures]


def test_it_tells_the_facts() -> None:
    text = " ".join(text_of("example").split())
    for fact in re.split(r"\s/\s", FACTS):
        assert fact in text, fact


ENGLISH_FACTS = """digital economy city / 2018 / Ministry of Science and ICT / Sangam Digital Media City (DMC) /
all-in-one services / Gangnam / Guro / Geumcheon / Hongneung / Seoul Bio Hub / umbrella organisation / about 60% /
public cloud / IoT standards / AI Yangjae Hub / More than 70 / 443 / 60.7 billion won"""


def test_its_english_words_tell_the_same_facts_and_nothing_is_left_in_korean_but_what_the_settings_say() -> None:
    mail = mail_to("2021-07", subscriber_in(ROOT / "subscribers.example.csv", "jane@example.com"))
    text = " ".join(mail.parts.text.split())
    for fact in re.split(r"\s/\s", ENGLISH_FACTS):
        assert " ".join(fact.split()) in text, fact
    assert "Dear Jane Doe," in text
    _, letter, _ = mail.parts.text.split("=" * 72)
    assert not re.search("[가-힣]", letter)
    assert mail.edition.required_keys() == frozenset()
    assert len(mail.parts.html.encode()) < 60_000


def test_its_english_words_are_of_the_same_shape() -> None:
    issue = example()
    words = issue.translations["en"]
    assert len(words.sections) == len(issue.sections)
    for section, translated in zip(issue.sections, words.sections, strict=True):
        if isinstance(section, Story):
            assert translated.body.count("\n\n") == section.body.count("\n\n")
            assert len(translated.research) == len(section.research)
        if isinstance(section, Figures):
            assert [bool(item.value and item.label) for item in translated.items] == [True] * len(section.items)
    assert words.intro.count("\n\n") == issue.intro.count("\n\n")
    assert not any(card.url for section in words.sections for card in section.research)


def test_it_is_as_long_as_the_original() -> None:
    issue = example()
    bodies = [section.heading + section.body for section in issue.sections if isinstance(section, Story)]
    assert 2000 < len(issue.intro + issue.closing + "".join(bodies)) < 2600


def test_cards_and_buttons_link_to_the_institute_and_name_no_author() -> None:
    for section in example().sections:
        if isinstance(section, Story):
            assert section.research
            assert {card.url for card in section.research} == {SITE}
            assert not any(card.authors or card.year for card in section.research)
            assert section.button is None or section.button.url == SITE


def test_the_readers_of_the_example_are_nobody() -> None:
    rows = list(read_subscribers(ROOT / "subscribers.example.csv"))
    people = [row for row in rows if isinstance(row, Subscriber)]
    assert len(people) == len(rows) >= 12
    assert len({person.key for person in people}) == len(people)
    for person in people:
        assert re.fullmatch(r"[a-z.]+@example\.(com|org|net)", person.email)
        assert person.consent_at
        assert person.consent_source
        assert "소속" in person.fields
    assert {person.language for person in people} >= {"ko", "en"}
    assert any(person.tags for person in people)
    assert any(not person.name for person in people)
