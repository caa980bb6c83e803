"""Where a sentence ends, in Korean and English, and which words of two differ."""

import pytest

from newsletter.difference.sentences import marked_words, sentences_of


@pytest.mark.parametrize(
    "sentences",
    [
        ["안녕하세요.", "서울이슈큐레이터입니다."],
        ["무엇으로 살까요?", "그 답은 **산업**입니다.", "정말요!"],
        ["그는 “갑니다.” 라고 말했습니다.", "그리고 갔습니다."],
        ["“갑니다.”", "그가 떠났습니다."],
        ["(괄호 안입니다.)", "다음입니다."],
        ["2021. 7. 26. 발행했습니다.", "다음 호는 없습니다."],
        ["1. 하나입니다.", "둘입니다."],
        ["3.5% 늘었습니다.", "줄었을까요…", "아닙니다."],
        ["Dr. Kim came, e.g. by train.", "“Why?” she asked.", "See No. 5."],
        ["마침표 없는 줄"],
        [],
    ],
)
def test_a_paragraph_is_its_sentences(sentences: list[str]) -> None:
    assert sentences_of(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("기업 70여 개가", "기업 80여 개가", "기업 [-70][+80]여 개가"),
        ("들어와, 두 해", "들어와 두 해", "들어와[-,] 두 해"),
        ("old words here", "brand new here", "[-old words][+brand new] here"),
        ("", "새 글", "[+새 글]"),
        ("같다", "같다", "같다"),
    ],
)
def test_what_changed_in_a_sentence_is_marked_by_the_word(before: str, after: str, marked: str) -> None:
    runs = marked_words(before, after)
    assert "".join(one.text if one.mark == "=" else f"[{one.mark}{one.text}]" for one in runs) == marked


@pytest.mark.parametrize(("before", "after"), [("가 나. 다", "나 라. 가"), ("a, b", ""), ("x y z", "z y x")])
def test_the_marked_words_are_both_texts(before: str, after: str) -> None:
    runs = marked_words(before, after)
    assert "".join(one.text for one in runs if one.mark != "+") == before
    assert "".join(one.text for one in runs if one.mark != "-") == after
