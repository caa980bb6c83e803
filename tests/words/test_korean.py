"""A particle fits the sound of what stands before it, also behind Latin words, digits and back-ticks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.korean import with_particle

PAIRS = (("을", "를"), ("이", "가"), ("은", "는"), ("으로", "로"), ("이라는", "라는"))


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("서울", "서울을"),
        ("이슈", "이슈를"),
        ("`서울`", "`서울`을"),
        ("‘이슈’", "‘이슈’를"),
        ("title", "title을"),
        ("`name`", "`name`을"),
        ("`sections[2].image`", "`sections[2].image`를"),
        ("mailing", "mailing을"),
        ("map", "map을"),
        ("Outlook", "Outlook을"),
        ("subject", "subject를"),
        ("issue", "issue를"),
        ("URL", "URL을"),
        ("HTML", "HTML을"),
        ("CSV", "CSV를"),
        ("DKIM", "DKIM을"),
        ("assets/cover.png", "assets/cover.png를"),
        ("subscribers.csv", "subscribers.csv를"),
        ("newsletter.toml", "newsletter.toml을"),
        ("seoul.kr", "seoul.kr을"),
        ("2026-11", "2026-11을"),
        ("2026-12", "2026-12를"),
        ("30", "30을"),
        ("102 KB", "102 KB를"),
        ("(주)서울", "(주)서울을"),
        ("서울(Seoul)", "서울(Seoul)을"),
        ("→", "→을(를)"),
        ("", "을(를)"),
        ("日本", "日本을(를)"),
    ],
)
def test_object(word: str, said: str) -> None:
    assert with_particle(word, "을", "를") == said


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("서울", "서울로"),
        ("부산", "부산으로"),
        ("파주", "파주로"),
        ("7", "7로"),
        ("3", "3으로"),
        ("URL", "URL로"),
        ("SPF", "SPF로"),
        ("LMTP", "LMTP로"),
        ("`mail`", "`mail`로"),
        ("`name`", "`name`으로"),
        ("→", "→(으)로"),
    ],
)
def test_direction(word: str, said: str) -> None:
    """After ㄹ it is 로."""
    assert with_particle(word, "으로", "로") == said


@given(st.text(max_size=40), st.sampled_from(PAIRS))
def test_nothing_of_the_word_is_changed(word: str, pair: tuple[str, str]) -> None:
    assert with_particle(word, *pair).startswith(word)


@given(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3))
def test_a_syllable_is_closed_exactly_if_it_decomposes_to_three(syllable: str) -> None:
    import unicodedata

    closed = len(unicodedata.normalize("NFD", syllable)) == 3
    assert with_particle(syllable, "을", "를") == syllable + ("을" if closed else "를")
