"""Findings as annotations of GitHub Actions, one line each, with what GitHub reads as its own escaped."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.finding import Finding, LetterPlace, Severity
from newsletter.check.formats.github import annotations

FOUND = Finding("img-alt", Severity.ERROR, "100% 없음", "issues/a,b:c.yaml", 12, 3, "줄을\n바꿔", why="까닭")


def test_an_annotation_names_the_line_and_says_what_to_do() -> None:
    assert list(annotations([FOUND])) == [
        "::error file=issues/a%2Cb%3Ac.yaml,line=12,col=3,title=img-alt::100%25 없음%0A줄을%0A바꿔%0A까닭"
    ]
    [warning] = annotations([Finding("link-text", Severity.WARNING, "m", "issues/x.yaml")], prefix="letters/")
    assert warning == "::warning file=letters/issues/x.yaml,title=link-text::m"


def test_what_is_only_in_the_letter_says_where() -> None:
    letters = (LetterPlace("ko", 40, 7, 12, "<td>"),)
    [line] = annotations([replace(FOUND, file="issues/x.yaml", line=None, column=None, letters=letters)])
    assert line.startswith("::error file=issues/x.yaml,title=img-alt::")
    assert "%0Ax.html [ko] 40:7: <td>%0A" in line


def test_what_is_ignored_is_not_annotated() -> None:
    assert list(annotations([replace(FOUND, ignored="why")])) == []


def unescaped(text: str) -> str:
    """As GitHub reads it (actions/runner, ActionCommand)."""
    for written, meant in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(written, meant)
    return text


@given(st.text(min_size=1), st.text(min_size=1))
def test_no_words_end_the_line_or_the_properties(message: str, file: str) -> None:
    [line] = annotations([Finding("img-alt", Severity.ERROR, message, file)])
    assert "\n" not in line
    assert "\r" not in line
    head, _, words = line.removeprefix("::error ").partition("::")
    properties = dict(part.partition("=")[::2] for part in head.split(","))
    assert unescaped(words) == message
    assert unescaped(properties["file"]) == file
    assert properties["title"] == "img-alt"
