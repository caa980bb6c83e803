"""The body of the letter: what every mail client and screen reader finds in it."""

import itertools
import re

import pytest

from newsletter.edition.theme import theme_view
from newsletter.settings.palette import palette_of
from tests.support.finished import LANGUAGES, html_of, text_of, workspace_of
from tests.support.markup import Element, as_outlook_reads, elements, unbalanced

MOST_HTML = 80 * 1024
DATA_TABLES = {"every-section": 5, "arabic": 3, "japanese": 3}
"""With every kind of section: a table, two charts that are tables, too, and, but in the translations, two in a text."""
SAYS_NOTHING = {"여기", "더보기", "더 보기", "클릭", "링크", "here", "more", "click here", "read more"}


@pytest.fixture
def body(name: str) -> list[Element]:
    """The elements of the letter."""
    return elements(html_of(name))


def of(body: list[Element], *tags: str) -> list[Element]:
    return [element for element in body if element.tag in tags]


def test_is_far_below_what_gmail_clips(name: str) -> None:
    assert len(html_of(name).encode()) < MOST_HTML


def test_outermost_element_says_what_it_is_in_which_language(name: str, body: list[Element]) -> None:
    inside = [element for element in body if [outer.tag for outer in element.inside] == ["html", "body"]]
    assert [element.tag for element in inside] == ["div"]
    assert inside[0].attributes["role"] == "main"
    expected = (LANGUAGES.get(name, "ko"), "rtl" if name == "arabic" else "ltr")
    assert (inside[0].attributes["lang"], inside[0].attributes["dir"]) == expected
    assert (body[0].attributes["lang"], body[0].attributes["dir"]) == expected


