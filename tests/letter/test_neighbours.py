"""Sections beside each other: tints stay apart, no line runs along their edge, a number counts something."""

import re
from pathlib import Path
from typing import Any

import pytest

from newsletter.edition.edition import Edition
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from tests.support.finished import html_of
from tests.support.letters import issue_of, picture_bytes, story, workspace_at
from tests.support.markup import Element, elements

NOTICE = {"type": "notice", "body": "알립니다."}
FIGURES = {"type": "figures", "items": [{"value": "443명", "label": "일자리"}]}
QUOTE = {"type": "quote", "text": "인용한 말"}
EVENTS = {"type": "events", "heading": "행사", "items": [{"title": "토론회", "starts_at": "2026-12-01"}]}


def letter(root: Path, *sections: dict[str, Any], **tables: dict[str, Any]) -> Edition:
    issue = issue_of(root, sections=list(sections))
    return render(issue, workspace_at(root, **tables), variants(issue, ["ko"])[0])


def rows(html: str) -> list[Element]:
    """The rows of the letter from edge to edge, but for the head and the foot."""
    found = [
        one for one in elements(html) if one.tag == "td" and [outer.tag for outer in one.inside].count("table") == 2
    ]
    return found[2:-1]


@pytest.mark.parametrize(
    "tinted",
    [(NOTICE, NOTICE), (FIGURES, NOTICE), (NOTICE, FIGURES), (FIGURES, FIGURES)],
    ids=lambda pair: pair[0]["type"],
)
def test_between_two_tints_there_is_a_strip_of_paper(tmp_path: Path, tinted: tuple[dict[str, Any], ...]) -> None:
    grounds = [row.attributes["class"] for row in rows(letter(tmp_path, *tinted, QUOTE).html)]
    assert grounds == ["tint", "paper", "tint", "paper"]


@pytest.mark.parametrize("under", [story(), story(heading=""), EVENTS], ids=["story", "headless", "events"])
@pytest.mark.parametrize("tinted", [NOTICE, FIGURES], ids=["notice", "figures"])
def test_no_line_runs_along_the_edge_of_a_tint(tmp_path: Path, tinted: dict[str, Any], under: dict[str, Any]) -> None:
    above, below = rows(letter(tmp_path, tinted, under).html)
    assert [above.attributes["class"], below.attributes["class"]] == ["tint", "paper"]
    assert below.style["padding-top"] == "40px"
    lines = [
        html.count("border-top:1px solid")
        for html in (letter(tmp_path, *sections).html for sections in ((QUOTE, under), (tinted, under)))
    ]
    assert lines == [1 if under["heading"] else 0, 0]


def test_no_line_runs_along_the_edge_of_the_picture_of_the_issue(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture_bytes(1200, 600))
    pictures: list[dict[str, Any]] = [{}, {"hero": {"src": "a.png", "alt": "강"}}]
    for hero, lines in zip(pictures, (1, 0), strict=True):
        issue = issue_of(tmp_path, number="7", sections=[QUOTE], **hero)
        html = render(issue, workspace_at(tmp_path, theme={"preset": "journal"}), variants(issue, ["ko"])[0]).html
        (facts,) = [one for one in elements(html) if one.tag == "p" and one.text.startswith("제7호")]
        assert sum(key == "border-bottom" for key in facts.style) == lines


def test_a_narrow_picture_of_the_issue_does_not_hang_from_a_band(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture_bytes(1200, 600))
    hero = {"src": "a.png", "alt": "강"}
    for shown, room in ((hero, None), (hero | {"width": "300"}, "16px")):
        issue = issue_of(tmp_path, sections=[QUOTE], hero=shown)
        html = render(issue, workspace_at(tmp_path, theme={"preset": "bulletin"}), variants(issue, ["ko"])[0]).html
        [picture] = [one for one in elements(html) if one.tag == "img"]
        assert picture.inside[-1].style.get("padding-top") == room


@pytest.mark.parametrize("tone", ["thanks", "info"])
def test_no_line_follows_one_that_a_section_ends_in(tmp_path: Path, tone: str) -> None:
    callout = {"type": "callout", "tone": tone, "body": "고맙습니다."}
    lines = letter(tmp_path, callout, EVENTS).html.count("border-top:1px solid")
    assert lines == 1, "of the thanks their own, else that of the events"


