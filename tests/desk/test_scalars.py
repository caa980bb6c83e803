"""A text as YAML says what the text says, and has quotes only where it would say something else without."""

from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.desk.text.scalars import can_be_plain, in_quotes, under_bar
from newsletter.issue.read import read_issue_text
from newsletter.issue.tree import Data
from tests.support.issue_edits import TEXTS


def read(text: str) -> Data | None:
    """What stands there; None where it cannot be read, or is not read without a word of warning."""
    root, problems = read_issue_text("", text.split("\n"))
    return None if problems or root is None else root.data()


@given(text=TEXTS)
def test_what_can_be_plain_reads_back_plain(text: str) -> None:
    if can_be_plain(text):
        assert read(f"title: {text}   # why\n") == {"title": text}
    if can_be_plain(text, in_brackets=True):
        assert read(f"tags: [{text}, x, {{ a: {text} }}]\n") == {"tags": [text, "x", {"a": text}]}


@given(text=st.text(alphabet="a가 :#-,'\"[]{}", min_size=1, max_size=8))
@example(text="http://www.example.org/?a=b#c")
@example(text="-a")
@example(text="a: b")
def test_what_reads_back_plain_needs_no_quotes(text: str) -> None:
    reads = read(f"title: {text}\n") == {"title": text}
    assert can_be_plain(text) == reads


@given(text=TEXTS, quote=st.sampled_from("'\""), strictly=st.booleans())
def test_in_quotes_it_reads_back(text: str, quote: str, strictly: bool) -> None:
    assert read(f"tags: [{in_quotes(text, quote, strictly=strictly)}]  # why\n") == {"tags": [text]}


@given(text=TEXTS, deeper=st.integers(1, 12))
def test_under_a_bar_it_reads_back(text: str, deeper: int) -> None:
    found = under_bar(text, 2 + deeper, deeper)
    if found:
        header, lines = found
        below = "\n".join(lines)
        assert read(f"hero:\n  caption: {header}  # why\n{below}\nintro: x\n") == {
            "hero": {"caption": text},
            "intro": "x",
        }
