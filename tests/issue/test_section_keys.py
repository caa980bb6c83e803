"""Keys that every section or a story may have: what is wrong with them is told at its place, with what is allowed."""

from pathlib import Path

import pytest

from newsletter.errors import InputError
from tests.support.checks import ko
from tests.support.issue_files import problems_of, read_issue
from tests.support.spoken import assert_told_in_both

HEAD = "title: x\nintro: y\n"
STORY = HEAD + "sections:\n  - type: story\n    body: z\n"
ANOTHER = "  - { type: notice, body: z, anchor: jobs }\n"
NOTICE = HEAD + "sections:\n  - type: notice\n    body: z\n"
OLD_DOI = "10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O"
OLD_DOI_IN_ADDRESS = "10.1002/(SICI)1097-4571(199806)49:8%3C693::AID-ASI4%3E3.0.CO;2-O"
BUTTON = '{ label: 읽기, url: "https://www.example.org" }'


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (f"{NOTICE}    anchor: story-01\n", "6:13: sections[0].anchor", "story-01"),
        (f"{NOTICE}    anchor: 일자리\n", "6:13: sections[0].anchor", "jobs"),
        (
            f"{NOTICE}    anchor: jobs\n{ANOTHER}",
            "7:38: sections[1].anchor",
            "[0]",
        ),
        (f"{NOTICE}    buttons: [{', '.join([BUTTON] * 4)}]\n", "6:14: sections[0].buttons", "3"),
        (
            f"{NOTICE}    buttons: [{{ label: a, url: https://a.example.org, style: big }}]\n",
            "6:62: sections[0].buttons[0].style",
            "outline",
        ),
        (f"{STORY}    buttons: [{BUTTON}]\n    button: {BUTTON}\n", "7:13: sections[0].button", "buttons"),
        (f"{NOTICE}    hidden: perhaps\n", "6:13: sections[0].hidden", "true"),
        (f"{STORY}    layout: left\n", "6:13: sections[0].layout", "image"),
        (f"{STORY}    layout: big\n", "6:13: sections[0].layout", "standard"),
        (f"{STORY}    reading_time: 0\n", "6:19: sections[0].reading_time", "auto"),
        (f"{STORY}    reading_time: soon\n", "6:19: sections[0].reading_time", "auto"),
        (f"{STORY}    research: [{{ title: a, kind: map }}]\n", "6:34: sections[0].research[0].kind", "report"),
        (f"{STORY}    research: [{{ title: a, doi: 11.1/x }}]\n", "6:33: sections[0].research[0].doi", "10.1000/x"),
        (f"{HEAD}accent: blue\n", "3:9: accent", "#"),
        (f"{HEAD}line_breaks: yes\n", "3:14: line_breaks", "keep"),
        (f"{HEAD}summary: [a, b, c, d, e, f]\n", "3:10: summary", "5"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(tmp_path: Path, text: str, place: str, said: str) -> None:
    problems = problems_of(tmp_path, text)
    told = [str(problem) for problem in problems]
    assert any(one.startswith(f"issues/2026-11.yaml:{place}:") and said in one for one in told), told
    for problem in problems:
        assert_told_in_both(InputError(problems=[problem]))


@pytest.mark.parametrize("written", ["10.1000/x", "doi:10.1000/x", "https://doi.org/10.1000/x", "DOI: 10.1000/x"])
def test_a_doi_is_its_name_however_it_is_written(tmp_path: Path, written: str) -> None:
    issue = read_issue(tmp_path, f'{STORY}    research: [{{ title: a, doi: "{written}" }}]\n')
    assert issue.sections[0].model_dump()["research"][0]["doi"] == "10.1000/x"


@pytest.mark.parametrize("written", [f"https://doi.org/{OLD_DOI_IN_ADDRESS}", OLD_DOI])
def test_an_old_doi_keeps_its_signs(tmp_path: Path, written: str) -> None:
    issue = read_issue(tmp_path, f'{STORY}    research: [{{ title: a, doi: "{written}" }}]\n')
    assert issue.sections[0].model_dump()["research"][0]["doi"] == OLD_DOI


@pytest.mark.parametrize("name", ["%7B%7Bx", "a%0Ab", "a%00b", "a%22b", "a%E2%80%AEb", "%ff"])
def test_nothing_hides_in_the_address_of_a_doi(tmp_path: Path, name: str) -> None:
    [problem] = problems_of(tmp_path, f'{STORY}    research: [{{ title: a, doi: "https://doi.org/10.1000/{name}" }}]\n')
    assert "10.1000/x" in ko(problem.message)


def test_what_is_hidden_says_nothing(tmp_path: Path) -> None:
    hidden = "sections:\n  - { type: notice, body: z, hidden: true }\n"
    assert "sections" in str(problems_of(tmp_path, f"title: x\n{hidden}")[0])
    texts = "translations: { en: { sections: [{ body: two }] } }\n"
    issue = read_issue(tmp_path, HEAD + hidden + texts)
    assert [one.text for one in issue.texts()] == ["x", "y"]


def test_a_picture_of_a_hidden_section_need_not_be_there_yet(tmp_path: Path) -> None:
    issue = read_issue(tmp_path, f"{NOTICE}    hidden: true\n    image: {{ src: later.png, alt: x }}\n")
    assert list(issue.pictures()) == []
