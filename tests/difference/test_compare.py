"""Which parts and sentences of two letters belong together, and what is told of them."""

from dataclasses import replace

import pytest

from newsletter.difference.compare import PartChange, letter_difference, parts_changed
from newsletter.difference.letter_words import SaidPart, WordItem, letter_parts
from newsletter.difference.matching import moved_ones
from tests.support.editions import edition

TEXTS = {
    "미디어": ("디지털콘텐츠가 앞으로 나섰습니다.", "수업도 공연도 화면 안으로 들어왔습니다."),
    "소프트웨어": ("그 한가운데에 소프트웨어가 있습니다.", "모인 사연은 저마다 다릅니다."),
    "바이오": ("홍릉에 연구 공간을 내어 줍니다.", "공간만으로는 모자랍니다."),
}


def part(heading: str, *sentences: str) -> SaidPart:
    items = (WordItem("heading", heading), *(WordItem("sentence", one) for one in sentences or TEXTS[heading]))
    return SaidPart("section", items)


def told(parts: tuple[PartChange, ...]) -> list[str]:
    """Each part, and under it each change, as short as can be read."""
    found = []
    for one in parts:
        found.append(f"{one.heading} {one.change} {one.before}>{one.after}")
        if one.change in {"changed", "moved"}:
            found += [
                f"  {item.change} {(item.after or item.before or WordItem('alt', '')).text}" for item in one.items
            ]
    return found


LETTER = [part("미디어"), part("소프트웨어"), part("바이오")]


def test_equal_letters_differ_in_nothing() -> None:
    assert parts_changed(LETTER, list(LETTER)) == ()


def test_a_section_that_stands_elsewhere_has_moved_and_nothing_else_has() -> None:
    assert told(parts_changed(LETTER, [LETTER[2], LETTER[0], LETTER[1]])) == ["바이오 moved 3>1"]


def test_a_section_that_moved_and_was_changed_is_told_as_both() -> None:
    moved = part("바이오", "홍릉에 연구 공간을 많이 내어 줍니다.", TEXTS["바이오"][1])
    found = parts_changed(LETTER, [moved, *LETTER[:2]])
    assert told(found) == ["바이오 moved 3>1", "  changed 홍릉에 연구 공간을 많이 내어 줍니다."]


def test_a_section_less_stands_where_it_stood() -> None:
    changed = part("바이오", TEXTS["바이오"][0])
    found = told(parts_changed(LETTER, [LETTER[0], changed]))
    assert found == ["소프트웨어 removed 2>None", "바이오 changed 3>2", "  removed 공간만으로는 모자랍니다."]


def test_a_new_heading_does_not_make_a_new_section() -> None:
    found = told(parts_changed(LETTER, [part("새 미디어", *TEXTS["미디어"]), *LETTER[1:]]))
    assert found == ["새 미디어 changed 1>1", "  changed 새 미디어"]


def test_a_section_written_anew_under_its_heading_is_the_same_one() -> None:
    found = told(parts_changed(LETTER, [part("미디어", "전혀 다른 말만 적었다."), *LETTER[1:]]))
    assert found[0] == "미디어 changed 1>1"


def test_a_sentence_that_went_to_another_section_is_told_once_there() -> None:
    after = [
        part("미디어", TEXTS["미디어"][0]),
        part("소프트웨어", *TEXTS["소프트웨어"], TEXTS["미디어"][1]),
        LETTER[2],
    ]
    [change] = parts_changed(LETTER, after)
    assert told((change,)) == ["소프트웨어 changed 2>2", f"  moved {TEXTS['미디어'][1]}"]
    assert change.items[0].elsewhere == "미디어"


@pytest.mark.parametrize(
    ("order", "moved"), [([0, 1, 2], set()), ([2, 0, 1], {2}), ([1, 2, 3, 0], {0}), ([], set()), ([3, 1, 2, 0], {0, 3})]
)
def test_as_few_as_possible_have_moved(order: list[int], moved: set[int]) -> None:
    assert moved_ones(order) == moved


def test_a_letter_of_any_template_is_parted_at_its_headings() -> None:
    body = "<h1>제목</h1><p>글.</p><h2>하나</h2><p>말. 또 말.</p><h2>둘</h2><img src=x alt=그림>"
    html = f"<!DOCTYPE html><html><body>{body}"
    parts = letter_parts(replace(edition(), html=html, holes=()))
    assert [(one.kind, one.heading, len(one.items)) for one in parts] == [
        ("inbox", "", 1),
        ("opening", "제목", 2),
        ("section", "하나", 3),
        ("section", "둘", 3),
    ]


def test_a_part_without_a_heading_is_called_by_its_first_words() -> None:
    ornament, quoted = WordItem("sentence", "“"), WordItem("sentence", "> 도시는 책상 위가 아니라 골목에서 자랍니다.")
    assert SaidPart("section", (ornament, quoted)).heading == "도시는 책상 위가 아니라 골목에서 자랍니다."


def test_fields_are_named_and_not_filled() -> None:
    said = [item.text for one in letter_parts(edition()) for item in one.items]
    assert "{{ name | 구독자 }}님, 안녕하십니까." in said
    assert "{{ link.unsubscribe }}" in said


def test_the_plain_text_alone_may_differ() -> None:
    other = edition(text=edition().text + "끝\n")
    found = letter_difference(edition(), other)
    assert (found.parts, found.look, found.plain_text) == ((), False, True)
    assert not letter_difference(edition(), edition())


def test_where_a_picture_goes_is_part_of_no_difference() -> None:
    one = edition()
    [picture] = one.pictures
    hosted = replace(picture, url="https://news.example.org/archive/pictures/hero.png")
    published = replace(one, html=one.html.replace("cid:abc123@letter", hosted.url), pictures=(hosted,))
    assert not letter_difference(one, published)
