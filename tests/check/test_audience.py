"""Every subscriber's message is tried, and each row that a send would trip over is named with its field."""

import re
from pathlib import Path

import pytest

from newsletter.audience.links import TOKEN_LENGTH
from newsletter.check.finding import Finding, Severity
from tests.support.checks import findings_of, ko, of_rule

HEAD = "title: 신성장동력\npreheader: 한 줄\n"
GREETS = HEAD + "subject: 서울의 {{ subscriber.fields.관심 | default('연구') }}\nintro: |\n"
GREETS += "  {{ subscriber.name | default('구독자') }}님, "
GREETS += "[보기]({{ subscriber.fields.쪽 | default('https://www.si.re.kr') }})\n"

HOSTILE: list[tuple[str, str, str]] = [
    ('"홍\n길동",,', "merge-value", "name"),
    ("홍\u202e길동,,", "merge-value", "name"),
    ("홍\x07길동,,", "merge-value", "name"),
    ("가" * 101 + ",,", "merge-value", "name"),
    ("#N/A,,", "merge-value", "name"),
    ("홍길동,NULL,", "merge-value", "관심"),
    ('홍길동,"a\r\nBcc: x@example.com",', "merge-value", "관심"),
    ("홍길동,,javascript:alert(1)", "link-placeholder", "쪽"),
    ("홍길동,,www.si.re.kr", "link-placeholder", "쪽"),
    ("홍길동,,https://", "link-placeholder", "쪽"),
]
HARMLESS = [
    "홍길동,,",
    "Nan,,",
    "Null,인공지능 & 로봇,https://www.si.re.kr/a?b=c&d=e",
    "<b>홍길동</b>,{{ subscriber.email }},mailto:hong@example.com",
    "O'Neil,=?utf-8?b?x?=,http://www.si.re.kr/",
    "ﷺ\u200e👩‍👩‍👧,관심,",
]


def rows(*cells: str) -> str:
    return "email,name,관심,쪽\n" + "".join(f"a{number}@example.com,{row}\n" for number, row in enumerate(cells))


@pytest.mark.parametrize(("cells", "rule", "column"), HOSTILE)
def test_a_hostile_row_is_named_with_its_line_and_the_field(tmp_path: Path, cells: str, rule: str, column: str) -> None:
    found = findings_of(tmp_path, GREETS, rows("홍길동,,", cells, "홍길동,,"))
    [one] = [finding for finding in found if finding.file == "subscribers.csv"]
    assert (one.rule, one.line) == (rule, 3)
    assert f"‘{column}’" in ko(one.message)


def test_a_row_that_reads_oddly_but_is_escaped_is_not_complained_of(tmp_path: Path) -> None:
    assert [str(one) for one in findings_of(tmp_path, GREETS, rows(*HARMLESS)) if "csv" in one.file] == []


def test_no_finding_repeats_an_address_or_a_name(tmp_path: Path) -> None:
    secret = [f"김비밀{number}" for number in range(30)]
    csv = "email,name,관심,쪽\n" + "".join(
        f"secret{n}@example.com,{name},,nowhere{n}\n" for n, name in enumerate(secret)
    )
    csv += "secret x@example.com,김비밀,,\nsecret@x.test,김비밀,,\nsecret0@example.com,김비밀,,\n"
    told = "\n".join(f"{ko(one.message)} {ko(one.hint)} {ko(one.why)}" for one in findings_of(tmp_path, GREETS, csv))
    assert "보내지 않는 줄입니다" in told
    assert not re.search("secret|김비밀|nowhere", told)


def test_an_address_or_a_name_that_slipped_into_another_column_is_not_repeated(tmp_path: Path) -> None:
    csv = "email,name,language,tags\na@example.com,홍길동,secret@example.com,시민\nb@example.com,홍길동,kr,시민\n"
    csv += "c@example.com,ko,홍길동,시민\nd@example.com,홍길동,영문,시민\n"
    text = HEAD + "sections:\n  - { type: notice, body: 글, only_for: [시민] }\n"
    found = of_rule(findings_of(tmp_path, text, csv), "language-unknown")
    assert [(one.line, ko(one.message).partition("‘")[2].partition("’")[0]) for one in found] == [
        (2, "…"),
        (3, "kr"),
        (4, "…"),
        (5, "영문"),
    ]


def test_one_row_that_makes_the_letter_too_large_is_named_with_its_longest_field(tmp_path: Path) -> None:
    text = HEAD + "intro: |\n" + "  {{ subscriber.fields.소개 | default('-') }}\n\n" * 30
    csv = "email,name,소개\na@example.com,홍길동,짧다\nb@example.com,홍길동," + "<&" * 900 + "\n"
    [found] = of_rule(findings_of(tmp_path, text, csv), "size-html")
    assert (found.severity, found.file, found.line) == (Severity.ERROR, "subscribers.csv", 3)
    assert ko(found.hint) == "가장 긴 값은 ‘소개’ 칸에 있습니다."


