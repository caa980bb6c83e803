"""A link that leads nowhere is found in the issue as it was typed: what is wrong, where, and what to write."""

from pathlib import Path

import pytest

from newsletter.check.finding import Finding, Severity
from newsletter.check.link_faults import fault_of
from tests.support.checks import findings_of, ko, of_rule

RULES = ("link-placeholder", "anchor-in-mail", "link-syntax")


def issue(intro: str) -> str:
    return "title: 신성장동력\npreheader: 한 줄\nintro: |\n" + "".join(f"  {line}\n" for line in intro.split("\n"))


def faults(root: Path, intro: str) -> list[Finding]:
    return of_rule(findings_of(root, issue(intro)), *RULES)


@pytest.mark.parametrize(
    ("link", "rule", "hint"),
    [
        ("[보고서](www.si.re.kr)", "link-placeholder", "[보고서](https://www.si.re.kr)"),
        ("[보고서](si.re.kr/a?b=1)", "link-placeholder", "[보고서](https://si.re.kr/a?b=1)"),
        ("[보고서](//www.si.re.kr)", "link-placeholder", "[보고서](https://www.si.re.kr)"),
        ("[보고서](www.si.re.kr:8080/a)", "link-placeholder", "[보고서](https://www.si.re.kr:8080/a)"),
        ("[편지](letter@si.re.kr)", "link-placeholder", "[편지](mailto:letter@si.re.kr)"),
        ("[보고서](report.pdf)", "link-placeholder", "[보고서](https://"),
        ("[보고서](../2021/report)", "link-placeholder", "[보고서](https://"),
        ("[보고서](https//www.si.re.kr)", "link-placeholder", "[보고서](https://"),
        ("[보고서](https://)", "link-placeholder", "[보고서](https://"),
        ("[보고서](htps://www.si.re.kr)", "link-placeholder", "[보고서](https://"),
        ("[문자](sms:02-2149-1234)", "link-placeholder", "글로 적으세요: 문자 02-2149-1234"),
        ("[02-2149-1234](sms:0221491234)", "link-placeholder", "글로 적으세요: 02-2149-1234"),
        ("[전화](02-2149-1234)", "link-placeholder", "[전화](tel:02-2149-1234)"),
        ("[전화](tel:이일사구)", "link-placeholder", "[전화](https://"),
        ("[전화](tel:02 2149 1234)", "link-syntax", "[전화](<tel:02 2149 1234>)"),
        ("[보고서](htps://si.re.kr/a)", "link-placeholder", "[보고서](https://si.re.kr/a)"),
        ("[x](javascript:alert(1))", "link-placeholder", "[x](https://"),
        ("[x](data:text/html,x)", "link-placeholder", "[x](https://"),
        ("[x]()", "link-placeholder", "[x](https://"),
        ("[x](#)", "link-placeholder", "[x](https://"),
        ("[x](/)", "link-placeholder", "[x](https://"),
        ("[앵커](#둘째)", "anchor-in-mail", "[앵커](https://"),
        ("[a](https://www.si.re.kr/보고서 하나.pdf)", "link-syntax", "[a](<https://www.si.re.kr/보고서 하나.pdf>)"),
        ("[a](https://www.si.re.kr/(1)", "link-syntax", "[a](<https://www.si.re.kr/(1>)"),
        ("[a](www.si.re.kr/보고서 하나.pdf)", "link-syntax", "[a](<www.si.re.kr/보고서 하나.pdf>)"),
    ],
)
def test_a_dead_link_is_an_error_that_shows_its_address_and_what_to_write(
    tmp_path: Path, link: str, rule: str, hint: str
) -> None:
    line = f"  둘째 줄의 {link} 입니다."
    [found] = faults(tmp_path, f"첫 줄\n{line.strip()}")
    address = link.partition("](")[2].removesuffix(")")
    assert (found.rule, found.severity) == (rule, Severity.ERROR)
    assert address in ko(found.message)
    assert hint in ko(found.hint)
    assert (found.line, found.column) == (5, line.index(address or "](") + 1)


