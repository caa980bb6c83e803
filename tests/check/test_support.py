"""What mail programs cannot show is told with their names; what the letter does on purpose is not."""

import html
import itertools
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.css import clients
from newsletter.check.css.clients import client_names, harmless, supports
from newsletter.check.css.features import uses_of
from newsletter.check.finding import Finding, Severity
from newsletter.check.page import read_page
from newsletter.check.rules import RULES
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.settings.presets import PresetName
from tests.support.checks import findings_of, ko, of_rule
from tests.support.finished import ISSUES, edition_of
from tests.support.letters import issue_of, story, workspace_at

RULE = "css-support"
ISSUE = "title: 신성장동력\npreheader: 한 줄\nclosing: 끝\nintro: |\n"
MARKDOWN = "하나 *둘* **셋** `넷`\n\n> 다섯\n\n- 여섯\n\n1. 일곱\n\n### 여덟\n\n#### 아홉\n\n---\n\n```\n열\n```\n"


def told(root: Path, *, template: str = "", head: str = "", language: str = "ko") -> list[Finding]:
    """What is said of a workspace that has a closing part, or a style sheet for the head, of its own."""
    folder = root / "templates" / "email"
    folder.mkdir(parents=True, exist_ok=True)
    if template:
        (folder / "_closing.html.j2").write_text(f"<tr><td>{template}</td></tr>", encoding="utf-8")
    if head:
        (folder / "head.css.j2").write_text(head, encoding="utf-8")
    return of_rule(findings_of(root, ISSUE + "  글\n", language=language), RULE)


def letter_in(root: Path, preset: str) -> str:
    """The HTML of a letter with Markdown and with every line over and under a headline, and a foot, in this look."""
    sections = [story(layout="lead", kicker="정책", byline="홍길동", reading_time="auto"), story()]
    issue = issue_of(root, intro=MARKDOWN, summary=["첫 줄"], contents="auto", sections=sections)
    footer = {"social": [{"kind": "youtube", "url": "https://www.youtube.com/@example"}], "funding": "시"}
    workspace = workspace_at(root, theme={"preset": preset}, footer=footer)
    return render(issue, workspace, variants(issue, ["ko"])[0]).html


@pytest.mark.parametrize(
    ("template", "features"),
    [
        ('<div style="display:flex">{{ closing }}</div>', ["css-display-flex"]),
        ('<div style="position:absolute;top:0">{{ closing }}</div>', ["css-position", "css-left-right-top-bottom"]),
        ('<video src="https://www.example.org/a.mp4"></video>{{ closing }}', ["html-video"]),
        (
            '<div style="background-image:url(https://www.example.org/a.png)">{{ closing }}</div>',
            ["css-background-image"],
        ),
        ('<div style="gap:8px">{{ closing }}</div>', ["css-gap"]),
        ('<div style="column-gap:8px">{{ closing }}</div>', ["css-gap"]),
        ('<div style="width:calc(100% - 8px)">{{ closing }}</div>', ["css-unit-calc"]),
        ('<div style="font-size:1rem">{{ closing }}</div>', ["css-unit-rem"]),
        ("<section>{{ closing }}</section>", ["html-semantics"]),
        ('<img alt="x" src="https://www.example.org/a.svg">{{ closing }}', ["image-svg"]),
        ('<img alt="x" src="https://www.example.org/a.png" srcset="b.png 2x">{{ closing }}', ["html-srcset"]),
        ('<svg width="8"></svg>{{ closing }}', ["html-svg"]),
    ],
)
def test_what_a_template_of_the_workspace_relies_on_is_caught(
    tmp_path: Path, template: str, features: list[str]
) -> None:
    found = told(tmp_path, template=template)
    assert sorted(map(feature_of, found)) == sorted(features)
    assert {finding.severity for finding in found} == {Severity.WARNING}
    assert all(finding.letter for finding in found)


