"""What runs against its line stands in a span of its own, and nothing else of the page is touched."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.edition.directions import marked_lines
from newsletter.edition.foreign_runs import with_runs_apart

FIELD = re.compile(r"mergea[uw]?\d+q")
SPAN = re.compile(r'<span dir="\w+">|</span>')


def apart(html: str, direction: str = "rtl") -> str:
    """With `[…]` for what is read from the left, `{…}` from the right, `(…)` by its value."""
    marked = with_runs_apart(html, direction, FIELD)
    for dir_value, sign in (("ltr", "⟦"), ("rtl", "⟪"), ("auto", "⦅")):
        marked = marked.replace(f'<span dir="{dir_value}">', sign)
    return marked.replace("</span>", "⟧")


@pytest.mark.parametrize(
    ("written", "marked"),
    [
        ("نشر Seoul Institute تقريراً.", "نشر ⟦Seoul Institute⟧ تقريراً."),
        ("أدوات مثل C++ وغيرها", "أدوات مثل ⟦C++⟧ وغيرها"),
        ("عن (Smart Cities).", "عن ⟦(Smart Cities)⟧."),
        ("عن Smart Cities (2nd ed.).", "عن ⟦Smart Cities (2nd ed.)⟧."),
        ("كتب: Jane Doe, 홍길동، والباقي", "كتب: ⟦Jane Doe, 홍길동⟧، والباقي"),
        ("هاتف iPhone 15 جديد", "هاتف ⟦iPhone 15⟧ جديد"),
        ("الـPDF هنا", "الـPDF هنا"),
        ("من Seoul الـPDF Busan إلى Jeju", "من Seoul الـPDF Busan إلى ⟦Jeju⟧"),
        ("השיחה עם IBM בתל־אביב", "השיחה עם ⟦IBM⟧ בתל־אביב"),
        ("هاتف 02-2149-1234", "هاتف ⟦02-2149-1234⟧"),
        ("هاتف +82 2 2149 1234.", "هاتف ⟦+82 2 2149 1234⟧."),
        ("من 10-20 سنة", "من 10-20 سنة"),
        ("قبل 2026-12-31", "قبل ⟦2026-12-31⟧"),
        ("شارع <em>Elm</em> (p &lt; 0.05).", "شارع ⟦<em>Elm</em> (p &lt; 0.05)⟧."),
        ("عن Elm (n = 1,204; p &lt; 0.05) وغيره", "عن ⟦Elm (n = 1,204; p &lt; 0.05)⟧ وغيره"),
        ("هونغ · <i lang='en'>1 min read</i>", "هونغ · <i lang='en'>⟦1 min read⟧</i>"),
        ("14:00 · Seoul City Hall", "14:00 · ⟦Seoul City Hall⟧"),
        ("A whole sentence (in brackets).", "⟦A whole sentence (in brackets).⟧"),
        ("2026년 11월", "⟦2026년 11월⟧"),
        ("443", "443"),
        ("R&amp;D في", "⟦R&amp;D⟧ في"),
        ("عزيزي mergea0q،", "عزيزي ⦅mergea0q⟧،"),
        ("Dear mergea0q, أهلاً", "⟦Dear mergea0q⟧, أهلاً"),
        ("<b>Seoul</b> Institute في", "⟦<b>Seoul</b> Institute⟧ في"),
        ("في <a href='x'>Seoul Institute</a> و", "في <a href='x'>⟦Seoul Institute⟧</a> و"),
        ("في <i><b>Seoul</b></i> City", "في ⟦<i><b>Seoul</b></i> City⟧"),
        ("<b>في Seoul</b> City", "<b>في Seoul</b> City"),
        ("في<br>Seoul", "في<br>⟦Seoul⟧"),
        ('<i dir="ltr">Seoul في</i>', '<i dir="ltr">Seoul ⟪في⟧</i>'),
        ("<td dir='ltr'><p>Seoul</p><p>سيول</p></td><p>Seoul</p>", None),
        ("<style>a{b:c}</style><title>Seoul</title><!-- Seoul --><pre>Seoul</pre>", None),
    ],
)
def test_a_run_is_told_by_its_letters(written: str, marked: str | None) -> None:
    if marked is None:
        marked = written.replace("<p>سيول", "<p>⟪سيول⟧").replace("</td><p>Seoul", "</td><p>⟦Seoul⟧")
    assert apart(written) == marked


@pytest.mark.parametrize(
    ("written", "marked"),
    [
        ("The book العربية is new", "The book ⟪العربية⟧ is new"),
        ("책 “שלום עולם”을", "책 “שלום עולם”을"),
        ("책 שלום עולם, 둘", "책 ⟪שלום עולם⟧, 둘"),
        ("Dear mergea0q, 안녕", "Dear mergea0q, 안녕"),
    ],
)
def test_a_line_that_is_read_from_the_left_has_runs_too(written: str, marked: str) -> None:
    assert apart(written, "ltr") == marked


PIECES = st.sampled_from(
    ["<b>", "</b>", "<p>", "</p>", "<a href='x'>", "</a>", "<br>", "<!-- x -->", '<td dir="ltr">', "</td>", "&nbsp;"]
)
WORDS = st.sampled_from(
    ["Seoul", "سيول", "서울", " ", " ", " ", ".", "(", ")", "12-34-56", "mergea0q", "&amp;", "<", '"', "«", "»"]
)


@settings(max_examples=150)
@given(st.lists(PIECES | WORDS, max_size=25).map("".join), st.sampled_from(["ltr", "rtl"]))
def test_nothing_but_whole_spans_is_added(html: str, direction: str) -> None:
    marked = with_runs_apart(html, direction, FIELD)
    assert SPAN.sub("", marked) == html
    for cut in re.split(r'<span dir="\w+">', marked)[1:]:
        inside = re.findall(r"<(/?)(?:b|a)\b", cut.partition("</span>")[0])
        assert inside.count("") == inside.count("/")
        assert not re.search(r"<(?:/?p|br|/?td|!)", cut.partition("</span>")[0])


def test_a_long_page_takes_no_time_to_speak_of() -> None:
    assert with_runs_apart("<p>" + "1 (" * 20_000, "rtl", FIELD)
    assert with_runs_apart("<b>" * 5_000 + "Seoul سيول " * 5_000, "rtl", FIELD)


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("سيول", False),
        ("Seoul هي عاصمة كوريا", True),
        ("mergea0q، أهلاً بكم", True),
        ("This is سيول", False),
        ("[1] https://example.org", False),
        ("12 سيول", False),
        ("", False),
    ],
)
def test_a_line_of_the_text_part_that_begins_otherwise_has_a_mark(line: str, marked: bool) -> None:
    assert marked_lines(f"{line}\n{line}", FIELD) == "\n".join(["\u200f" * marked + line] * 2)
