"""Encoded-words are those of Python's own Header, made faster."""

from email.header import Header

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.message.encoded_word import encoded_words
from newsletter.message.escape import clean

TEXTS = st.text(st.sampled_from("가힣 漢é😀ab1-!*=?_~.,\"'(") | st.characters(codec="utf-8"), max_size=200).map(clean)


@pytest.mark.parametrize("name", ["To", "Subject", "X-Field-With-A-Name-That-Leaves-No-Room-For-One-Character-Of-Text"])
@given(text=TEXTS)
@example(text="홍길동")
@example(text="[서울이슈큐레이터] 신성장동력, 서울의 다음 먹거리를 찾아서: 상암 DMC와 마곡, 홍릉까지")
@example(text="가" * 13)
@example(text="José")
@example(text="")
def test_they_are_the_same_octets(name: str, text: str) -> None:
    assert encoded_words(name, text) == Header(text, "utf-8", maxlinelen=75, header_name=name).encode(linesep="\r\n")
