"""`[footer]`: what may stand at the foot beside who sends the letter; in HTML and text, in both languages."""

from pathlib import Path
from typing import get_args

import pytest

from newsletter.check.run import check_issue
from newsletter.edition.edition import Edition
from newsletter.edition.footer import SERVICES
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.errors import SettingsError
from newsletter.issue.load import load_issue
from newsletter.settings.footer import Service
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.approval_inputs import inputs_of
from newsletter.workflow.steps.letter import open_letter
from tests.support.browser import accessibility_findings, chromium
from tests.support.issue_files import workspace, write_issue
from tests.support.letters import picture_bytes
from tests.support.markup import elements
from tests.support.spoken import assert_told_in_both

ISSUE = "title: 홍보 & 소식\nsections:\n  - { type: story, heading: 이야기, body: 본문입니다. }\n"
LINKS = '[links]\narchive_url = "https://news.example.org/archive"\n'
FOOTER = """[footer]
logo = "logo.png"
social = [{ kind = "youtube", url = "https://www.youtube.com/@example" }, { kind = "x", url = "https://x.com/example" }]
forward = true
subscribe = "https://www.example.org/ask?a=1&b=2"
archive = "auto"
partners = [{ logo = "city.png", alt = "구 <청>", url = "https://city.example.org" },
  { logo = "city.png", alt = "대학" }]
funding = "예시 기금이 지원합니다."
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, wide in (("logo.png", 640), ("city.png", 200)):
        (tmp_path / name).write_bytes(picture_bytes(wide, 80))
    return tmp_path


def edition(space: Workspace, language: str = "ko") -> Edition:
    issue = load_issue(write_issue(space.root, ISSUE), workspace_root=space.root, timezone="Asia/Seoul")
    return render(issue, space, variants(issue, [language])[0])


def test_everything_stands_in_the_html(root: Path) -> None:
    found = edition(workspace(root, LINKS + FOOTER))
    links = [one.attributes["href"] for one in elements(found.html) if one.tag == "a"]
    assert {
        "https://news.example.org/archive",
        "https://www.example.org/ask?a=1&b=2",
        "https://www.youtube.com/@example",
        "https://x.com/example",
        "https://city.example.org",
    } <= set(links)
    [forward] = [link for link in links if link.startswith("mailto:?")]
    assert "%3A%20%ED%99%8D%EB%B3%B4%20%26%20" in forward
    assert any(forward.endswith(f"&body={hole.marker}") for hole in found.holes if hole.key == "link.web")
    pictures = [one.attributes for one in elements(found.html) if one.tag == "img"]
    assert [(one["alt"], one["width"]) for one in pictures] == [
        ("서울연구원", "160"),
        ("구 <청>", "112"),
        ("대학", "112"),
    ]
    shown = [(one.style["width"], one.style["max-width"]) for one in elements(found.html) if one.tag == "img"]
    assert shown == [("160px", "100%"), ("112px", "100%"), ("112px", "100%")]
    assert "예시 기금이 지원합니다." in found.html
    rings = [one for one in elements(found.html) if one.attributes.get("aria-hidden") == "true"]
    assert len(rings) == 2, "a ring with the first letter of each service, for the eyes alone"


def test_a_check_finds_nothing_in_it(root: Path) -> None:
    path = write_issue(root, ISSUE)
    issue = load_issue(path, workspace_root=root, timezone="Asia/Seoul")
    for preset in ("quiet", "journal", "bulletin"):
        with_it = workspace(root, f'{LINKS}[theme]\npreset = "{preset}"\nlogo = "logo.png"\n{FOOTER}')
        alone = workspace(root, f'{LINKS}[theme]\npreset = "{preset}"\n')
        rules = [
            {one.rule for one in check_issue(issue, [edition(space)], space, path.name)} - {"link-placeholder"}
            for space in (with_it, alone)
        ]
        assert rules[0] == rules[1]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "ko",
            [
                "지난 호 보기: https://news.example.org/archive",
                "유튜브: https://www.youtube.com/@example",
                "함께하는 곳:",
            ],
        ),
        (
            "en",
            ["Earlier issues: https://news.example.org/archive", "X: https://x.com/example", "Together with:"],
        ),
    ],
)
def test_and_in_the_text_in_the_readers_language(root: Path, language: str, lines: list[str]) -> None:
    text = edition(workspace(root, LINKS + FOOTER), language).text.split("\n")
    for line in [*lines, "- 구 <청>", "  https://city.example.org", "- 대학", "예시 기금이 지원합니다."]:
        assert line in text


@pytest.mark.parametrize(
    ("footer", "place"),
    [
        ("forward = true", "footer.forward: needs the address of the archive"),
        ('archive = "auto"', "footer.archive: needs the address of the archive"),
        ('archive = "somewhere"', "footer.archive: "),
        ('social = [{ kind = "youtub", url = "https://x.com" }]', "footer.social[0].kind: "),
        ('social = [{ kind = "x", url = "javascript:alert(1)" }]', "footer.social[0].url: "),
        ('social = [{ kind = "x", url = "" }]', "footer.social[0].url: "),
        ('partners = [{ logo = "city.png" }]', "footer.partners[0].alt: is required"),
        (
            'partners = [{ logo = "city.png", alt = "a" }, { logo = "../c.png", alt = "b" }]',
            "footer.partners[1].logo: ",
        ),
        ('logo = "none.png"', "footer.logo: the picture `none.png` is not there"),
        ('funding = "one\\ntwo"', "footer.funding: "),
    ],
)
def test_what_is_wrong_is_told_at_its_line(root: Path, footer: str, place: str) -> None:
    with pytest.raises(SettingsError) as caught:
        edition(workspace(root, f"[footer]\n{footer}\n"))
    assert_told_in_both(caught.value)
    assert str(caught.value.problems[0]).startswith(f"newsletter.toml:9:1: {place}")


def test_every_service_has_a_name() -> None:
    assert set(SERVICES) == set(get_args(Service))


def test_all_of_it_counts_for_an_approval_and_nothing_does_where_it_is_absent(root: Path) -> None:
    write_issue(root, ISSUE)
    bare = workspace(root)
    assert "footer" not in inputs_of(open_letter(bare, "2026-11"), bare)["newsletter.toml"]
    space = workspace(root, LINKS + FOOTER)
    letter = open_letter(space, "2026-11")
    before = inputs_of(letter, space)
    assert set(before["pictures"]) == {"logo.png", "city.png"}
    assert before["newsletter.toml"]["footer"]["funding"] == "예시 기금이 지원합니다."
    (root / "city.png").write_bytes(picture_bytes(200, 81))
    assert inputs_of(letter, space)["pictures"]["city.png"] != before["pictures"]["city.png"]


def test_on_a_phone_each_link_is_for_a_thumb_and_has_a_name(root: Path) -> None:
    html = edition(workspace(root, LINKS + FOOTER)).html
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 320, "height": 800}, color_scheme="dark")
        page.set_content(html)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        boxes = page.evaluate(
            "[...document.querySelectorAll('a')].slice(-8).map(one => one.getBoundingClientRect().height)"
        )
        assert min(boxes) >= 43.9
        assert accessibility_findings(page) == []


def test_what_looks_like_an_open_field_is_text(root: Path) -> None:
    before = edition(workspace(root, LINKS + FOOTER))
    marker = before.holes[0].marker
    found = edition(workspace(root, LINKS + FOOTER.replace("예시 기금이 지원합니다.", f"{marker} 기금")))
    assert len(found.holes) == len(before.holes)
    assert f"{marker} 기금" in found.html
    assert marker not in {hole.marker for hole in found.holes}
