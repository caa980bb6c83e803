"""Where a finding is: the line of the issue that became this HTML, else the place in the HTML, in every edition."""

from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.catalogue import Verbatim
from newsletter.check.audience import AudienceSummary
from newsletter.check.choices import Choices
from newsletter.check.finding import Finding, LetterPlace, Severity
from newsletter.check.material import Material, Sheet, issue_links
from newsletter.check.page import StartTag, read_page
from newsletter.check.place_findings import Teller
from newsletter.check.places.in_letter import letter_place, one_for_each
from newsletter.check.places.origin import Origin, Origins
from newsletter.check.places.source import IssueSource, read_source
from newsletter.check.rule import Found
from newsletter.check.rules import RULES
from newsletter.edition.edition import Context, Edition, Hole
from newsletter.edition.render import render
from newsletter.edition.strange_templates import strange_templates
from newsletter.edition.variants import variants
from newsletter.issue.load import load_issue
from newsletter.issue.tree import DataPath, read_tree
from tests.support.issue_files import workspace, write_issue
from tests.support.letters import picture_bytes, workspace_at

ISSUE = """\
title: 신성장동력
preheader: 새 책
hero: { src: a.png, alt: 남산에서 본 서울 }
intro: |
  {{ subscriber.name | default("구독자") }}님, 이번 호에는 **굵게** 적은 말이 있습니다.
sections:
  - type: story
    heading: 첫째 이야기
    body: |
      [하나](https://a.example.kr/x)와 [둘](https://a.example.kr/x)은 같은 곳입니다.
    button: { label: 보고서 읽기, url: "https://a.example.kr/report" }
  - type: notice
    body: 짧음
"""


def material_at(root: Path, text: str = ISSUE) -> Material:
    place = workspace(root)
    (root / "issues" / "a.png").write_bytes(picture_bytes(1200, 600))
    issue = load_issue(write_issue(root, text), workspace_root=place.root, timezone="Asia/Seoul")
    editions = [render(issue, place, variant) for variant in variants(issue, ["ko"])]
    sheets = tuple(Sheet(edition, read_page(edition.html)) for edition in editions)
    links = tuple(issue_links(issue))
    return Material(issue, sheets, place.settings, AudienceSummary(), links, strange_templates(root))


def tag_saying(sheet: Sheet, words: str, *names: str) -> StartTag:
    return next(tag for tag in sheet.page.named(*names) if tag.words == words)


@pytest.mark.parametrize(
    ("words", "name", "path"),
    [
        ("신성장동력", "h1", ("title",)),
        ("첫째 이야기", "h2", ("sections", 0, "heading")),
        ("하나와 둘은 같은 곳입니다.", "p", ("sections", 0, "body")),
        ("굵게", "strong", None),
        ("짧음", "p", ("sections", 1, "body")),
        ("보고서 읽기", "a", ("sections", 0, "button", "url")),
    ],
)
def test_a_tag_comes_from_the_value_whose_words_or_address_it_shows(
    tmp_path: Path, words: str, name: str, path: DataPath | None
) -> None:
    material = material_at(tmp_path)
    [sheet] = material.sheets
    origin = Origins(material).of(sheet, tag_saying(sheet, words, name))
    assert (origin.path if origin else None) == path


def test_words_around_a_merge_field_are_found(tmp_path: Path) -> None:
    material = material_at(tmp_path)
    [sheet] = material.sheets
    intro = next(tag for tag in sheet.page.named("p") if tag.words.endswith("적은 말이 있습니다."))
    origin = Origins(material).of(sheet, intro)
    assert origin is not None
    assert origin.path == ("intro",)


def test_the_second_link_to_an_address_is_the_second_in_the_issue(tmp_path: Path) -> None:
    material = material_at(tmp_path)
    [sheet] = material.sheets
    origins = [Origins(material).of(sheet, tag_saying(sheet, words, "a")) for words in ("하나", "둘")]
    assert [(origin.path, origin.nth) for origin in origins if origin] == [
        (("sections", 0, "body"), 0),
        (("sections", 0, "body"), 1),
    ]


def test_a_picture_comes_from_its_file_and_a_foreign_one_from_its_words(tmp_path: Path) -> None:
    material = material_at(tmp_path)
    [sheet] = material.sheets
    image = next(tag for tag in sheet.page.named("img") if tag.get("alt") == "남산에서 본 서울")
    foreign = replace_attributes(image, src="https://elsewhere.example.kr/a.png")
    assert Origins(material).of(sheet, image) == Origin(("hero", "src"))
    assert Origins(material).of(sheet, foreign) == Origin(("hero", "alt"))
    assert Origins(material).of(sheet, replace_attributes(foreign, alt="")) is None


