"""What the model refuses is told with the line to write, and a bracket that is open with where it opened."""

from pathlib import Path

import pytest

from newsletter.errors import Problem
from newsletter.issue.addresses import telephone_number, with_scheme
from newsletter.issue.brackets import open_bracket
from tests.support.issue_files import problems_of, read_issue

HEAD = "title: x\nintro: y\n"
FIGURES = f"{HEAD}sections:\n  - type: figures\n    items:\n"
LISTED = FIGURES.replace("items:", "items: [")
STORY = f"{HEAD}sections:\n  - type: story\n    body: z\n"


@pytest.mark.parametrize(
    ("typed", "paste", "at"),
    [
        ("- {value: 1,234명, label: 비율}", '- {value: "1,234명", label: 비율}', "1,234"),
        ("- {label: 비율, value: 1,234,567}", '- {label: 비율, value: "1,234,567"}', "1,234"),
        ("- {value: '1', label: 서울, 부산, 대구}", "- {value: '1', label: \"서울, 부산, 대구\"}", "서울"),
        ("- { value: 3,000, label: 4,000 }", '- { value: "3,000", label: "4,000" }', "3,000"),
    ],
)
def test_a_text_torn_by_its_commas_is_put_together(tmp_path: Path, typed: str, paste: str, at: str) -> None:
    problem, *_ = problems_of(tmp_path, f"{FIGURES}      {typed}\n")
    assert (problem.line, problem.column, str(problem.hint)) == (6, 7 + typed.index(at), f"Write: {paste}")
    assert problems_of(tmp_path, f"{FIGURES}      {paste}\n") == []


def test_a_torn_text_is_told_once_also_over_several_lines(tmp_path: Path) -> None:
    text = (
        FIGURES.replace("items:", "items: [")
        + "      {value: 1,234,567명, label: 가},\n      {value: 2, label: 나}\n    ]\n"
    )
    [problem] = problems_of(tmp_path, text)
    assert str(problem.hint) == 'Write: {value: "1,234,567명", label: 가},'


def test_a_key_without_a_value_stays_what_it_was(tmp_path: Path) -> None:
    text = f"{HEAD}hero: {{src: a.png, alt: 가, caption, credit}}\n"
    assert read_issue(tmp_path, text).hero


@pytest.mark.parametrize(
    ("text", "line", "column", "paste"),
    [
        ("title: [\nsubject: 가\nintro: 나\n", 1, 8, ""),
        ("title: {\n\n", 1, 8, ""),
        (f"{HEAD}hero: {{ src: a.png, alt: b\nclosing: c\n", 3, 7, "hero: { src: a.png, alt: b }"),
        (f"{HEAD}hero: {{ src: a.png,\n  alt: b\nclosing: c\n", 3, 7, ""),
        (f"{HEAD}hero: {{src: a.png, alt: b: c, caption: d\n", 3, 7, 'hero: {src: a.png, alt: "b: c", caption: d}'),
        (f"{STORY}    only_for: [가, 나\n  - type: notice\n    body: x\n", 6, 15, "only_for: [가, 나]"),
        (f"{FIGURES}      - {{value: 3, label: 가\n      - {{value: 4, label: 나}}\n", 6, 9, "- {value: 3, label: 가}"),
        (f"{FIGURES}      - {{value: 3, label: [가, 나}}\n", 6, 27, ""),
        (f'{FIGURES}      - {{value: 3, label: "가 }} 나"\n', 6, 9, '- {value: 3, label: "가 } 나"}'),
        (
            f"{LISTED}      {{ value: 3, label: 가,\n      {{ value: 4, label: 나 }}\n    ]\n",
            6,
            7,
            "{ value: 3, label: 가 },",
        ),
    ],
)
def test_an_open_bracket_is_told_where_it_opened(tmp_path: Path, text: str, line: int, column: int, paste: str) -> None:
    problem, *_ = problems_of(tmp_path, text)
    assert (problem.line, problem.column) == (line, column)
    assert "opens here is never closed" in str(problem.message)
    assert str(problem.hint) == (f"Write: {paste}" if paste else "")