def test_a_letter_too_large_by_itself_is_told_of_the_issue(tmp_path: Path) -> None:
    csv = "email,name\na@example.com,홍길동\n"
    text = HEAD + "".join(f"{key}: {'가나다 ' * 4_900}\n" for key in ("intro", "closing"))
    [found] = of_rule(findings_of(tmp_path, text, csv), "size-html")
    assert (found.severity, found.file) == (Severity.ERROR, "issues/2026-11.yaml")


def of_long_links(root: Path, length: int) -> list[Finding]:
    url = f"https://news.example.org/{'a' * length}"
    return of_rule(
        findings_of(root, HEAD + "intro: 글\n", "email\na@example.com\n", links={"pages_url": url}), "header-line"
    )


def test_a_header_line_of_more_than_998_octets_is_an_error(tmp_path: Path) -> None:
    around = len("List-Unsubscribe: <https://news.example.org//u/>") + TOKEN_LENGTH
    assert of_long_links(tmp_path, 998 - around) == []
    [found] = of_long_links(tmp_path, 999 - around)
    assert (found.severity, found.file) == (Severity.ERROR, "issues/2026-11.yaml")


def test_a_file_with_nobody_in_it_is_an_error(tmp_path: Path) -> None:
    [found] = of_rule(findings_of(tmp_path, HEAD + "intro: 글\n", "email,name\n"), "audience-empty")
    assert (found.severity, found.file) == (Severity.ERROR, "subscribers.csv")


BAD = [
    "", "hong", "a b@example.com", "가@example.com", '"a"@example.com', "a..b@example.com", "a@example", "a@x..com",
    "a@-x.com", "a@x.com.", "a@ex_ample.com", "a@x.test", "홍 <a@x.com>", "a\u200bb@x.com", f"{'a' * 65}@x.com",
    f"a@{'b' * 64}.com", "a@[1.2.3.4]", "a@x.123", f"a@{'b.' * 130}com", "a@☃.com", "a@xn--a.com",
]  # fmt: skip


@pytest.mark.parametrize("address", BAD)
def test_why_a_row_is_bad_is_said_in_the_newsletters_language(tmp_path: Path, address: str) -> None:
    csv = f'name,email\n홍길동,"{address.replace(chr(34), chr(34) * 2)}"\n'
    text = HEAD + "intro: 글\n"
    [korean] = [one for one in of_rule(findings_of(tmp_path, text, csv), "bad-row") if one.line]
    [english] = [one for one in of_rule(findings_of(tmp_path, text, csv, language="en"), "bad-row") if one.line]
    assert re.search("[가-힣]", ko(korean.message).removeprefix("보내지 않는 줄입니다: "))
    assert not re.search("[가-힣]", str(english.message))
    assert "올바른 도메인이 아닙니다" not in ko(korean.message) or "☃" in address or "xn--" in address


def test_every_other_fault_of_a_row_has_korean_words(tmp_path: Path) -> None:
    csv = 'email,name\na@example.com,a,b\n"b@example.com"x,y\nc@example.com,\0\n'
    found = [
        ko(one.message) for one in of_rule(findings_of(tmp_path, HEAD + "intro: 글\n", csv), "bad-row") if one.line
    ]
    assert found == [
        "보내지 않는 줄입니다: 첫 줄은 2칸인데 이 줄은 3칸입니다",
        "보내지 않는 줄입니다: 닫는 따옴표 뒤에 글이 더 있습니다",
        "보내지 않는 줄입니다: NUL 글자가 있습니다",
    ]


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("\n", 1, "파일이 비어 있습니다."),
        ("mail,name\n", 1, "email 칸이 없습니다. 있는 칸: `mail`, `name`."),
        ("email,name,email\n", 1, "같은 이름의 칸이 두 번 있습니다: `email`."),
        ("a@example.com,홍길동\n", 1, "첫 줄에 칸의 이름이 없고, 구독자가 적혀 있습니다."),
        ("PK\x03\x04", 1, "CSV가 아니라 스프레드시트 파일입니다."),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_the_newsletters_language(
    tmp_path: Path, content: str, line: int, message: str
) -> None:
    found = [one for one in findings_of(tmp_path, HEAD + "intro: 글\n", content) if one.file == "subscribers.csv"]
    assert [(one.rule, one.line, ko(one.message)) for one in found] == [("audience-file", line, message)]
    assert re.search("[가-힣]", ko(found[0].hint))
