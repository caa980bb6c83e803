"""Findings as annotations of GitHub Actions, one line each, with what GitHub reads as its own escaped."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from newsletter.catalogue import Verbatim
from newsletter.check.finding import Finding, LetterPlace, Severity
from newsletter.check.formats import FormatOptions
from newsletter.check.formats.github import write
from newsletter.report.findings import CheckReport

FOUND = Finding(
    "img-alt",
    Severity.ERROR,
    Verbatim("100% 없음"),
    "issues/a,b:c.yaml",
    12,
    3,
    Verbatim("줄을\n바꿔"),
    why=Verbatim("까닭"),
)


def annotations(*findings: Finding, prefix: str = "") -> list[str]:
    return write([CheckReport("2026-11", findings)], FormatOptions("ko", prefix)).split("\n")


def test_an_annotation_names_the_line_and_says_what_to_do() -> None:
    assert annotations(FOUND) == [
        "::error file=issues/a%2Cb%3Ac.yaml,line=12,col=3,title=img-alt::100%25 없음%0A줄을%0A바꿔%0A까닭"
    ]
    [warning] = annotations(Finding("link-text", Severity.WARNING, Verbatim("m"), "issues/x.yaml"), prefix="letters/")
    assert warning == "::warning file=letters/issues/x.yaml,title=link-text::m"


def test_what_is_only_in_the_letter_says_where() -> None:
    letters = (LetterPlace("ko", 40, 7, 12, "<td>"),)
    [line] = annotations(replace(FOUND, file="issues/x.yaml", line=None, column=None, letters=letters))
    assert line.startswith("::error file=issues/x.yaml,title=img-alt::")
    assert "%0Ax.html [ko] 40:7: <td>%0A" in line


def test_what_is_ignored_is_not_annotated() -> None:
    report = CheckReport("2026-11", (), ignored=(replace(FOUND, ignored="why"),))
    assert write([report], FormatOptions("ko")) == ""


def unescaped(text: str) -> str:
    """As GitHub reads it (actions/runner, ActionCommand)."""
    for written, meant in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(written, meant)
    return text


@given(st.text(min_size=1), st.text(min_size=1))
def test_no_words_end_the_line_or_the_properties(message: str, file: str) -> None:
    [line] = annotations(Finding("img-alt", Severity.ERROR, Verbatim(message), file))
    assert "\n" not in line
    assert "\r" not in line
    head, _, words = line.removeprefix("::error ").partition("::")
    properties = dict(part.partition("=")[::2] for part in head.split(","))
    assert unescaped(words) == message
    assert unescaped(properties["file"]) == file
    assert properties["title"] == "img-alt"
