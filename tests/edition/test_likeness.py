"""What a reader does not see makes no difference between two letters; what is nearly the same is measured."""

import random
import time
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from newsletter.edition.likeness import ALIKE, FEWEST, Likeness, Reading, likeness, match, reading_of
from newsletter.edition.wrap import TEXT_COLUMNS
from newsletter.folded import folded

RULE = "=" * TEXT_COLUMNS
BODY = "신성장동력은 앞으로 서울이 무엇으로 일자리를 만들지 묻는다. New growth engines for Seoul, and WHY. "


def edition(
    body: str = BODY, subject: str = "신성장동력", masthead: str = "2021년 7월", pictures: tuple[str, ...] = ()
) -> dict[str, Any]:
    return {
        "subject": subject,
        "text": f"서울이슈큐레이터\n{masthead}\n{RULE}\n\n제목\n\n{body}\n\n{RULE}\n\n서울연구원\n",
        "holes": [],
        "pictures": [{"cid": cid} for cid in pictures],
    }


def compared(readings: list[Reading], slug: str, *others: Reading, also_alike: bool = True) -> Likeness | None:
    matches = [one for other in others if (one := match(readings, other, also_alike=also_alike))]
    return likeness(slug, matches, readings) if matches else None


INVISIBLE = "\u200b\u200d\ufeff\u00ad\u2060\u034f\u3164\u115f\ufe0f\u202e\u2069"
UNSEEN: dict[str, Callable[[str], str]] = {
    "one blank more": lambda text: text.replace(" ", "  ", 1),
    "no blanks": lambda text: text.replace(" ", ""),
    "other blanks": lambda text: text.replace(" ", "\u3000").replace("\u3000", "\u00a0", 2),
    "a dotless Braille pattern": lambda text: text.replace(" ", " \u2800", 1),
    "lines broken elsewhere": lambda text: text.replace(" ", "\n", 3),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "decomposed, and parted": lambda text: unicodedata.normalize("NFD", text).replace("\u1109", "\u1109\u200b"),
    "upper case": str.upper,
    "lower case": str.lower,
    **{f"U+{ord(one):04X}": lambda text, one=one: one.join(text) for one in INVISIBLE},  # type: ignore[misc]
}


@pytest.mark.parametrize("change", UNSEEN)
def test_what_no_reader_sees_makes_no_difference(change: str) -> None:
    changed = UNSEEN[change]
    assert changed(BODY) != BODY
    one = compared([reading_of(edition(changed(BODY), changed("신성장동력")))], "2021-07", reading_of(edition()))
    assert one is not None
    assert (one.slug, one.is_copy, one.percent) == ("2021-07", True, 100)


def test_date_and_number_and_footer_are_not_compared() -> None:
    other = edition(masthead="2021년 8월 · 제8호")
    other["text"] = other["text"].replace("서울연구원", "다른 곳")
    one = compared([reading_of(other)], "2021-07", reading_of(edition()))
    assert one is not None
    assert one.is_copy


def test_a_rule_that_the_letter_itself_writes_does_not_hide_its_words() -> None:
    mine, other = edition(f"가\n\n{RULE}\n\n{BODY}"), edition(f"가\n\n{RULE}\n\n다른 글")
    assert compared([reading_of(mine)], "2021-07", reading_of(other)) is None


@pytest.mark.parametrize("seen", [edition(subject="청년정책"), edition(pictures=("b@example.org",))])
def test_with_another_subject_or_picture_it_is_like_and_no_copy(seen: dict[str, Any]) -> None:
    one = compared([reading_of(seen)], "2021-07", reading_of(edition(pictures=("a@example.org",))))
    assert one is not None
    assert (one.is_copy, one.ratio) == (False, 1.0)


def test_a_merge_field_is_what_it_says_and_not_how_it_is_marked() -> None:
    def with_field(marker: str, default: str) -> dict[str, Any]:
        hole = {"marker": marker, "key": "name", "default": default}
        return {**edition(f"{marker}님, {BODY}"), "holes": [hole]}

    of = reading_of(with_field("M1x", "구독자"))
    same = compared([reading_of(with_field("Q77y", "구독자"))], "2021-07", of)
    assert same is not None
    assert same.is_copy
    assert compared([reading_of(with_field("M1x", "시민"))], "2021-07", of) is None


def words(count: int, *, other: int = 0) -> str:
    """So many words, of which the last are others."""
    return " ".join(f"낱말{number}" if number < count - other else f"다른{number}" for number in range(count))


@pytest.mark.parametrize(
    ("count", "other", "alike"),
    [(FEWEST - 1, 1, False), (100, 4, True), (100, 6, False), (400, 20, True), (400, 24, False)],
)
def test_from_95_percent_of_fifty_words_on_it_is_like(count: int, other: int, alike: bool) -> None:
    # The title is a word of each.
    mine, theirs = edition(words(count - 1, other=other)), edition(words(count - 1))
    assert (compared([reading_of(mine)], "2021-07", reading_of(theirs)) is not None) is alike


def test_where_nobody_asks_for_likeness_only_the_same_counts() -> None:
    mine, theirs = reading_of(edition(words(100, other=1))), reading_of(edition(words(100)))
    assert compared([mine], "2021-07", theirs, also_alike=False) is None
    assert compared([theirs], "2021-07", theirs, also_alike=False) is not None


@pytest.mark.parametrize("size", [2_000, 12_000])
def test_the_largest_letter_of_the_same_words_again_and_again_is_compared_in_no_time(size: int) -> None:
    chosen = random.Random(7)
    text = [chosen.choice("가나다라마") for _ in range(size)]
    other = list(text)
    for place in chosen.sample(range(size), size // 50):
        other[place] = "바"
    readings = [reading_of(edition(" ".join(one))) for one in (text, other)]
    begun = time.process_time()
    compared(readings[:1], "2021-07", readings[1])
    assert time.process_time() - begun < 5


def test_words_keep_their_order_and_one_blank_between_them() -> None:
    assert folded("  Ab\u200b\u00a0 c\n") == "ab c"
    assert ALIKE == 0.95


def test_a_copy_is_one_in_every_edition() -> None:
    """An issue may have an edition of hardly any words, such as that of who sees no section, the same each time."""
    nothing, july, august = (reading_of(edition(body)) for body in ("안녕하세요.", "칠월 이야기", "팔월 이야기"))
    one = compared([nothing, august], "2021-07", nothing, july)
    assert one is not None
    assert (one.is_copy, one.ratio) == (False, 1.0)
    again = compared([july, nothing], "2021-07", nothing, july)
    assert again is not None
    assert again.is_copy
