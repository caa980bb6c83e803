"""A line of dashes under a paragraph parts it from the next; under one line it makes a heading."""

import pytest

from newsletter.edition.markdown.prose import Prose
from newsletter.edition.markers import Markers


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("제목\n----\n글", "<h2>제목</h2>\n<p>글</p>"),
        ("글\n\n제목\n===\n글", "<p>글</p>\n<h2>제목</h2>\n<p>글</p>"),
        ("둘\n줄\n---\n글", "<p>둘\n줄</p>\n<hr>\n<p>글</p>"),
        ("둘\n줄\n=====\n글", "<p>둘\n줄\n=====\n글</p>"),
        ("> 둘\n> 줄\n> ---\n> 글", "<blockquote>\n<p>둘\n줄</p>\n<hr>\n<p>글</p>\n</blockquote>"),
        ("고맙습니다.\n--\n홍길동", "<p>고맙습니다.\n--\n홍길동</p>"),
        ("> 글\n> -\n> =", "<blockquote>\n<p>글\n-\n=</p>\n</blockquote>"),
        ("> 제목\n> ---", "<blockquote>\n<h2>제목</h2>\n</blockquote>"),
        ("- 하나\n  둘\n  ---", "<ul>\n<li>하나\n둘\n<hr>\n</li>\n</ul>"),
        ("7. 26. 접수\n8. 2. 마감\n---\n글", "<p>7. 26. 접수<br>\n8. 2. 마감</p>\n<hr>\n<p>글</p>"),
    ],
)
def test_only_one_line_is_made_a_heading(text: str, html: str) -> None:
    for typed in (text, text.replace("\n", "\r\n")):
        assert Prose(Markers([]), "issues/x.yaml").blocks(typed, "intro", level=2) == html


@pytest.mark.parametrize("text", ["a\nb\n===\n" * 5_000, "a\nb\n---\n" * 5_000])
def test_a_text_full_of_such_lines_is_read_soon(text: str) -> None:
    assert Prose(Markers([]), "issues/x.yaml").blocks(text, "intro", level=2)
