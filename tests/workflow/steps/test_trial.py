"""A merge that is tried weighs what its message weighs, though only one message of each shape is composed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from newsletter.audience.subscriber import Subscriber
from newsletter.check.counting import Tried
from newsletter.errors import InputError
from newsletter.message.escape import clean
from newsletter.message.merge import Composer, Weight
from newsletter.workflow.steps.compose import LetterComposer
from newsletter.workflow.steps.trial import ComposingTrial
from tests.support import editions
from tests.support.letters import workspace_at

SETTINGS = workspace_at(Path("/nowhere")).settings
ALPHABETS = (
    "가나다김이박최홍길동수현",
    "김이박 12",
    "abcXYZ",
    "ab .,-'\"\\@&<>=?_",
    "é ü ß ñ a",
    "Jane Doe Jane Doé",
    "가é",
    "\u1100\u1161\u11a8\u0301가",
    "😀🇰🇷👩\u200d💻가",
    "日本 語한",
    "\u202e\t\n\x00\ud800a가\u3000",
    "%/:?#[]&=+가a",
)
PAGES = ("https://example.org/{}", "https://서울.kr/{}", "HTTP://a.kr/{}?a=1&b={}", "tel:02-{}", "mailto:{}", "{}")
SUBJECTS = ("[서울] 신성장동력, mergea0q님께", "mergea0q\u11a8 각", "Growth for mergea0q", "(mergea0q)")
MERGED = ("name", "fields.소속", "fields.word", "fields.page")


def people(random: Random, count: int) -> Iterator[tuple[Subscriber, dict[str, str]]]:
    """Names and values of every kind, mostly short; one thing differs at a time, so that many have one shape."""

    def text() -> str:
        alphabet = random.choice(ALPHABETS)
        length = random.choice((0, 1, 2, 3, 3, 4, 8, 14, 16, 17, 18, random.randrange(90)))
        return "".join(random.choice(alphabet) for _ in range(length))

    usual = {"name": "홍길동", "소속": "서울시", "word": "책", "page": "https://example.org/7"}
    for number in range(count):
        email = random.choice(("Reader7@example.com", "reader7@example.net", "r7@한국.kr", "R7@A.example.org"))
        differs = random.choice(("name", "name", "소속", "word", "page"))
        value = random.choice(PAGES).replace("{}", text()) if differs == "page" else text()
        fields = {**usual, differs: value}
        name, key = fields.pop("name"), email.lower().replace("한국", "xn--3e0b707e")
        one = Subscriber(email, key, name=name, fields=fields, line=number + 2)
        yield one, one.values()


def weighed(tried: Tried) -> Weight:
    return Weight(tried.html, tried.mail, tried.header)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_thousands_of_tries_weigh_what_their_messages_weigh_to_the_octet(subject: str) -> None:
    made = {"ko": editions.edition(subject=subject), "en": editions.plain_edition()}
    trial, composer = ComposingTrial(made, SETTINGS, "2021-07"), LetterComposer.to_try(SETTINGS, "2021-07", made)
    random = Random(f"names {subject}")
    for one, values in people(random, 2_500):
        variant = random.choice(("ko", "ko", "ko", "en"))
        tried = trial(one, variant, values)
        assert weighed(tried) == composer.weigh(one, variant, values), (variant, values)
        if variant == "ko":
            merged = {key: values[key] for key in MERGED if key in values}
            assert set(tried.changed) == {key for key, value in merged.items() if clean(value) != value}


def korean(count: int) -> Iterator[Subscriber]:
    random = Random(4)
    for number in range(count):
        lengths = 3, random.randrange(2, 9)
        name, words = ("".join(random.choices("김이박최정강서민준하윤지우은현", k=length)) for length in lengths)
        key = f"{'r' * random.randrange(1, 9)}{number % 10}@example.com"
        yield Subscriber(key, key, name=name, fields={"소속": words}, line=number + 2)


def test_of_readers_with_korean_names_one_of_each_shape_is_composed(monkeypatch: pytest.MonkeyPatch) -> None:
    composed: list[str] = []
    weigh = Composer.weigh

    def noted(composer: Composer, address: str, key: str, variant: str, values: Mapping[str, str]) -> Weight:
        composed.append(key)
        return weigh(composer, address, key, variant, values)

    monkeypatch.setattr(Composer, "weigh", noted)
    trial = ComposingTrial({"ko": editions.edition()}, SETTINGS, "2021-07")
    for one in korean(3_000):
        trial(one, "ko", one.values())
    assert len(composed) <= 8 * 7  # lengths of the address, of the field


def test_a_merge_that_fails_fails_for_each_reader_and_is_never_remembered() -> None:
    edition = editions.edition()
    holes = tuple(replace(hole, default=None) if hole.key == "fields.소속" else hole for hole in edition.holes)
    trial = ComposingTrial({"ko": replace(edition, holes=holes)}, SETTINGS, "2021-07")
    [whole] = korean(1)
    nobody = replace(whole, fields={})
    for _ in range(3):
        with pytest.raises(InputError):
            trial(nobody, "ko", nobody.values())
        assert trial(whole, "ko", whole.values()).mail > 0
