"""What a finding looks like to a person and to a program, and that no page is too broken to be read."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from newsletter.catalogue import Verbatim
from newsletter.check.finding import Finding, LetterPlace, Severity
from newsletter.check.page import read_page

FOUND = Finding(
    "img-alt", Severity.ERROR, Verbatim("그림에 alt 가 없습니다."), "issues/2026-11.yaml", 12, 3, Verbatim("적으세요.")
)


def test_a_program_gets_every_key_always() -> None:
    assert FOUND.to_json() == {
        "rule": "img-alt",
        "severity": "error",
        "message": "그림에 alt 가 없습니다.",
        "file": "issues/2026-11.yaml",
        "line": 12,
        "column": 3,
        "hint": "적으세요.",
        "why": "",
        "source": "",
        "html": None,
    }
    assert set(Finding("x", Severity.WARNING, Verbatim("m")).to_json()) == set(FOUND.to_json())
    placed = replace(FOUND, letters=(LetterPlace("ko", 40, 7, 12, "<img>"), LetterPlace("en", 41, 7, 12, "<img>")))
    assert placed.to_json()["html"] == {"variant": "ko", "line": 40, "column": 7}


def test_a_person_gets_the_place_first_and_the_rule_at_the_end() -> None:
    assert str(FOUND) == "issues/2026-11.yaml:12:3: 그림에 alt 가 없습니다. [img-alt]\n적으세요."
    assert str(Finding("x", Severity.WARNING, Verbatim("m"))) == "warning: m [x]"
    assert (
        Finding("x", Severity.WARNING, Verbatim("m"), "a.yaml").without_severity().in_language("ko") == "a.yaml: m [x]"
    )


def test_a_page_is_read_as_tags_words_and_what_is_open() -> None:
    page = read_page('<p>가 <a href="/x">나<img alt="다"></a><br/>라<style>b{}</style><script>no</script><b>')
    assert [tag.name for tag in page.tags] == ["p", "a", "img", "br", "style", "script", "b"]
    assert page.named("a")[0].words == "나다"
    assert page.words == "가 나 라"
    assert page.styles == ["b{}"]
    assert page.unclosed == ["p", "b"]


def test_a_tag_knows_its_place_its_number_and_the_words_inside() -> None:
    page = read_page("<p>가<b>나</b>는</p>\n <td\n title=x title=y><p>라</p><p>마</p></td>")
    bold, cell = page.named("b")[0], page.named("td")[0]
    assert (bold.line, bold.column, bold.index, bold.words, bold.written) == (1, 5, 1, "나", "<b>")
    assert (cell.line, cell.column, cell.index, cell.words) == (2, 2, 2, "라 마")
    assert page.tags[0].words == "가나는"
    assert cell.get("title") == "x"


def test_what_outlook_alone_reads_is_not_looked_at() -> None:
    page = read_page("<p>a</p><!--[if mso]><table><tr><td>b<![endif]--><!--[if !mso]><!--><i>c</i><!--<![endif]-->")
    assert page.unclosed == []
    assert page.words == "a c"


@given(st.text(alphabet="<>/![]-\"'= abif&;#x\n가", max_size=80))
def test_no_page_is_too_broken(html: str) -> None:
    read_page(html)