def replace_attributes(tag: StartTag, **attributes: str) -> StartTag:
    return replace(tag, attributes={**tag.attributes, **attributes})


def test_what_several_values_became_comes_from_none_of_them(tmp_path: Path) -> None:
    material = material_at(tmp_path)
    [sheet] = material.sheets
    assert Origins(material).of(sheet, sheet.page.named("body")[0]) is None


def edition_of(html: str, variant: str = "ko") -> Edition:
    hole = Hole("mergea0q", "name", None, Context.HTML)
    return Edition("2026-11", variant, variant, "s", html, "t", (hole,), ())


def sheet_of(html: str, variant: str = "ko") -> Sheet:
    return Sheet(edition_of(html, variant), read_page(html))


def test_a_place_in_the_letter_shows_the_tag_with_its_merge_fields() -> None:
    sheet = sheet_of('<p>a</p>\n  <a\n  title="mergea0q"\n class="x">b</a>')
    place = letter_place(sheet, sheet.page.tags[1])
    assert place == LetterPlace("ko", 2, 3, 1, '<a title="{{ subscriber.name }}" class="x">')
    long = sheet_of(f'<p class="{"x" * 200}">')
    assert len(letter_place(long, long.page.tags[0]).excerpt) == 120


def test_a_finding_without_a_line_names_the_place_in_the_rendered_file() -> None:
    letter = LetterPlace("ko-0-2", 40, 7, 12, "<td>")
    finding = Finding(
        "x", Severity.WARNING, Verbatim("m"), "issues/2026-11.yaml", hint=Verbatim("h"), letters=(letter,)
    )
    assert str(finding) == "2026-11.html [ko-0-2] 40:7: warning: m [x]\n    <td>\nh"
    assert str(replace(finding, line=3, column=1)).startswith("issues/2026-11.yaml:3:1: warning: m [x]\nh")


def place(variant: str, index: int) -> LetterPlace:
    return LetterPlace(variant, index + 1, 1, index)


def test_what_is_the_same_in_every_edition_is_one_finding_with_all_its_places() -> None:
    found = Finding("x", Severity.WARNING, Verbatim("m"), "issues/a.yaml")
    everywhere = [replace(found, letters=(place(variant, index),)) for variant in ("ko", "en") for index in (3, 9)]
    first, second = one_for_each(everywhere)
    assert first.letters == (place("ko", 3), place("en", 3))
    assert second.letters == (place("ko", 9), place("en", 9))
    [one] = one_for_each([replace(finding, line=5) for finding in everywhere])
    assert one.letters == (place("ko", 3), place("ko", 9), place("en", 3), place("en", 9))
    assert one_for_each([found, found, replace(found, message=Verbatim("n"))]) == [
        found,
        replace(found, message=Verbatim("n")),
    ]


def test_a_finding_in_a_text_names_the_line_of_the_issue_and_one_in_the_template_the_html(tmp_path: Path) -> None:
    material = material_at(tmp_path)
    [sheet] = material.sheets
    source = read_source(material.issue.path, "issues/2026-11.yaml")
    teller = Teller(material, source, Choices({}, {}), workspace_at(tmp_path))
    rule = RULES["form-tag"]
    heading, body = tag_saying(sheet, "첫째 이야기", "h2"), sheet.page.named("body")[0]
    told = teller.finding(rule, Found(Verbatim("a"), tag=heading, sheet=sheet))
    assert (told.place, told.letter) == ("issues/2026-11.yaml:8:14", letter_place(sheet, heading))
    told = teller.finding(rule, Found(Verbatim("a"), tag=body, sheet=sheet))
    assert told.place.startswith("2026-11.html [ko] ")
    line, column = map(int, told.place.rpartition(" ")[2].split(":"))
    assert sheet.edition.html.split("\n")[line - 1][column - 1 :].startswith("<body")


def test_places_of_an_issue_are_those_of_its_file() -> None:
    text = 'title: "책"\nintro: |\n  하나 둘 하나\n'
    source = IssueSource("issues/x.yaml", tuple(text.split("\n")), read_tree(text)[0])
    assert (source.place(("intro",), "하나", 1).line, source.place(("intro",), "하나", 1).column) == (3, 8)
    assert source.place(("title",)).excerpt == '    title: "책"\n           ^'
    assert source.place(()).line is None
