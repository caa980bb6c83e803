"""What somebody writes to get the newsletter: judged by field, and never repeated in what is wrong with it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.audience.sign_up import LONGEST_NAME, TICKS, ConsentText, Offer, Wish, WrittenWish, judge_wish

TEXTS = {
    language: {tick: ConsentText(f"{language} {tick}", (f"{tick} one", f"{tick} two")) for tick in TICKS[:2]}
    for language in ("ko", "en")
}
OFFER = Offer(TEXTS, ("ko", "en", "zh-Hant"), {"housing": {"ko": "주거", "en": "Housing"}, "traffic": {"ko": "교통"}})
PLAIN = Offer(TEXTS)
GOOD = WrittenWish("  Hong@Example.com ", "홍길동", "en", frozenset({"housing"}), frozenset(TICKS[:2]))


def test_a_good_wish_is_what_was_written() -> None:
    assert judge_wish(GOOD, OFFER, "ko") == Wish(
        "Hong@Example.com", "hong@example.com", "홍길동", "en", frozenset({"housing"}), "ko"
    )


def test_what_is_not_offered_is_not_chosen_and_the_page_says_the_language() -> None:
    written = WrittenWish("hong@example.com", "", "en", frozenset(), GOOD.ticks)
    assert judge_wish(written, PLAIN, "ko") == Wish("hong@example.com", "hong@example.com", None, "ko", None, "ko")


def test_every_field_that_is_wrong_is_told_at_once() -> None:
    wrong = judge_wish(WrittenWish("hong@", "www.example.com", "fr", frozenset({"tax"})), OFFER, "ko")
    assert isinstance(wrong, dict)
    assert list(wrong) == ["email", "name", "language", "tags", "consent", "over_14"]


@pytest.mark.parametrize("tick", TICKS)
def test_each_tick_that_is_asked_for_is_needed(tick: str) -> None:
    texts = {"ko": {one: ConsentText(one) for one in TICKS}}
    written = WrittenWish("hong@example.com", ticks=frozenset(TICKS) - {tick})
    assert list(judge_wish(written, Offer(texts), "ko")) == [tick]  # type: ignore[arg-type] # a wish would be no list


def test_the_wording_is_all_that_stands_on_the_page_in_its_order() -> None:
    assert PLAIN.wording("en") == ("en consent\nconsent one\nconsent two\n\nen over_14\nover_14 one\nover_14 two")


def test_a_tag_without_a_label_in_the_language_is_called_by_another() -> None:
    assert OFFER.labels("en") == {"housing": "Housing", "traffic": "교통"}


@pytest.mark.parametrize(
    "name",
    [
        *("x" * (LONGEST_NAME + 1), "http://evil.example", "www.evil.example", "a@b.example", "<b>Hong</b>"),
        *("Hong\u202e", "Hong\x00", "{{ subscriber.email }}", "Hong\u200b"),
    ],
)
def test_a_name_is_no_place_for_links_markup_and_what_nobody_sees(name: str) -> None:
    wrong = judge_wish(WrittenWish("hong@example.com", name, ticks=GOOD.ticks), PLAIN, "ko")
    assert isinstance(wrong, dict)
    assert list(wrong) == ["name"]


@pytest.mark.parametrize("name", ["홍길동", "Jane Doe", "O’Neil-Kim", "Đặng Thị Mai", "王小明", "Ms. Kim (2)"])
def test_people_have_all_kinds_of_names(name: str) -> None:
    assert isinstance(judge_wish(WrittenWish("hong@example.com", name, ticks=GOOD.ticks), PLAIN, "ko"), Wish)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_a_wish_never_holds_a_line_break_and_a_fault_never_what_was_written(email: str, name: str) -> None:
    judged = judge_wish(WrittenWish(f"{email}@example.com", name, ticks=GOOD.ticks), PLAIN, "ko")
    if isinstance(judged, Wish):
        said = judged.address + judged.key + (judged.name or "")
        assert not set(said) & set("\r\n\x00")
        assert judged.address.isascii()
    elif len(email) > 4:
        assert email not in "".join(str(one) for one in judged.values())