@pytest.mark.parametrize(
    "text",
    [
        "[보고서](https://www.si.re.kr/a_(b))",
        "[보고서](<https://www.si.re.kr/보고서 하나.pdf>)",
        "[보고서](http://한글.kr/) [편지](mailto:a@si.re.kr)",
        "[보고서]({{ subscriber.fields.page }})",
        "[보고서](https://www.si.re.kr/{{ subscriber.fields.page }})",
        "[보고서](mailto:{{ subscriber.email }})",
        "`[a](www.si.re.kr)` \\[a](https://www.si.re.kr/x y) [공고](2021년 7월)",
        "    [a](www.si.re.kr)",
    ],
)
def test_a_link_that_works_and_text_that_is_none_are_no_finding(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, f"가\n\n{text}") == []


@pytest.mark.parametrize(
    ("link", "korean", "english"),
    [
        (
            "[](https://example.org)",
            "글자가 없는 링크가 예시 주소로 갑니다: ",
            "A link without words goes to an example",
        ),
        ("[보고서](https://example.org)", "‘보고서’ 링크가 예시 주소로", "The link “보고서” goes to"),
        (
            "[](www.si.re.kr)",
            "글자가 없는 링크의 주소 ‘www.si.re.kr’: ",
            "A link without words to “www.si.re.kr” needs",
        ),
        ("[보고서]()", "‘보고서’ 링크: 링크에 주소가 없습니다.", "The link “보고서” leads nowhere."),
        (f"[{'가' * 50}](#)", f"‘{'가' * 39}…’ 링크의 주소 ‘#’: ", f"The link “{'가' * 39}…” to “#” leads nowhere."),
    ],
)
def test_a_link_is_named_by_its_words_where_it_has_any(tmp_path: Path, link: str, korean: str, english: str) -> None:
    [found] = faults(tmp_path, f"첫 줄 {link}")
    assert ko(found.message).startswith(korean)
    assert str(found.message).startswith(english)


def test_every_dead_link_of_a_text_is_told_at_its_own_line(tmp_path: Path) -> None:
    found = faults(
        tmp_path, "[가](#) 그리고 [나](www.si.re.kr)\n\n- [다](www.si.re.kr)\n- [라](#)\n\n[마][r]\n\n[r]: a/b"
    )
    assert [(finding.line, finding.column) for finding in found] == [(4, 7), (4, 18), (6, 9), (7, 9), (11, 8)]


def test_links_of_sections_captions_and_translations_are_looked_at(tmp_path: Path) -> None:
    text = issue("글") + (
        "sections:\n"
        "  - type: story\n"
        '    body: "[가](www.si.re.kr)"\n'
        "    research:\n"
        '      - { title: 연구, url: "https://www.si.re.kr", summary: "[나](www.si.re.kr)" }\n'
        "  - { type: quote, text: '[다](www.si.re.kr)' }\n"
        "translations:\n"
        "  en:\n"
        "    intro: |\n"
        "      [d](www.si.re.kr)\n"
    )
    found = of_rule(findings_of(tmp_path, text), *RULES)
    assert [finding.line for finding in found] == [7, 9, 10, 14]


def test_a_finding_of_the_issue_shows_its_line_with_a_caret(tmp_path: Path) -> None:
    [found] = faults(tmp_path, "가나다 [보고서](www.si.re.kr)")
    assert found.excerpt == "      가나다 [보고서](www.si.re.kr)\n" + " " * 22 + "^"
    assert found.in_language("ko").split("\n") == [
        f"issues/2026-11.yaml:4:13: {ko(found.message)} [link-placeholder]",
        *found.excerpt.split("\n"),
        ko(found.hint),
    ]