@pytest.mark.parametrize(
    ("head", "feature"),
    [
        (".x:has(a){color:#112233}", "css-pseudo-class-has"),
        (".x:hover{color:#112233}", "css-pseudo-class-hover"),
        ("@media (max-width:600px){.x{float:left}}", "css-float"),
        ("@import url(https://www.example.org/a.css);", "css-at-import"),
        ("@font-face{font-family:X;src:url(https://www.example.org/a.woff)}", "css-at-font-face"),
    ],
)
def test_what_a_style_sheet_of_the_workspace_relies_on_is_caught(tmp_path: Path, head: str, feature: str) -> None:
    found = told(tmp_path, head=head)
    assert feature in set(map(feature_of, found))


def test_a_finding_names_the_programs_the_words_and_the_page_and_says_what_is_assumed(tmp_path: Path) -> None:
    template = '<p style="display:inline-flex">{{ closing }}</p>'
    [korean] = told(tmp_path / "ko", template=template)
    [english] = told(tmp_path / "en", template=template, language="en")
    assert ko(korean.message) == (
        "display:flex (‘display:inline-flex’): 지원하지 않는 곳: Outlook (Windows), 네이버·다음(우리의 가정). "
        "일부만 지원하는 곳: Gmail (Android), Gmail (iOS)."
    )
    assert str(english.message) == (
        "display:flex (“display:inline-flex”): not supported by Outlook (Windows), Naver and Daum (our assumption); "
        "supported in part by Gmail (Android), Gmail (iOS)."
    )
    assert "https://www.caniemail.com/features/css-display-flex/" in str(english.hint)
    assert english.letter is not None
    assert english.letter.excerpt.startswith("<p style=")


@pytest.mark.parametrize("name", sorted(ISSUES))
def test_the_letter_itself_is_silent(name: str) -> None:
    assert uses_told(edition_of(name).html) == set()


@pytest.mark.parametrize("preset", get_args(PresetName))
def test_every_look_is_silent(tmp_path: Path, preset: str) -> None:
    assert uses_told(letter_in(tmp_path, preset)) == set()


def test_whatever_markdown_makes_is_silent(tmp_path: Path) -> None:
    intro = "".join(f"  {line}\n" for line in MARKDOWN.splitlines())
    assert of_rule(findings_of(tmp_path, ISSUE + intro), RULE) == []


def test_all_that_is_called_harmless_is_used_by_the_letters_own_templates(tmp_path: Path) -> None:
    letters = [*(edition_of(name).html for name in ISSUES), letter_in(tmp_path, "quiet")]
    used = {use.feature for use in itertools.chain.from_iterable(uses_of(read_page(page)) for page in letters)}
    assert harmless().reasons.keys() - used == set()


def test_all_that_is_called_harmless_is_lacking_somewhere_and_has_a_reason() -> None:
    idle = [name for name in harmless().reasons if not (supports()[name].no or supports()[name].partly)]
    assert idle == []
    assert all(reason.endswith(".") for reason in harmless().reasons.values())


def test_what_another_rule_looks_after_is_looked_after() -> None:
    assert set(harmless().elsewhere.values()) - RULES.keys() == set()
    assert harmless().elsewhere.keys() - clients.tested().keys() == set()


def test_the_assumption_adds_one_client_and_takes_nothing_away() -> None:
    assumed = list(client_names())[-1]
    for name, one in clients.tested().items():
        assert [client for client in supports()[name].no if client != assumed] == list(one.no)
        assert supports()[name].partly == one.partly
    assert assumed in supports()["html-style"].no
    assert assumed in supports()["css-at-media-hover"].no
    assert assumed not in supports()["css-padding"].no


def feature_of(finding: Finding) -> str:
    return ko(finding.hint).rpartition("/features/")[2].rstrip("/")


@given(st.text("{}@;:a()[]'\"\\/*!#.,&> \n-", max_size=60), st.text(max_size=20))
def test_no_style_makes_it_stumble(css: str, value: str) -> None:
    style = html.escape(f"{css};display:{value};width:{value}")
    page = read_page(f'<style>{css} .a{{x:{value}}}</style><p style="{style}" align="{html.escape(value)}">')
    assert all(use.feature for use in uses_of(page))


def uses_told(page: str) -> set[str]:
    known = harmless().reasons.keys() | harmless().elsewhere.keys()
    lacking = {name for name, one in supports().items() if one.no or one.partly}
    return {use.feature for use in uses_of(read_page(page))} & lacking - known
