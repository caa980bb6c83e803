"""Every error of the model points at its place: file, line, column, path, and a caret that sits right under Korean."""

from pathlib import Path

import pytest
from wcwidth import wcswidth

from newsletter.errors import Problem
from newsletter.issue.tree import read_tree
from tests.support.issue_files import problems_of

GOOD = "title: 신성장동력\nintro: 안녕\n"


def the_problem(tmp_path: Path, text: str) -> Problem:
    [problem] = problems_of(tmp_path, text)
    return problem


def section(lines: str) -> str:
    return GOOD + "sections:\n  - type: story\n    body: 본문\n" + lines


def test_an_error_reads_as_the_design_says(tmp_path: Path) -> None:
    text = section("    research:\n      - title: 보고서\n        url: ftp://example.org\n")
    words = "must be an address that begins with https://, http://, mailto: or tel:"
    assert str(the_problem(tmp_path, text)).splitlines() == [
        f"issues/2026-11.yaml:8:14: sections[0].research[0].url: {words}",
        "            url: ftp://example.org",
        "                 ^",
    ]


@pytest.mark.parametrize(
    ("text", "line", "column", "path"),
    [
        # the value for a wrong value
        (GOOD + "number: seven\n", 3, 9, "number"),
        (GOOD + "number: 0\n", 3, 9, "number"),
        (GOOD + "advertising: yes\n", 3, 14, "advertising"),
        (GOOD + "publish_at: 2021-07-26T25:00\n", 3, 13, "publish_at"),
        (GOOD + "publish_at: 2021-02-30T08:00\n", 3, 13, "publish_at"),
        (GOOD + "publish_at: 내일\n", 3, 13, "publish_at"),
        (GOOD + "hero: 그림.png\n", 3, 7, "hero"),
        (GOOD + "hero: { src: ./a.png, alt: '' }\n", 3, 28, "hero.alt"),
        (GOOD + "hero: { src: /etc/passwd, alt: 그림 }\n", 3, 14, "hero.src"),
        (GOOD + "hero: { src: 'https://example.org/a.png', alt: 그림 }\n", 3, 14, "hero.src"),
        (GOOD + "hero: { src: 'a\\b.png', alt: 그림 }\n", 3, 14, "hero.src"),
        (GOOD + "sections: 없음\n", 3, 11, "sections"),
        (GOOD + "sections:\n  - 이야기\n", 4, 5, "sections[0]"),
        (GOOD + "sections:\n  - type: stroy\n    body: x\n", 4, 11, "sections[0].type"),
        (GOOD + "sections:\n  - type: figures\n    items: []\n", 5, 12, "sections[0].items"),
        (section("    only_for: 시민\n"), 6, 15, "sections[0].only_for"),
        (section('    heading: "두\\n줄"\n'), 6, 14, "sections[0].heading"),
        (section('    heading: "a\\u0000b"\n'), 6, 14, "sections[0].heading"),
        (section('    heading: "a\\ud800b"\n'), 6, 14, "sections[0].heading"),
        (
            section("    research: [{ title: a, url: 'https://a.org', year: 20 }]\n"),
            6,
            56,
            "sections[0].research[0].year",
        ),
        # the key for an unknown one
        (GOOD + "titel: 오타\n", 3, 1, "titel"),
        (GOOD + "slug: 오타\n", 3, 1, "slug"),
        (section("    story: x\n"), 6, 5, "sections[0].story"),
        (section("    button: { label: a, url: 'https://a.org', 색: b }\n"), 6, 47, "sections[0].button.색"),
        # the start of the mapping for a missing one
        ("intro: 안녕\n", 1, 1, "title"),
        (GOOD + "sections:\n  - type: story\n", 4, 5, "sections[0].body"),
        (GOOD + "sections:\n  - body: x\n", 4, 5, "sections[0].type"),
        (GOOD + "hero: { src: a.png }\n", 3, 7, "hero.alt"),
        (section("    button:\n      label: a\n"), 7, 7, "sections[0].button.url"),
        # an empty one stands behind its key
        ("title:\nintro: 안녕\n", 1, 7, "title"),
        ("title: 제목뿐\n", 1, 1, ""),
    ],
)
def test_an_error_has_its_place(tmp_path: Path, text: str, line: int, column: int, path: str) -> None:
    problem = the_problem(tmp_path, text)
    assert (problem.line, problem.column, problem.path) == (line, column, path)
    assert problem.file == "issues/2026-11.yaml"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD + "titel: 오타\n", "did you mean `title`?"),
        (section("    buton: x\n"), "did you mean `button`?"),
        (
            GOOD + "sections:\n  - type: stroy\n",
            "`stroy` is no type of section; did you mean `story`? It must be one of story,",
        ),
        (GOOD + "sections:\n  - type: xyz\n", "`xyz` is no type of section; it must be one of story, figures, quote,"),
        (section("    only_for: 시민, 연구\n"), "\nWrite: only_for: [시민, 연구]"),
        (section("    only_for: a#b\n"), '\nWrite: only_for: ["a#b"]'),
        (
            section("    research: [{ title: a, url: 'https://a.org', authors: 홍길동 }]\n"),
            "\nWrite: authors: [홍길동]",
        ),
        (section("    research: [{ title: a, url: 'https://a.org', autors: [b] }]\n"), "did you mean `authors`?"),
        (GOOD + "sections:\n  - { type: figures, items: [{ value: a, lable: b }] }\n", "did you mean `label`?"),
        (GOOD + "sections:\n  - { type: events, items: [{ title: a, start_at: b }] }\n", "did you mean `starts_at`?"),
        (GOOD + "hero: { picture: a }\n", "did you mean `src`?"),
    ],
)
def test_a_mistyped_word_gets_a_suggestion(tmp_path: Path, text: str, words: str) -> None:
    assert words in "\n".join(map(str, problems_of(tmp_path, text)))