def test_the_words_of_a_link_are_shown_with_their_merge_field_and_not_with_what_keeps_its_place(tmp_path: Path) -> None:
    [found] = faults(tmp_path, '[{{ subscriber.name | default("구독자") }} 님](https://www.example.com/x)')
    assert ko(found.message) == "‘{{ subscriber.name }} 님’ 링크가 예시 주소로 갑니다: https://www.example.com/x"


def test_what_is_said_of_a_good_address_has_its_line_too(tmp_path: Path) -> None:
    found = findings_of(tmp_path, issue("가\n[자료실](http://한글.kr/) [자료](https://www.example.com/보고)"))
    places = {(finding.rule, finding.line, finding.column) for finding in found}
    assert {("link-http", 5, 9), ("link-placeholder", 5, 29)} <= places


@pytest.mark.parametrize(
    "address", ["https://a.b", "HTTP://a.b/c", "mailto:a@b.c", "https://a.b:80/#c", "http://[::1]/"]
)
def test_a_whole_address_has_no_fault(address: str) -> None:
    assert fault_of(address) is None


def test_each_of_several_links_to_one_address_is_told_where_it_stands(tmp_path: Path) -> None:
    text = issue("[여기](http://a.kr)\n\n[더보기](http://a.kr)와 [여기](http://a.kr)")
    text += "sections:\n  - type: notice\n    body: |\n      [클릭](http://a.kr) [여기](http://a.kr)\n"
    text += '  - { type: story, body: 가, button: { label: 링크, url: "http://a.kr" } }\n'
    found = findings_of(tmp_path, text)
    places = [(finding.line, finding.column) for finding in of_rule(found, "link-http")]
    assert places == [(4, 8), (6, 9), (6, 28), (10, 12), (10, 30), (11, 56)]
    words = [(finding.line, ko(finding.message)[1:4].rstrip("’")) for finding in of_rule(found, "link-text")]
    assert words == [(4, "여기"), (6, "더보기"), (6, "여기"), (10, "클릭"), (10, "여기"), (11, "링크")]


def test_a_comment_ignores_the_link_it_stands_at_and_no_other_to_the_same_address(tmp_path: Path) -> None:
    comment = "# check: ignore link-text, link-http -- 첫째만\n"
    text = issue("[여기](http://a.kr)").replace("intro", comment + "intro") + "closing: '[여기](http://a.kr)'\n"
    found = of_rule(findings_of(tmp_path, text), "link-text", "link-http", "unused-ignore")
    assert [(finding.rule, finding.line) for finding in found] == [("link-http", 6), ("link-text", 6)]


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("https://www.si.re.kr/w/서울특별시 보기", "서울특별시"),
        ("검색: https://www.si.re.kr/?q=보행로", "보행로"),
        ("https://www.si.re.kr/2026-서울", "서울"),
        ("https://www.si.re.kr/에서 보고, https://www.si.re.kr/입니다", ""),
        ("https://www.si.re.kr에서, https://www.si.re.kr/a를, a@si.re.kr로", ""),
        ("<https://www.si.re.kr/w/서울특별시>", ""),
    ],
)
def test_an_address_that_is_cut_off_before_hangul_warns(tmp_path: Path, text: str, behind: str) -> None:
    found = faults(tmp_path, f"첫 줄\n{text}")
    assert [(one.severity, one.line) for one in found] == [(Severity.WARNING, 5)] * bool(behind)
    for one in found:
        assert f"‘{behind}’" in ko(one.message)
        assert f"{behind}>" in ko(one.hint)
        assert one.column == text.index("https") + 3


def test_what_is_found_about_an_address_in_a_text_is_placed_there(tmp_path: Path) -> None:
    line = "[https://example.org](https://www.si.re.kr) https://example.org에서, 또 https://example.org"
    first, second = faults(tmp_path, line)
    columns = [line.index(" https") + 4, line.rindex("https") + 3]
    assert [(found.line, found.column) for found in (first, second)] == [(4, columns[0]), (4, columns[1])]