def test_brackets_that_are_closed_are_none() -> None:
    assert open_bracket(['a: [b, "]", {c: d}] # ['], 1, 4) is None
    assert open_bracket(["a: {", "  b: '}'", "  }", "c: d"], 1, 4) is None


@pytest.mark.parametrize(
    ("text", "line", "paste"),
    [
        ("title： 가\nintro: 나\n", 1, "title: 가"),
        ("title:가\nintro: 나\n", 1, "title: 가"),
        ("title:\u3000가\nintro: 나\n", 1, "title: 가"),
        ("title: 가\nsubject： 나 #1\nintro: 다\n", 2, 'subject: "나 #1"'),
        (f"{HEAD}sections:\n  - type： notice\n    body: 나\n", 4, "- type: notice"),
        (f"{HEAD}sections:\n  - type:notice\n    body: 나\n", 4, "- type: notice"),
        (f"{HEAD}sections:\n  - type: notice\n    body： 나\n", 5, "body: 나"),
        (f"{HEAD}sections:\n  - type： notice\n", 4, "- type: notice"),
        (f"{HEAD}hero:\n  src：a.png\n", 4, "src: a.png"),
        (f"{FIGURES}      - {{value：1, label: 가}}\n", 6, "- {value: 1, label: 가}"),
        (f"{FIGURES}      - {{value:1, label:가}}\n", 6, "- {value: 1, label:가}"),
    ],
)
def test_a_colon_that_is_none_is_told(tmp_path: Path, text: str, line: int, paste: str) -> None:
    problem, *_ = problems_of(tmp_path, text)
    assert (problem.line, str(problem.hint)) == (line, f"Write: {paste}")
    assert "colon" in str(problem.message).lower() or "U+3000 IDEOGRAPHIC SPACE" in str(problem.message)


def test_a_text_with_such_colons_is_a_text(tmp_path: Path) -> None:
    issue = read_issue(tmp_path, "title: vs:나\nintro: |\n  note： 가\n  https://www.example.org\n")
    assert (issue.title, issue.intro) == ("vs:나", "note： 가\nhttps://www.example.org")


@pytest.mark.parametrize(
    ("text", "paste"),
    [
        (f"{HEAD}hero: a.png\n", 'hero: { src: a.png, alt: "…" }'),
        (f"{STORY}    image: assets/그림 1.png\n", 'image: { src: "assets/그림 1.png", alt: "…" }'),
        (f"{STORY}    button: https://www.example.org/a\n", 'button: { label: "…", url: "https://www.example.org/a" }'),
        (f"{STORY}    button: 자료 보기\n", 'button: { label: "자료 보기", url: "…" }'),
        (f"{STORY}    research:\n      - www.example.org\n", '- { title: "…", url: "https://www.example.org" }'),
        (f"{STORY}    images: a.png\n", 'image: { src: a.png, alt: "…" }'),
        (f"{HEAD}images: [a.png, b.png]\n", 'hero: { src: a.png, alt: "…" }'),
        (f"{HEAD}hero: [a.png]\n", 'hero: { src: a.png, alt: "…" }'),
        (f"{STORY}    research: 보고서\n", "research: [{ title: 보고서 }]"),
        (f"{HEAD}사진: a.png\n", 'hero: { src: a.png, alt: "…" }'),
    ],
)
def test_a_text_in_the_place_of_a_mapping_shows_the_mapping(tmp_path: Path, text: str, paste: str) -> None:
    assert [str(problem.hint) for problem in problems_of(tmp_path, text)] == [f"Write: {paste}"]