@pytest.mark.parametrize(
    ("intro", "line", "column"),
    [
        ("intro: 안녕 {{ subscriber.nmae }}\n", 2, 11),
        ('intro: "안녕 {{ subscriber.name }} {{ nmae }}"\n', 2, 34),
        ("intro: |\n  첫 줄\n\n  둘째 {{ subscriber.nmae }}\n", 5, 6),
        ("intro: >-\n  {{ subscriber.name }}\n  접힌 {{ subscriber.name | upper }}\n", 4, 6),
        ("intro: 여러 줄\n  이어지는 {{ x }}\n", 3, 8),
    ],
)
def test_a_merge_field_has_its_place_inside_the_text(tmp_path: Path, intro: str, line: int, column: int) -> None:
    problem = the_problem(tmp_path, "title: x\n" + intro)
    assert (problem.line, problem.column, problem.path) == (line, column, "intro")


def test_several_errors_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "titel: x\nnumber: x\nintro: '{{ x }}'\nsections:\n  - type: story\n    body:\n  - type: nope\n"
    lines = [problem.line for problem in problems_of(tmp_path, text)]
    assert lines == [1, 1, 2, 3, 6, 7]


def test_a_wrong_entry_does_not_make_its_list_empty(tmp_path: Path) -> None:
    text = GOOD + "sections:\n  - { type: events, items: [{ title: 포럼, starts_at: 내일 }] }\n"
    assert the_problem(tmp_path, text).path == "sections[0].items[0].starts_at"


def test_every_wrong_merge_field_of_a_text_is_told(tmp_path: Path) -> None:
    text = "title: x\nintro: |\n  {{ subscriber.nmae }} {{ subscriber.name }}\n  {{ 1+1 }} {{ subscriber.name\n"
    found = problems_of(tmp_path, text)
    assert [(problem.line, problem.column) for problem in found] == [(3, 3), (4, 3), (4, 13)]


def test_an_unclosed_merge_field_is_told_together_with_the_quotes_that_it_needs(tmp_path: Path) -> None:
    found = problems_of(tmp_path, "title: {{ subscriber.name\nintro: x\n")
    assert [str(problem.message).partition("`")[0] for problem in found] == [
        "a text that begins with ",
        "merge field without its end ",
    ]
    assert {(problem.line, problem.column) for problem in found} == {(1, 8)}


def test_a_picture_that_is_not_there_is_told_together_with_the_rest(tmp_path: Path) -> None:
    image = "    image: { src: %s, alt: 그림 }\n"
    text = section(image % "none.png") + "  - type: notice\n    body: x\n" + image % "../../x.png" + "titel: x\n"
    (tmp_path.parent / "x.png").touch()
    assert [(problem.line, problem.column, str(problem.message)) for problem in problems_of(tmp_path, text)] == [
        (6, 19, "there is no picture `none.png`"),
        (9, 19, "the picture `../../x.png` is outside the workspace"),
        (10, 1, "unknown key `titel`; did you mean `title`?"),
    ]


@pytest.mark.parametrize("before", ["가나다", "한글 mixed 漢字", "abc", "🙂", "ㄱ"])
def test_the_caret_sits_right_under_wide_characters(tmp_path: Path, before: str) -> None:
    problem = the_problem(tmp_path, f"title: x\nintro: {before} {{{{ x }}}}\n")
    shown, caret = problem.excerpt.split("\n")
    assert len(caret) - 1 == wcswidth(shown[: shown.index("{{")])
    assert caret.strip() == "^"


def test_a_very_long_line_is_cut_round_the_caret(tmp_path: Path) -> None:
    problem = the_problem(tmp_path, "title: x\nintro: " + "가" * 5000 + " {{ x }} " + "나" * 5000 + "\n")
    shown, caret = problem.excerpt.split("\n")
    assert wcswidth(shown) < 120
    assert wcswidth(shown[: shown.index("{{")]) == len(caret) - 1


def test_an_error_cannot_drive_the_terminal(tmp_path: Path) -> None:
    for key in ("\\e[31m", "\\ud800"):
        problem = the_problem(tmp_path, f'{GOOD}"{key}": x\n')
        assert (problem.line, problem.column) == (3, 1)
        assert "\x1b" not in str(problem)
        assert str(problem).encode()


def test_a_text_that_was_read_just_now_is_not_parsed_again() -> None:
    text = "title: 처음 읽는 글\ntitle: 둘\n"
    (root, flaws), again = read_tree(text), read_tree("".join(text))
    assert again == (root, flaws)
    assert again[0] is root
    flaws.clear()
    assert len(read_tree(text)[1]) == 1
