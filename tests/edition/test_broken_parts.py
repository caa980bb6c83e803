"""What keeps an issue from becoming a letter is told all at once, each at its place in the file."""

from pathlib import Path

import pytest

from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.errors import InputError, Problem
from newsletter.issue.load import MOST_PROBLEMS
from tests.support.issue_files import read_issue, workspace
from tests.support.spoken import assert_told_in_both

BROKEN = """\
title: 신성장동력
intro: |
  그림 ![하나](a.png)과 글
  그리고 ![둘](b.png)
hero: { src: none.png, alt: 없는 그림 }
sections:
  - type: story
    body: '![셋](c.png)'
    image: { src: ../../outside.png, alt: 밖, caption: "![넷](d.png)" }
  - type: notice
    only_for: [연구]
    body: |
      글
      ```{{ subscriber.name }}
      ```
    image: { src: photo.webp, alt: WebP }
translations:
  en:
    intro: x ![five](e.png)
"""


def test_of_a_thousand_pictures_in_a_text_as_many_are_told_as_anybody_reads(tmp_path: Path) -> None:
    problems = broken(tmp_path, "title: x\nintro: a" + "![a](b)" * 1_000 + "\n")
    assert len(problems) == MOST_PROBLEMS
    assert len({problem.column for problem in problems}) == MOST_PROBLEMS


def broken(root: Path, text: str) -> list[Problem]:
    here = workspace(root)
    issue = read_issue(root, text)
    with pytest.raises(InputError) as caught:
        render(issue, here, variants(issue, ["ko"])[0])
    assert_told_in_both(caught.value)
    return list(caught.value.problems)


def test_pictures_and_markdown_are_told_all_at_once_each_at_its_place(tmp_path: Path) -> None:
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "photo.webp").write_bytes(b"RIFF\x00\x00\x00\x00WEBPVP8 ")
    (tmp_path.parent / "outside.png").touch()
    markdown = "a picture in Markdown text is not supported"
    assert [(found.line, found.column, found.path, str(found.message)) for found in broken(tmp_path, BROKEN)] == [
        (3, 6, "intro", markdown),
        (4, 7, "intro", markdown),
        (5, 14, "hero.src", "there is no picture `none.png`"),
        (8, 12, "sections[0].body", markdown),
        (9, 19, "sections[0].image.src", "the picture `../../outside.png` is outside the workspace"),
        (9, 56, "sections[0].image.caption", markdown),
        (12, 11, "sections[1].body", "the merge field subscriber.name stands where Markdown drops it"),
        (16, 19, "sections[1].image.src", "the picture `photo.webp` is neither PNG nor JPEG nor GIF"),
        (19, 14, "translations.en.intro", markdown),
    ]


def test_an_error_found_late_reads_like_one_found_early(tmp_path: Path) -> None:
    [problem] = broken(tmp_path, "title: x\nintro: 그림 ![하나](a.png)\n")
    assert str(problem).splitlines() == [
        "issues/2026-11.yaml:2:11: intro: a picture in Markdown text is not supported",
        "    intro: 그림 ![하나](a.png)",
        "                ^",
        (
            'Take it out. Write hero: { src: "a.png", alt: "하나" } for the picture at the head of the letter, '
            "or image: with the same in a section."
        ),
    ]


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("![강가](assets/강가.png)", 'image: { src: "assets/강가.png", alt: "강가" }'),
        ("![](https://e.example.org/x/a.png?w=1)", 'image: { src: "assets/a.png", alt: "…" }'),
        ('![그 "길"](a%20b.png "제목")', 'image: { src: "a b.png", alt: "그 \'길\'" }'),
        ("![{{ subscriber.name }}](x.png)", 'image: { src: "x.png", alt: "…" }'),
    ],
)
def test_a_picture_in_a_text_is_told_with_the_line_for_its_section(tmp_path: Path, typed: str, line: str) -> None:
    body = f"sections:\n  - type: story\n    body: |\n      {typed}\n"
    [problem] = broken(tmp_path, f"title: x\n{body}")
    assert (problem.line, problem.column) == (5, 7)
    assert line in str(problem)
