"""What an issue says of a picture besides its file and its words, in the letter and in the text part."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from newsletter.edition.edition import Edition, Variant
from newsletter.edition.render import render
from newsletter.issue.load import load_issue
from newsletter.workflow.steps.approval_inputs import inputs_of
from newsletter.workflow.steps.letter import open_letter
from tests.support.issue_files import workspace, write_issue
from tests.support.letters import picture_bytes
from tests.support.markup import Element, elements

FILM = "https://www.example.org/film"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "issues").mkdir()
    for name, size in (("day", (1600, 800)), ("night", (1600, 1000))):
        (tmp_path / "issues" / f"{name}.png").write_bytes(picture_bytes(*size))
    return tmp_path


def shown(root: Path, keys: str, more: str = "", language: str = "ko") -> Edition:
    text = f"""title: 제목
hero: {{ src: day.png, alt: 강, {keys} }}
sections:
  - type: story
    image: {{ src: day.png, alt: 길, {keys} }}
    body: 글
{more}"""
    issue = load_issue(write_issue(root, text), workspace_root=root, timezone="Asia/Seoul")
    return render(issue, workspace(root), Variant(language, (0,), 1))


def pictures(found: Edition) -> list[Element]:
    return [element for element in elements(found.html) if element.tag == "img"]


def size_of(found: Edition, picture: Element) -> tuple[int, int]:
    (data,) = (one.data for one in found.pictures if f"cid:{one.cid}" == picture.attributes["src"])
    return Image.open(io.BytesIO(data)).size


def test_a_width_is_the_width_shown_and_the_file_has_twice_the_pixels(root: Path) -> None:
    found = shown(root, "width: 200")
    assert [picture.attributes["width"] for picture in pictures(found)] == ["200", "200"]
    assert [size_of(found, picture) for picture in pictures(found)] == [(400, 200), (400, 200)]
    assert {picture.style["width"] for picture in pictures(found)} == {"200px"}
    assert {picture.style["max-width"] for picture in pictures(found)} == {"100%"}
    assert len(found.pictures) == 1, "the same file in the same size travels once"
    hero, story = pictures(found)
    assert hero.inside[-1].attributes["align"] == "center"
    assert "align" not in story.inside[-1].attributes


def test_the_caption_of_a_hero_stands_under_it(root: Path) -> None:
    for keys, align in (("caption: 강가, width: 200", "center"), ("caption: 강가", "")):
        hero, _ = (one for one in elements(shown(root, keys).html) if one.tag == "p" and one.text == "강가")
        assert hero.inside[-1].attributes.get("align", "") == align


def test_every_picture_travels_with_twice_the_pixels_of_its_own_place(root: Path) -> None:
    picture = "{ src: day.png, alt: 강 }"
    text = f"""title: 제목
hero: {picture}
sections:
  - {{ type: story, layout: left, image: {picture}, body: 글, research: [{{ title: 책, cover: {picture} }}] }}
  - {{ type: people, image: {picture}, items: [{{ name: 홍길동, image: {picture} }}] }}
"""
    issue = load_issue(write_issue(root, text), workspace_root=root, timezone="Asia/Seoul")
    found = render(issue, workspace(root), Variant("ko", (0, 1), 2))
    widths = [int(one.attributes["width"]) for one in pictures(found)]
    assert len(widths) == 5
    assert len(set(widths)) == 5
    assert [size_of(found, one)[0] for one in pictures(found)] == [2 * width for width in widths]


def test_a_width_beyond_its_place_is_that_of_the_place(root: Path) -> None:
    found = shown(root, "width: 600")
    assert [picture.attributes["width"] for picture in pictures(found)] == ["600", "536"]


def test_a_crop_is_what_is_shown(root: Path) -> None:
    found = shown(root, 'crop: "1:1", focus: "0 0"')
    assert [(one.attributes["width"], one.attributes["height"]) for one in pictures(found)] == [
        ("600", "600"),
        ("536", "536"),
    ]


def test_an_address_makes_the_picture_a_link_here_and_in_the_text_part(root: Path) -> None:
    found = shown(root, f'url: "{FILM}"')
    assert re.findall(r'<a href="([^"]+)"[^>]*><img ', found.html) == [FILM, FILM]
    assert "(그림: 강) [1]\n" in found.text
    assert "(그림: 길) [1]\n" in found.text
    assert f"[1] {FILM}\n" in found.text
    assert shown(root, f'url: "{FILM}", play: true').pictures != found.pictures


def test_an_address_may_hold_a_field_and_be_another_one_in_another_language(root: Path) -> None:
    more = "translations:\n  en:\n    hero: { alt: River, url: 'https://www.example.org/en' }\n"
    address = "https://www.example.org/?q={{ subscriber.fields.word | default('a') }}"
    found = shown(root, f'url: "{address}"', more, "en")
    links = [one.attributes["href"] for one in elements(found.html) if one.tag == "a"]
    assert links[0] == "https://www.example.org/en"
    assert links[1].startswith("https://www.example.org/?q=merge")


def test_another_file_in_the_dark_is_hidden_unless_the_letter_can_tell(root: Path) -> None:
    found = shown(root, "src_dark: night.png")
    day, night, *_ = pictures(found)
    assert [one.attributes["alt"] for one in (day, night)] == ["강", ""]
    assert night.attributes["role"] == "presentation"
    assert re.search(r"display:\s*none", night.attributes["style"])
    assert re.search(r"mso-hide:\s*all", night.attributes["style"])
    assert "display:block" not in night.attributes["style"]
    assert "display:none" not in day.attributes["style"]
    assert (day.attributes["height"], night.attributes["height"]) == ("300", "375")
    assert found.html.count("<!--[if !mso]><!--><img") == 2
    dark = found.html[found.html.index("prefers-color-scheme:dark") :]
    assert ".by-day{display:none !important}" in dark
    assert ".by-night{display:block !important}" in dark
    # What is said of the two stays said, whichever is seen.
    assert '<div role="img" aria-label="강">' in found.html
    linked = shown(root, f'src_dark: night.png, url: "{FILM}"')
    links = [one.attributes["aria-label"] for one in elements(linked.html) if one.attributes.get("href") == FILM]
    assert links == ["강", "길"]
    assert '<div role="img"' not in linked.html


def test_what_is_the_same_by_day_and_by_night_travels_once(root: Path) -> None:
    assert len(shown(root, "src_dark: day.png, width: 100").pictures) == 1
    assert "by-night" not in shown(root, "width: 100").html


def test_both_files_are_what_a_yes_is_given_to(root: Path) -> None:
    shown(root, "src_dark: night.png")
    assert set(inputs_of(open_letter(workspace(root), "2026-11"), workspace(root))["pictures"]) == {
        "day.png",
        "night.png",
    }