@pytest.mark.parametrize(
    ("typed", "paste"),
    [
        ("example.org/a", "https://example.org/a"),
        ("'www.example.org'", '"https://www.example.org"'),
        ("a@example.org", "mailto:a@example.org"),
        ("//example.org/a", "https://example.org/a"),
        ("https:/example.org/a", "https://example.org/a"),
        ("ttps://example.org", "https://example.org"),
        ("02-2149-1234", "tel:02-2149-1234"),
        ("callto:02-2149-1234", "tel:02-2149-1234"),
    ],
)
def test_an_address_without_its_scheme_gets_it(tmp_path: Path, typed: str, paste: str) -> None:
    [problem] = _of_button(tmp_path, typed)
    assert str(problem.hint) == f"Write: button: {{ label: 가, url: {paste} }}"
    assert _of_button(tmp_path, paste) == []


def test_a_number_for_text_messages_is_no_address(tmp_path: Path) -> None:
    [problem] = _of_button(tmp_path, "sms:02-120")
    assert str(problem.hint).endswith("Write it as text: 02-120")


@pytest.mark.parametrize("url", ["tel:120", "tel:02-2149-1234", "tel:+82-2-2149-1234", "TEL:(02)2149-1234;ext=7"])
def test_a_button_calls_a_number(tmp_path: Path, url: str) -> None:
    assert _of_button(tmp_path, url) == []


@pytest.mark.parametrize("url", ["tel:", "tel:1", "tel:abc", "tel:02-abc", "tel://02-120", "tel:02-120?a=b"])
def test_a_number_that_is_none_is_no_address(tmp_path: Path, url: str) -> None:
    assert len(_of_button(tmp_path, url)) == 1


def _of_button(tmp_path: Path, url: str) -> list[Problem]:
    return problems_of(tmp_path, f"{STORY}    button: {{ label: 가, url: {url} }}\n")


@pytest.mark.parametrize("text", ["report.pdf", "제목", "", "1.2", "https://example.org", "https://example.org/a.pdf"])
def test_what_is_no_address_or_a_whole_one_gets_no_scheme(text: str) -> None:
    assert with_scheme(text) in {"", "https://1.2", text}
    assert telephone_number(text) == ""


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (f"{HEAD}hero: {{src: a.png, alt: b, capton: c}}\n", "caption`?"),
        (f"{FIGURES}      - {{value: a, label: b, unit: c}}\n", "known are value, label"),
        (f"{STORY}    button: {{ label: 가, url: https://www.example.org, color: red }}\n", "known are label, url"),
        (f"{HEAD}text: 가\n", "did you mean `intro`?"),
    ],
)
def test_an_unknown_key_is_told_with_those_that_exist(tmp_path: Path, text: str, known: str) -> None:
    [problem] = problems_of(tmp_path, text)
    assert known in str(problem.message)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("sections: { type: notice, body: 가 }", "Write: sections: [{ type: notice, body: 가 }]"),
        (
            "sections:\n  type: notice\n  body: 가",
            "Begin each entry with `- `, and indent what follows: - type: notice",
        ),
    ],
)
def test_a_single_entry_becomes_a_list(tmp_path: Path, typed: str, told: str) -> None:
    assert [str(problem.hint) for problem in problems_of(tmp_path, f"{HEAD}{typed}\n")] == [told]


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("2026.07.26 9시", "2026-07-26T09:00"),
        ("2026. 7. 26. 오후 3:30", "2026-07-26T15:30"),
        ("2026/07/26", "2026-07-26T09:00"),
        ("2026년 7월 26일 10시 5분", "2026-07-26T10:05"),
        ("2026-7-6 12:00 PM", "2026-07-06T12:00"),
        ("2026-02-30", ""),
        ("2026.13.01", ""),
        ("2026.01.01 29시", ""),
        ("7월 26일", ""),
        ("곧", ""),
    ],
)
def test_a_time_as_people_write_it_is_shown_as_it_is_written_here(tmp_path: Path, typed: str, time: str) -> None:
    [problem] = problems_of(tmp_path, f"{HEAD}publish_at: {typed}\n")
    assert str(problem.hint) == (f"Write: publish_at: {time}" if time else "")


def test_a_quote_that_is_not_closed_in_braces_is_closed(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, f'{FIGURES}      - {{ value: "1,234명, label: 비율 }}\n')
    assert str(problem.hint) == 'Write: - { value: "1,234명", label: 비율 }'
