"""What a story and the keys of every section become in the letter: HTML, text part, colours."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from newsletter.edition.edition import Edition
from newsletter.edition.reading_time import minutes_to_read
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.errors import InputError
from newsletter.settings.workspace import Workspace
from tests.support.letters import issue_of, picture_bytes, story, workspace_at

NOTICE = {"type": "notice", "heading": "알립니다", "body": "본문"}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "a.png").write_bytes(picture_bytes(1200, 600))
    return workspace_at(tmp_path, links={"archive_url": "https://news.example.org"})


def shown(workspace: Workspace, *sections: Mapping[str, object], language: str = "ko", **parts: object) -> Edition:
    issue = issue_of(workspace.root, sections=sections, **parts)
    (variant,) = variants(issue, [language])
    return render(issue, workspace, variant)


def test_a_story_without_a_number_leaves_it_to_the_next(workspace: Workspace) -> None:
    letter = shown(workspace, story(), story(numbered=False, heading="쉬어 가기"), story(heading="셋째"))
    assert "01 상암 DMC" in letter.text
    assert "\n쉬어 가기" in letter.text
    assert "02 셋째" in letter.text


def test_a_number_stands_before_a_kicker_in_other_letters(workspace: Workspace) -> None:
    arabic = {"title": "عنوان", "sections": [{"kicker": "Field notes", "heading": "أول"}, {"heading": "ثان"}]}
    for preset in ("quiet", "bulletin"):
        theme = workspace_at(workspace.root, theme={"preset": preset})
        html = shown(theme, story(), story(), language="ar", translations={"ar": arabic}).html
        assert re.search(r'dir="rtl"[^>]*>(<b[^>]*>)?01</b>.{0,80}<span dir="ltr">Field notes</span>', html)


def test_a_long_word_in_a_title_stands_in_its_line_and_is_underlined_with_it(workspace: Workspace) -> None:
    long = "디지털콘텐츠·스마트미디어산업육성"
    card = {"title": f"서울의 {long} 연구", "url": "https://example.org/a"}
    headings = [f"{long} {number}" for number in "123"]
    html = shown(workspace, *(story(heading=heading, research=[card]) for heading in headings), contents="auto").html
    styles = re.findall(rf'<span style="([^"]*)">{long}</span>', html)
    assert styles == ["word-break:break-word"] * 9  # in the list, the headings and the cards


def test_a_hidden_section_is_in_no_edition(workspace: Workspace) -> None:
    letter = shown(workspace, NOTICE, NOTICE | {"body": "감춘 글", "hidden": True, "only_for": ["연구"]})
    assert letter.variant == "ko"
    assert "감춘 글" not in letter.html + letter.text
    assert letter.content == shown(workspace, NOTICE).content, "a copy with something hidden is another letter"


def test_an_anchor_is_what_an_address_of_the_archive_ends_with(workspace: Workspace) -> None:
    letter = shown(workspace, NOTICE | {"anchor": "news"}, story(), story(heading="둘째", anchor="second"))
    for name in ("news", "story-01", "second"):
        assert letter.html.count(f' id="{name}"') == 1
    assert "story-02" not in letter.html


@pytest.mark.parametrize("layout", ["left", "right"])
def test_a_picture_at_the_side_is_as_large_as_it_is_shown(workspace: Workspace, layout: str) -> None:
    beside = shown(workspace, story(image={"src": "a.png", "alt": "그림"}, layout=layout))
    whole = shown(workspace, story(image={"src": "a.png", "alt": "그림"}))
    assert len(beside.pictures) == len(whole.pictures) == 1
    assert len(beside.pictures[0].data) < len(whole.pictures[0].data) / 2
    assert "본문입니다." in beside.html


def test_a_lead_begins_with_its_picture(workspace: Workspace) -> None:
    letter = shown(workspace, story(image={"src": "a.png", "alt": "그림말"}, layout="lead"))
    assert letter.html.index('alt="그림말"') < letter.html.index("상암 DMC</h2>")


def test_research_leads_to_its_address_or_its_doi_or_nowhere(workspace: Workspace) -> None:
    cards = [
        {"title": "주소", "url": "https://www.example.org/a", "doi": "10.1000/x"},
        {"title": "이름", "doi": "10.1000/y", "kind": "paper", "journal": "도시연구", "open_access": True},
        {"title": "제목", "kind": "book"},
    ]
    letter = shown(workspace, story(research=cards))
    links = letter.text[letter.text.index("링크\n") :]
    assert "https://www.example.org/a\n" in links
    assert "https://doi.org/10.1000/y\n" in links
    assert "책: 제목\n" in letter.text
    assert "논문: 이름 [2]\n  도시연구\n  doi:10.1000/y, 누구나 열람\n" in letter.text
    assert letter.html.count('href="https://doi.org/10.1000/y"') == 2, "the title and the name lead there"
    signs = shown(workspace, story(research=[{"title": "옛 논문", "doi": "10.1000/(a)1:2<3::4>5#6?7"}]))
    assert signs.html.count('href="https://doi.org/10.1000/(a)1:2%3C3::4%3E5%236%3F7"') == 2
    assert "doi:10.1000/(a)1:2&lt;3::4&gt;5#6?7" in signs.html
    english = shown(workspace, story(research=cards), language="en")
    assert "Book: 제목\n" in english.text
    assert "open access" in english.html


def test_any_section_may_have_up_to_three_buttons(workspace: Workspace) -> None:
    buttons = [
        {"label": label, "url": f"https://www.example.org/{style}", "style": style}
        for label, style in (("하나", "solid"), ("둘", "outline"), ("셋", "link"))
    ]
    letter = shown(workspace, NOTICE | {"buttons": buttons})
    assert "\n".join(f"→ {one['label']} [{number}]" for number, one in enumerate(buttons, 1)) in letter.text
    for one in buttons:
        assert f'href="{one["url"]}"' in letter.html
    single = shown(workspace, story(button=buttons[0]))
    assert single.html == shown(workspace, story(buttons=buttons[:1])).html


def test_a_summary_stands_before_the_introduction(workspace: Workspace) -> None:
    parts: dict[str, Any] = {"summary": ["**첫** 줄", "둘째 줄"], "translations": {"en": {"summary": ["First line"]}}}
    letter = shown(workspace, **parts)
    assert letter.text.index("이번 호 두 줄\n- 첫 줄\n- 둘째 줄\n") < letter.text.index("안녕하세요.")
    assert letter.html.index("둘째 줄") < letter.html.index("안녕하세요.")
    english = shown(
        workspace, summary=["**첫** 줄", "둘째 줄"], translations={"en": {"summary": ["First line"]}}, language="en"
    )
    assert "This issue in one line\n- First line\n" in english.text


def test_an_accent_of_its_own_colours_one_issue(workspace: Workspace) -> None:
    letter = shown(workspace, story(buttons=[{"label": "읽기", "url": "https://www.example.org"}]), accent="#0B5394")
    assert 'bgcolor="#0b5394"' in letter.html
    assert "#0b6655" not in letter.html


def test_an_accent_that_cannot_be_read_is_told_at_its_line(workspace: Workspace) -> None:
    path = workspace.root / "issues" / "2026-11.yaml"
    path.write_text('title: x\nintro: y\naccent: "#eeee00"\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        shown(workspace, accent="#eeee00")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column, problem.path) == (3, 9, "accent")
    told = str(problem)
    assert "#eeee00" in told
    instead = told.rsplit("\n", maxsplit=1)[-1].split('"')[1]
    assert shown(workspace, accent=instead).html


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", 1),
        ("가" * 500, 1),
        ("가" * 501, 2),
        ("word " * 238, 1),
        ("word " * 239, 2),
        ("가" * 500 + " word" * 238, 2),
    ],
)
def test_reading_takes_as_long_as_there_are_letters_or_words(text: str, minutes: int) -> None:
    assert minutes_to_read(text) == minutes


def test_the_time_of_reading_is_counted_or_given(workspace: Workspace) -> None:
    counted = shown(workspace, story(body="가" * 1200, reading_time="auto", byline="홍길동"))
    assert "홍길동 · 읽는 데 3분" in counted.text
    assert "읽는 데 7분" in shown(workspace, story(reading_time="7")).html
    assert "3 min read" in shown(workspace, story(reading_time="3"), language="en").html
