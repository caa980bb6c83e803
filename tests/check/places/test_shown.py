"""What is wrong with a text of the issue is found in the letter as well, where it is shown."""

from pathlib import Path

import pytest

from newsletter.check.finding import Finding
from tests.support.checks import findings_of, of_rule

HEAD = "title: 신성장동력\npreheader: 한 줄\n"


def told(root: Path, text: str, *rules: str) -> list[Finding]:
    return of_rule(findings_of(root, HEAD + text), *rules)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("intro: |\n  첫째 줄\n\n  둘째 **줄**입니다. TODO 끝\n", "<p"),
        ("intro: |\n  첫째 줄\n  이어지는 줄, TODO\n", "<p"),
        ("intro: |\n  여기는 **TODO 굵게** 적었습니다.\n", "<strong"),
        ("intro: |\n  1. 하나\n  2. TODO 둘\n", "<li"),
        ("intro: |\n  {{ subscriber.name | default('구독자') }} 님, TODO 안녕하세요.\n", "<p"),
        ("sections:\n  - { type: notice, heading: TODO 제목, body: 글 }\n", "<h2"),
        ("sections:\n  - { type: figures, items: [{ value: 3곳, label: TODO 쉼터 }] }\n", "<p"),
    ],
)
def test_a_placeholder_is_found_in_the_tag_around_it(tmp_path: Path, text: str, tag: str) -> None:
    [found] = told(tmp_path, text, "placeholder-left")
    assert [place.excerpt.split(" ")[0].rstrip(">") for place in found.letters] == [tag]


@pytest.mark.parametrize(
    ("link", "rule", "tag"),
    [
        ("[아래](#둘째)", "anchor-in-mail", "<a"),
        ("[보고서](report.pdf)", "link-placeholder", "<a"),
        ("[보고서](https://www.si.re.kr/보고서 하나.pdf)", "link-syntax", "<p"),
        ("[나쁜](javascript:x)", "link-placeholder", "<a"),
    ],
)
def test_a_dead_link_is_found_at_its_words(tmp_path: Path, link: str, rule: str, tag: str) -> None:
    [found] = told(tmp_path, f"intro: |\n  앞의 말 {link} 뒤의 말\n", rule)
    assert [place.excerpt.split(" ")[0].rstrip(">") for place in found.letters] == [tag]


def test_what_stands_there_several_times_is_found_in_turn(tmp_path: Path) -> None:
    text = "intro: |\n  TODO\n\n  TODO 둘\n\n  TODO\nsections:\n  - { type: notice, body: TODO }\n"
    found = told(tmp_path, text, "placeholder-left")
    indexes = [place.index for finding in found for place in finding.letters]
    assert [finding.line for finding in found] == [4, 6, 8, 10]
    assert len(indexes) == 4
    assert indexes == sorted(set(indexes))


def test_each_edition_has_a_place_of_its_own_and_a_hidden_section_none(tmp_path: Path) -> None:
    text = "intro: 안녕\nsections:\n  - { type: notice, body: TODO 연구, only_for: [연구] }\n"
    [found] = told(tmp_path, text, "placeholder-left")
    assert len(found.letters) == 1
    [both] = told(tmp_path, f"closing: TODO 끝\n{text}", "placeholder-left")[:1]
    assert len(both.letters) == 2


@pytest.mark.parametrize("text", ["subject: TODO 제목\nintro: 안녕\n", "intro: 안녕\nauthor: TODO 이름\n"])
def test_what_the_letter_does_not_show_has_no_place_in_it(tmp_path: Path, text: str) -> None:
    assert not [finding.letters for finding in told(tmp_path, text, "placeholder-left") if finding.letters]


def test_what_is_said_of_a_title_as_a_subject_has_no_place_in_the_letter(tmp_path: Path) -> None:
    text = f"title: {'긴 제목 ' * 20}\nintro: 안녕\n"
    found = of_rule(findings_of(tmp_path, text), "subject-length", "preheader-missing")
    assert [(finding.line, finding.letters) for finding in found] == [(1, ()), (1, ())]