def test_a_story_alone_or_without_a_heading_has_no_number(tmp_path: Path) -> None:
    def numbers(*sections: dict[str, Any]) -> list[str]:
        made = letter(tmp_path, *sections)
        shown = [one.text for one in elements(made.html) if one.tag == "p" and re.fullmatch(r"\d\d", one.text)]
        assert shown == re.findall(r"^(\d\d) 상암", made.text, re.MULTILINE), "the text part says the same"
        return shown

    assert numbers(story()) == []
    assert numbers(story(), QUOTE, story(heading="")) == []
    assert numbers(story(heading="")) == []
    assert numbers(story(), story(heading=""), story()) == ["01", "02"]


def headed(*headings: str) -> list[dict[str, Any]]:
    return [NOTICE | {"heading": heading} for heading in headings]


THREE_STORIES = [story(heading=heading) for heading in "가나다"]


@pytest.mark.parametrize(
    ("contents", "sections", "listed"),
    [
        (None, THREE_STORIES, ["01가", "02나", "03다"]),
        (None, [*THREE_STORIES, NOTICE, QUOTE | {"heading": "말"}], ["01가", "02나", "03다", "\xa0말"]),
        (None, [story(heading="가"), story(heading="나"), *headed("다", "라")], []),
        (
            None,
            [*THREE_STORIES, *headed(*"라마바사아자")],
            ["01가", "02나", "03다", *(f"\xa0{one}" for one in "라마바사아자")],
        ),
        ("auto", headed("가", "나"), []),
        ("auto", [story(heading="가"), *headed("나", "다")], ["가", "나", "다"]),
        ("auto", headed(*"가나다라마바사아"), list("가나다라마바사아")),
        ("auto", headed(*"가나다라마바사아자"), []),
        ("none", THREE_STORIES, []),
    ],
)
def test_the_list_of_contents_names_every_heading_where_there_is_one(
    tmp_path: Path, contents: str | None, sections: list[dict[str, Any]], listed: list[str]
) -> None:
    issue = issue_of(tmp_path, sections=sections, **({"contents": contents} if contents else {}))
    edition = render(issue, workspace_at(tmp_path), variants(issue, ["ko"])[0])
    cells = [
        one for one in elements(edition.html) if one.tag == "td" and "rule" in one.attributes.get("class", "").split()
    ]
    shown: dict[int, str] = {}
    for cell in cells:
        shown[id(cell.inside[-1])] = shown.get(id(cell.inside[-1]), "") + cell.text
    assert list(shown.values()) == listed


def test_another_value_is_told_with_the_ones_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'auto' or 'none'"):
        issue_of(tmp_path, contents="all")


def test_whether_there_is_a_list_makes_no_other_letter_of_an_issue(tmp_path: Path) -> None:
    def digest(**parts: str) -> str:
        issue = issue_of(tmp_path, sections=THREE_STORIES, **parts)
        return render(issue, workspace_at(tmp_path), variants(issue, ["ko"])[0]).digest()

    assert digest() == digest(contents="none") == digest(contents="auto")


def test_an_event_without_time_or_place_leaves_no_dot(tmp_path: Path) -> None:
    at = [("2026-12-01", ""), ("2026-12-01", "시민청"), ("2026-12-01T14:00", ""), ("2026-12-01T14:00", "시민청")]
    events = [{"title": "토론회", "starts_at": starts} | ({"place": place} if place else {}) for starts, place in at]
    html = letter(tmp_path, {"type": "events", "items": events}).html
    said = [one.text for one in elements(html) if one.tag == "p" and re.search("시민청|14:00|·", one.text)]
    assert said[:3] == ["시민청", "14:00", "14:00 · 시민청"]
    assert "\n\n" not in re.sub(r"<[^>]*>", "", html.split("토론회")[1].split("토론회")[0]).strip()


def test_thunderbirds_dark_leaves_buttons_their_fill_and_their_words(name: str) -> None:
    """As its DarkReader.mjs judges: a fill by the colour that the same element sets, words alone by themselves."""

    def luminance(colour: str) -> float:
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        return 0.2125 * red + 0.7154 * green + 0.0721 * blue

    found = elements(html_of(name))
    labels = [one for one in found if one.attributes.get("class") == "on"]
    cells = [label.inside[-1] for label in labels]
    assert {cell.attributes.get("class") for cell in cells} == {"solid"}
    for cell, label in zip(cells, labels, strict=True):
        fill, words = (luminance(one.style[key]) for one, key in ((cell, "background-color"), (label, "color")))
        assert fill <= 200 < words
        for one in (cell, label):
            assert not {"color", "background-color"} <= one.style.keys() or (words + 0.05) / (fill + 0.05) >= 3.5