def test_one_h1_and_no_skipped_level(body: list[Element]) -> None:
    levels = [int(heading.tag[1]) for heading in of(body, "h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


def test_korean_words_stay_whole_and_others_break_as_they_do(body: list[Element]) -> None:
    for element in of(body, "h1", "h2", "h3", "p"):
        chain = [*element.inside, element]
        language = [place.attributes["lang"] for place in chain if "lang" in place.attributes][-1]
        if re.search("[가-힣]", element.text):
            assert (language == "ko") == any(place.style.get("word-break") == "keep-all" for place in chain)


def test_preheader_comes_first_is_hidden_and_fills_the_inbox_line(name: str, body: list[Element]) -> None:
    first = next(element for element in body if element.inside and element.inside[-1].attributes.get("role") == "main")
    assert first.style["display"] == "none"
    assert first.style["mso-hide"] == "all"
    assert len(first.text) >= 200
    words = first.text.split("\xa0")[0].strip()
    assert words
    assert words not in text_of(name)


def test_every_picture_has_words_and_its_measures(body: list[Element]) -> None:
    for picture in of(body, "img"):
        for_the_dark = picture.attributes.get("role") == "presentation"
        assert bool(picture.attributes["alt"].strip()) != for_the_dark
        assert picture.attributes["width"].isdecimal()
        assert picture.attributes["height"].isdecimal()
        assert picture.attributes["src"].startswith("cid:")
        assert picture.style["display"] in ({"none"} if for_the_dark else {"block", "inline-block"})
        width = f"{picture.attributes['width']}px"
        assert (picture.style["width"], picture.style["max-width"]) in {("100%", width), (width, "100%")}


def test_the_theme_is_what_the_letter_wears(name: str) -> None:
    html = html_of(name)
    theme = workspace_of(name).settings.theme
    assert palette_of(theme.colours)["accent"] in html
    assert palette_of(theme.colours)["dark_accent"] in html
    assert f'width="{theme.width}"' in html
    assert f"max-width:{theme.width}px" in html
    assert ("#0b6655" in html) == (name != "themed")
    (headline,) = of(elements(html), "h1")
    assert headline.style["font-size"] == f"{theme_view(theme).headline}px"


def test_the_example_has_a_picture_for_the_issue_and_each_story() -> None:
    assert len(of(elements(html_of("example")), "img")) == 5


def test_layout_tables_are_no_data_to_a_screen_reader(name: str) -> None:
    every_table = of(elements(as_outlook_reads(html_of(name))), "table")
    tables = [table for table in every_table if "role" in table.attributes]
    assert tables
    assert len(every_table) - len(tables) == DATA_TABLES.get(name, 0)
    for table in tables:
        found = [table.attributes.get(key) for key in ("role", "border", "cellpadding", "cellspacing")]
        assert found == ["presentation", "0", "0", "0"]


def test_every_background_is_said_twice(body: list[Element]) -> None:
    """Outlook reads bgcolor, the others the style."""
    for element in of(body, "table", "td"):
        assert element.style.get("background-color") == element.attributes.get("bgcolor")


def test_text_has_a_colour_and_beside_it_a_background(body: list[Element]) -> None:
    for element in of(body, "p", "h1", "h2", "h3", "li", "a", "span"):
        chain = [*element.inside, element]
        assert any("color" in place.style and "background-color" in place.style for place in chain if place.tag == "td")


def test_outlook_sees_balanced_tables_as_well_as_everybody_else(name: str) -> None:
    html = html_of(name)
    assert unbalanced(re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)) == []
    assert unbalanced(as_outlook_reads(html)) == []
    assert not re.search(r"(?<!--)<!\[if", html)


def test_links_say_where_they_go_and_stay_underlined(body: list[Element]) -> None:
    links = of(body, "a")
    assert links
    for link in links:
        pictures = [one.attributes["alt"] for one in of(body, "img") if link in one.inside]
        words = link.text.strip() or " ".join(pictures).strip()
        assert words
        assert words.lower() not in SAYS_NOTHING
        assert re.match(r"(https://|mailto:|tel:)\S", link.attributes["href"])
        if link.attributes.get("class") == "on" or "border" in link.inside[-1].style:
            boxes = [
                one for one in of(body, "b") if one.inside[-1] is link and one.style.get("display") == "inline-block"
            ]
            assert boxes or link.style["text-decoration"] == "none", "the line under a link runs through no such box"
        elif not [one for one in of(body, "img") if one.inside[-1] is link]:
            assert [one for one in of(body, "u") if one.inside[-1] is link]


def test_contents_lead_to_the_same_section_in_the_archive_and_never_into_the_mail_itself() -> None:
    themed, example = elements(html_of("themed")), elements(html_of("example"))
    places = [element.attributes["id"] for element in themed if "id" in element.attributes]
    links = [link.attributes["href"] for link in of(themed, "a") if "#" in link.attributes["href"]]
    assert links == [f"https://news.example.org/u/abc#{place}" for place in places]
    assert places == ["story-01", "story-02", "story-03", "story-04", "section-5"]
    assert not [element for element in example if "id" in element.attributes]
    assert not [link for link in of(example, "a") if "#" in link.attributes["href"]]
    entries = [element for element in example if element.attributes.get("class") == "rule"]
    assert [entry.text.strip() for entry in entries] == [heading.text.strip() for heading in of(example, "h2")]


def test_buttons_are_padded_labels_in_cells_that_are_padded_for_outlook(name: str) -> None:
    html = html_of(name)
    button = re.search(
        r'<td[^>]*class="solid"[^>]*bgcolor="#[^>]*mso-padding-alt:14px 28px[^>]*>\s*<a .*?</a>', html, re.DOTALL
    )
    assert button
    assert "padding:14px 28px" in button[0]
    assert "v:roundrect" not in html


def test_every_text_has_the_fonts_that_its_readers_have(name: str, body: list[Element]) -> None:
    others = {
        "english": "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif",
        "japanese": "'Hiragino Sans','Yu Gothic Medium','Yu Gothic',Meiryo,'Noto Sans JP',sans-serif",
        "arabic": "-apple-system,'Segoe UI',Tahoma,'Noto Sans Arabic',Arial,sans-serif",
    }
    stack = others.get(name, "'Apple SD Gothic Neo','Malgun Gothic','맑은 고딕','Noto Sans KR',sans-serif")
    for element in of(body, "p", "h1", "h2", "h3", "li"):
        fonts = [place.style["font-family"] for place in element.inside if "font-family" in place.style]
        assert fonts[-1].replace('"', "'").replace(", ", ",") == stack


def test_nothing_that_clients_refuse_or_that_was_left_over(name: str, body: list[Element]) -> None:
    html = html_of(name)
    assert not {element.tag for element in body} & {"script", "form", "iframe", "video", "svg", "link"}
    assert not {key for element in body for key in element.attributes} & {"onclick", "target"}
    for word in ("data:", "{{", "}}", "{%", "TODO", "lorem", "제목을 입력", "justify", "webp"):
        assert word not in html
    for element in of(body, "em"):
        assert (element.style["font-style"] == "italic") is element.text.isascii(), "only Latin is slanted"
        assert element.text.isascii() or element.style["font-weight"] == "bold"


def test_footer_names_the_institute_and_the_way_out(name: str) -> None:
    english = name == "english"
    for part in (html_of(name), text_of(name)):
        for words in (
            "06756 서울시 서초구 남부순환로340길 57 (서초동)",
            "02-2149-1234",
            "02-120",
            "Copyright 2019 Seoul Institute. All Rights Reserved.",
            "cannot receive replies" if english else "발신 전용",
            "Unsubscribe" if english else "수신 거부",
            "https://news.example.org/u/",
            "https://www.si.re.kr",
        ):
            assert words in part


def test_a_number_never_parts_from_its_unit(body: list[Element]) -> None:
    number = r"(약\s)?[\d,]+(여|억)?\s?(명|원|개|%)|₩[\d.]+\sbn|\d+\+|about\s\d+%"
    number += r"|約?[\d.]+(人|社|億円)|[1-9][\d.]*(\sمليار)?"
    values = [element for element in of(body, "p") if re.fullmatch(number, element.text.replace("\u2060", ""))]
    assert len(values) >= 3
    for value in values:
        assert " " not in value.text, "a space where a line could break"
        assert not re.search("[0-9가-힣][가-힣]", value.text), "two letters that a program may part"
        assert value.style["font-variant-numeric"] == "tabular-nums"
        assert int(value.style["font-size"].removesuffix("px")) >= 32
