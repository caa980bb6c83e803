"""Text that YAML would lose or misread gets a sentence for a person, with the quoted line to paste."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from newsletter.issue.flow import mend, quoted
from tests.support.issue_files import problems_of, read_issue

REST = "intro: 안녕\n"


@pytest.mark.parametrize(
    ("line", "words", "paste"),
    [
        ("title: 청년정책 #3호 특집", "lost: #3호 특집", 'title: "청년정책 #3호 특집"'),
        ("title: #3호", "lost: #3호", 'title: "#3호"'),
        ("title: 서울: 미래를 묻다", "`: `", 'title: "서울: 미래를 묻다"'),
        ("title: 서울의 미래:", "`: `", 'title: "서울의 미래:"'),
        ("title: [서울이슈큐레이터] 신성장동력", "begins with `[`", 'title: "[서울이슈큐레이터] 신성장동력"'),
        ("title: [서울이슈큐레이터]", "not a list", 'title: "[서울이슈큐레이터]"'),
        ("title: {{ subscriber.name }}", "begins with `{{`", 'title: "{{ subscriber.name }}"'),
        ("title: {{ subscriber.name }}님께", "begins with `{{`", 'title: "{{ subscriber.name }}님께"'),
        (
            'title: {{ subscriber.name | default("구독자") }}님',
            "begins with `{{`",
            "title: '{{ subscriber.name | default(\"구독자\") }}님'",
        ),
        (
            'title: "{{ subscriber.name | default("구독자") }}님"',
            "after its closing quote",
            "title: '{{ subscriber.name | default(\"구독자\") }}님'",
        ),
        ("title:\t신성장동력", "tab", 'title: "신성장동력"'),
        ("title: *강조*", "begins with `*`", 'title: "*강조*"'),
        ("title: **강조**한 글", "begins with `*`", 'title: "**강조**한 글"'),
        ("title: &서울", "begins with `&`", 'title: "&서울"'),
        ("title: !중요", "begins with `!`", 'title: "!중요"'),
        ("title: %할인", "begins with `%`", 'title: "%할인"'),
        ("title: @서울", "begins with `@`", 'title: "@서울"'),
        ("title: `코드`", "begins with ```", 'title: "`코드`"'),
        ("title: > 인용", "begins with `>`", 'title: "> 인용"'),
        ("title: - 목록", "begins with `-`", 'title: "- 목록"'),
        ('title: "신성장" 동력', "after its closing quote", "title: '\"신성장\" 동력'"),
        ("title: '24년 서울", "never closed", 'title: "\'24년 서울"'),
        ('title: "신성장', "never closed", 'title: "신성장"'),
        (r'title: "C:\서울"', "escape", r"title: 'C:\서울'"),
    ],
)
def test_the_line_to_paste_is_told_and_is_right(tmp_path: Path, line: str, words: str, paste: str) -> None:
    [problem] = problems_of(tmp_path, f"{line}\n{REST}")
    assert (problem.line, problem.path) == (1, "title")
    assert words in str(problem.message)
    assert str(problem.hint).endswith(f"rite: {paste}")
    assert read_issue(tmp_path, f"{paste}\n{REST}").title


@pytest.mark.parametrize(
    ("typed", "paste", "at"),
    [
        ("- {value: 443명, label: 비율 #1}", '- {value: 443명, label: "비율 #1"}', "비율 #1"),
        ("- { value: 443명, label: 비율: 하나 }", '- { value: 443명, label: "비율: 하나" }', "비율: 하나"),
        ("- { value: {{ subscriber.name }}, label: x }", '- { value: "{{ subscriber.name }}", label: x }', "{{"),
        ("- { value: 1, label: {{ subscriber.name }} }", '- { value: 1, label: "{{ subscriber.name }}" }', "{{"),
        ("- { label: 가, 나: 다, value: 1: 2 }", '- { label: "가, 나: 다", value: "1: 2" }', "가, 나"),
        ("- {value: 'a: b', label: c: d}", "- {value: 'a: b', label: \"c: d\"}", "c: d"),
    ],
)
def test_a_text_between_braces_gets_the_line_to_paste(tmp_path: Path, typed: str, paste: str, at: str) -> None:
    head = f"title: x\n{REST}sections:\n  - type: figures\n    items:\n"
    [problem] = problems_of(tmp_path, f"{head}      {typed}\n")
    assert (problem.line, problem.column, str(problem.hint)) == (6, 7 + typed.index(at), f"Write: {paste}")
    assert problem.excerpt.startswith(f"          {typed}\n")
    assert problems_of(tmp_path, f"{head}      {paste}\n") == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("{ label: a: b, only_for: [x, y] }", '{ label: "a: b", only_for: [x, y] }'),
        (
            "{ type: story, button: { label: a: b, url: c }, body: d }",
            '{ type: story, button: { label: "a: b", url: c }, body: d }',
        ),
        ("[{ title: a: b, place: c }, { title: d #2 }]", '[{ title: "a: b", place: c }, { title: "d #2" }]'),
        ("{ label: a, url: https://example.org }", None),
        ("{ label: a: b", None),
        ("{}", None),
    ],
)
def test_what_braces_were_meant_to_hold(typed: str, meant: str | None) -> None:
    mended = mend(typed)
    assert (mended.text if mended else None) == meant


@pytest.mark.parametrize(
    ("typed", "paste"),
    [
        ("[첫 줄, 새 책 1,204권, 끝]", '[첫 줄, "새 책 1,204권", 끝]'),
        ("[1,204,567원, 둘]", '["1,204,567원", 둘]'),
        ("[둘, 모두 12,000]", '[둘, "모두 12,000"]'),
        ('["1,204권", 둘]', ""),
        ("[2026,2027]", ""),
        ("[1, 204]", ""),
        ("[3.1,200]", ""),
        ("[12,0001]", ""),
        ("[하나,200곳]", ""),
    ],
)
def test_a_number_that_a_list_tears_at_its_comma_gets_the_line_to_paste(tmp_path: Path, typed: str, paste: str) -> None:
    found = problems_of(tmp_path, f"title: x\nsummary: {typed}\n{REST}")
    if paste:
        [problem] = found
        begin = next(place for place, (a, b) in enumerate(zip(typed, paste, strict=False)) if a != b)
        assert (problem.line, problem.column) == (2, 10 + begin)
        assert str(problem.hint).startswith(f"Write: summary: {paste} (")
        assert problems_of(tmp_path, f"title: x\nsummary: {paste}\n{REST}") == []
    else:
        assert found == []


@pytest.mark.parametrize(
    "next_line",
    ["둘째 줄", "￭ 걷는 시간: 27분", "- 항목", "[표]", "'26년", "key: 값", "# 제목", "{{ subscriber.email }}"],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_text_whose_first_line_is_deeper_than_the_next_is_told_at_that_line(
    tmp_path: Path, next_line: str, line_end: str
) -> None:
    story = f"  - type: story\n    body: |\n\n       첫 줄\n      {next_line}\n      끝\n    heading: y\n"
    text = f"title: x\nsections:\n{story}"
    [problem] = problems_of(tmp_path, text.replace("\n", line_end))
    assert (problem.line, problem.column) == (6, 8)
    assert "begins 1 deeper" in str(problem.message)
    assert read_issue(tmp_path, text.replace("       첫", "      첫")).sections[0].heading == "y"


def test_a_heading_that_yaml_would_take_for_a_comment_is_told(tmp_path: Path) -> None:
    text = "title: x\nintro: |\n     첫 줄\n   # 제목\n# 주석\nclosing: |\n  끝\n  # 제목\n# 주석\n"
    [problem] = problems_of(tmp_path, text)
    assert (problem.line, problem.column) == (3, 6)
    assert "begins 2 deeper" in str(problem.message)


def test_a_comment_under_the_text_that_begins_a_section_is_a_comment(tmp_path: Path) -> None:
    text = "title: x\nsections:\n  - body: |\n      글\n    # research: 나중에\n    type: notice\n"
    assert problems_of(tmp_path, text) == []


def test_what_is_wrong_below_a_text_is_not_blamed_on_it(tmp_path: Path) -> None:
    text = "title: x\nintro: |\n    첫 줄\n    코드: |\n        깊은\n      줄\npreheader: 글\nsubject: 서울: 미래\n"
    [problem] = problems_of(tmp_path, text)
    assert (problem.line, problem.path) == (8, "subject")


def test_every_torn_number_of_a_table_is_told(tmp_path: Path) -> None:
    head = f"title: x\n{REST}sections:\n  - type: table\n    rows:\n      - [구, 명]\n"
    found = problems_of(tmp_path, f"{head}      - [종로, 1,204]\n      - [중구, 3,100]\n")
    torn = [(problem.line, problem.path, str(problem.hint)) for problem in found if "torn" in str(problem.message)]
    assert [(line, path) for line, path, _ in torn] == [(7, "sections[0].rows[1][1]"), (8, "sections[0].rows[2][1]")]
    assert torn[1][2].startswith('Write: - [중구, "3,100"] (')


def test_a_comment_with_a_space_is_a_comment(tmp_path: Path) -> None:
    text = 'title: 신성장동력   # 제목\nnumber: 7 # 호\nsubject: "a" #b\n# intro\nintro: 안녕\n'
    assert read_issue(tmp_path, text).title == "신성장동력"


def test_a_trap_deep_inside_is_found(tmp_path: Path) -> None:
    text = f"title: x\n{REST}sections:\n  - type: figures\n    items:\n      - label: a\n        value: 3: 4\n"
    [problem] = problems_of(tmp_path, text)
    assert (problem.line, problem.column, problem.path) == (7, 16, "sections[0].items[0].value")
    assert str(problem.hint) == 'Write: value: "3: 4"'


def test_one_trap_does_not_hide_the_next_nor_the_other_errors(tmp_path: Path) -> None:
    text = "title: 서울: 미래\nsubject: [서울] 이슈\npreheader: 정책 #3호\nintro: {{ subscriber.name }}\nnumber: x\n"
    found = problems_of(tmp_path, text)
    assert [(problem.line, problem.path) for problem in found] == [
        (1, "title"),
        (2, "subject"),
        (3, "preheader"),
        (4, "intro"),
        (5, "number"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("title: x\n\tintro: y\n", 2, "a tab indents this line"),
        ("title: 정책 #3호\n  둘째 줄\nintro: y\n", 1, "begins a comment"),
        ("title: x\n  intro: y\n", 2, "indentation"),
        ("title: x\nsections:\n  - type: story\n   body: y\n", 4, "indentation"),
        ("title: x\nintro\n", 2, "`key: value`"),
        ("title: x\nhero: { src: a.png, alt: b\nintro: y\n", 2, "the `{` that opens here is never closed"),
        ("title: x\nhero: { src: a.png, alt: b: c }\nintro: y\n", 2, "inside `{ }`"),
        ("title: x\nsections: [\n  { type: notice, body: y }\n", 2, "the `[` that opens here is never closed"),
        ("title: [\n\n", 1, "the `[` that opens here is never closed"),
        ("title: x\nintro: |x\n  y\n", 2, "begins with `|`"),
        ("title: x\nintro:\n  서울: 미래\n", 3, "must be text, not a mapping"),
        ("title: x\nintro:\n  서울: 미래\n  부산: 미래\n", 3, "must be text, not a mapping"),
        ("title: x\n? [a]\n: b\n", 2, "cannot be a key"),
        ('title: "x\nsubject: "y"\nintro: z\n', 1, "never closed"),
    ],
)
def test_other_slips_name_their_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    [problem, *_] = problems_of(tmp_path, text)
    assert problem.line == line
    assert words in str(problem.message)


def test_a_text_torn_by_a_comment_is_told_once(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, "title: 정책 #3호\n  둘째 줄\nintro: y\n")
    assert (problem.line, str(problem.hint)) == (1, "")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])))
def test_quotes_keep_any_line_of_text(text: str) -> None:
    assert YAML(typ="safe", pure=True).load(f"a: {quoted(text)}") == {"a": text}
