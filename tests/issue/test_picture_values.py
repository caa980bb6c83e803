"""How a picture is to be shown: what may be written, and what is said of anything else, at its place."""

from pathlib import Path

import pytest

from newsletter.errors import InputError
from newsletter.issue.model import Issue
from newsletter.issue.sections.section import Image
from tests.support.issue_files import problems_of, read_issue
from tests.support.spoken import assert_korean

HERO = "title: 제목\nintro: 안녕\nhero: {{ src: a.png, alt: 그림, {} }}\n"


def hero(root: Path, keys: str) -> Image:
    found: Issue = read_issue(root, HERO.format(keys))
    assert found.hero
    return found.hero


@pytest.mark.parametrize(
    ("keys", "name", "value"),
    [
        ("width: 1", "width", 1),
        ("width: 600", "width", 600),
        ("crop: 16:9", "crop", "16:9"),
        ('crop: " 4 : 3 "', "crop", "4:3"),
        ("focus: 50 30", "focus", "50 30"),
        ('focus: "0%  100%"', "focus", "0 100"),
        ("src_dark: b.png", "src_dark", "b.png"),
        ("url: https://www.example.org, play: true", "play", True),
        ("play: true, url: https://www.example.org", "play", True),
        ("play: false", "play", False),
        ("width:", "width", None),
        ("crop: ''", "crop", ""),
    ],
)
def test_what_may_be_written(tmp_path: Path, keys: str, name: str, value: object) -> None:
    assert getattr(hero(tmp_path, keys), name) == value


@pytest.mark.parametrize(
    ("keys", "place", "said"),
    [
        ("width: 0", "hero.width", "from 1 to 600, such as 480"),
        ("width: 601", "hero.width", "from 1 to 600, such as 480"),
        ("width: 50%", "hero.width", "from 1 to 600, such as 480"),
        ("crop: wide", "hero.crop", 'such as "16:9", "3:2", "4:3", "1:1" or "3:4"'),
        ("crop: 0:9", "hero.crop", 'such as "16:9", "3:2", "4:3", "1:1" or "3:4"'),
        ("crop: 101:1", "hero.crop", "each at most 100"),
        ("crop: 1.5", "hero.crop", 'such as "16:9"'),
        ("focus: top", "hero.focus", 'from the left and from the top, such as "50 30"'),
        ("focus: 50 101", "hero.focus", 'such as "50 30"'),
        ("focus: 50", "hero.focus", 'such as "50 30"'),
        ("play: true", "hero.play", "needs an address to play at: add url"),
        ("play: yes", "hero.play", "must be true or false"),
        ("url: javascript:alert(1)", "hero.url", "must be an address that begins with"),
        ("src_dark: https://www.example.org/a.png", "hero.src_dark", "must be a file of the workspace"),
        ("src_dark: lost.png", "hero.src_dark", "there is no picture `lost.png`"),
    ],
)
def test_what_may_not_is_told_at_its_value(tmp_path: Path, keys: str, place: str, said: str) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    text = HERO.format(keys) + "wrong: key\n"  # by which pictures are looked for at once
    problems = [problem for problem in problems_of(tmp_path, text) if problem.path != "wrong"]
    assert [problem.path for problem in problems] == [place]
    assert said in str(problems[0].message)
    assert_korean(problems[0].message)
    assert problems[0].line == 3
    assert text.splitlines()[2][(problems[0].column or 0) - 1 :].startswith(keys.split(": ")[1])


def test_play_says_nothing_where_the_address_is_wrong_already(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    with pytest.raises(InputError) as caught:
        hero(tmp_path, "url: nowhere, play: true")
    assert [problem.path for problem in caught.value.problems] == ["hero.url"]
