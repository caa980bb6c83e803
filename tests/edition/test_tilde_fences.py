"""A line that begins with tildes keeps its words; tildes that fence code in still do."""

import pytest

from newsletter.edition.markdown.prose import Prose
from newsletter.edition.markdown.written_code import without_code
from newsletter.edition.markers import Markers


def blocks(text: str) -> str:
    return Prose(Markers([]), "issues/x.yaml").blocks(text, "intro", level=2)


@pytest.mark.parametrize(
    "text",
    [
        "~~~안녕하세요~~~ 반갑습니다",
        "~~~ 봄맞이 행사 ~~~",
        "~~~안녕",
        "~~~봄\n글\n~~~",
        "~~~",
        "~~~~~ 안내",
        "~~~~\n글\n~~~",
        "글\n~~~여름",
    ],
)
def test_no_word_behind_tildes_is_lost(text: str) -> None:
    assert blocks(text) == f"<p>{text}</p>"
    assert without_code(text) == text


@pytest.mark.parametrize("opening", ["~~~", "~~~~", "~~~ python", "~~~c++"])
def test_tildes_that_are_closed_fence_code_in(opening: str) -> None:
    assert blocks(f"글\n{opening}\nx = **1**\n~~~~~\n끝") == "<p>글</p>\n<pre><code>x = **1**\n</code></pre>\n<p>끝</p>"


@pytest.mark.parametrize("text", ["~~~a\n" * 4_000, "~~~\n" * 5_000, "\n".join("~" * n for n in range(3, 190))])
def test_a_text_full_of_tildes_is_read_soon(text: str) -> None:
    assert blocks(text)
