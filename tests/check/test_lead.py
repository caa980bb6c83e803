"""lead-sentence: an introduction that only greets is told; few false alarms, in both languages."""

from pathlib import Path

import pytest

from newsletter.check.greetings import greeting_at_start
from tests.support.checks import findings_of, of_rule

NAMES = {"서울이슈큐레이터", "서울연구원", "The Letter"}
GREETINGS = [
    "안녕하세요.",
    "구독자님, 안녕하세요.",
    '{{ subscriber.name | default("구독자") }}님, 안녕하세요.',
    "**안녕하세요**, 독자 여러분!",
    "안녕하십니까? 서울연구원입니다.",
    "독자 여러분께\n\n안녕하세요. 서울이슈큐레이터 편집자 서울연구원입니다.",
    "안녕하세요.\n그동안 잘 지내셨나요?",
    "여러분, 안녕하세요. 만나서 반갑습니다. 늘 읽어 주셔서 감사합니다.",
    "구독자 여러분께 새해 인사를 드립니다.",
    "모두 건강하게 지내고 계신가요?",
    "Dear reader,",
    'Dear {{ subscriber.name | default("reader") }},',
    "Hello everyone!",
    "Good morning.",
    "Welcome to our November newsletter.",
    "Welcome to another issue of The Letter.",
    "Dear friends,\n\nI hope this letter finds you well. Thank you for subscribing!",
    "Hi there. This is The Letter.",
]
NEWS = [
    "12월부터 야간 도서관이 문을 엽니다.",
    "안녕하세요, 이번 달부터 도서관이 밤 열 시까지 엽니다.",
    "구독자님이 물어보신 것에 답합니다.",
    "주제는 청년주택입니다.",
    "서울연구원입니다만 오늘은 다른 이야기를 합니다.",
    "여러분의 의견을 받아 조례를 고쳤습니다.",
    "잘 지내는 이웃이 늘었습니다. 이유를 살펴봅니다.",
    "안녕 기준선을 새로 정했습니다.",
    "건강하게 오래 사는 도시의 조건",
    "새 정책을 만나서 반갑습니다, 라는 말이 나올 만합니다.",
    "2027년 예산안이 통과되었습니다.",
    "The library stays open until ten.",
    "Dear reader, the library stays open until ten.",
    "Hello world: new bus lines begin on Monday.",
    "Hi-speed trains reach the coast next week.",
    "Welcome changes for tenants begin in May.",
    "Welcome to 300 new neighbours.",
    "We hope the council votes for the park.",
    "Good morning commuters will find six new trains.",
    "How are buses paid for? We asked.",
    "Thank you for 12 years.",
]
HEAD = "title: 야간 도서관\nsections: [{ type: story, heading: 이야기, body: 본문입니다. }]\n"


@pytest.mark.parametrize("text", GREETINGS)
def test_what_only_greets_is_a_greeting(text: str) -> None:
    greeting, rest = greeting_at_start(text, NAMES)
    assert greeting
    assert rest == ""


@pytest.mark.parametrize("text", NEWS)
def test_what_tells_something_is_none(text: str) -> None:
    assert greeting_at_start(text, NAMES)[1] != ""
    greeting, rest = greeting_at_start(f"안녕하세요.\n\n{text}", NAMES)
    assert greeting == "안녕하세요."
    assert rest.strip() == greeting_at_start(text, NAMES)[1].strip()


def block(text: str) -> str:
    return "intro: |\n" + "".join(f"  {line}\n" for line in text.split("\n"))


def test_it_is_told_at_its_line_in_the_issue(tmp_path: Path) -> None:
    [found] = of_rule(findings_of(tmp_path, HEAD + block("안녕하세요.")), "lead-sentence")
    assert found.line == 3
    assert "안녕하세요." in str(found.message)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + block("구독자님, 안녕하세요. 서울이슈큐레이터입니다.\n\n도서관이 밤 열 시까지 문을 엽니다."),
        HEAD + "summary: [도서관이 밤 열 시까지 문을 엽니다.]\n" + block("안녕하세요."),
        "title: 야간 도서관\n" + block("안녕하세요."),
        HEAD,
    ],
)
def test_a_short_greeting_before_news_is_good_manners(tmp_path: Path, text: str) -> None:
    assert of_rule(findings_of(tmp_path, text), "lead-sentence") == []


def test_a_long_greeting_is_told_even_where_news_follows(tmp_path: Path) -> None:
    long = "독자 여러분, 안녕하세요. 그동안 잘 지내셨나요? 서울연구원입니다. 다시 만나 반갑습니다."
    long += " 늘 구독해 주셔서 진심으로 감사합니다."
    [found] = of_rule(findings_of(tmp_path, HEAD + block(f"{long}\n\n도서관이 열립니다.")), "lead-sentence")
    assert "도서관이 열립니다." in str(found.message)


def test_a_long_text_takes_no_time() -> None:
    assert greeting_at_start("안녕 " * 8_000, NAMES)[0] == ""
    assert greeting_at_start("hello " * 8_000 + "." * 8_000, NAMES)[0] == ""
    assert len(greeting_at_start("Hello.\n" * 5_000, NAMES)[0]) > 30_000
    assert greeting_at_start("[" * 8_000 + "{{" * 8_000, NAMES)[0] == ""
