"""No letter, no issue and no audience is so strange that a rule breaks on it; what is found can always be told."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.check.audience import AudienceSummary
from newsletter.check.formats import Format, FormatOptions, write_findings
from newsletter.check.run import Examined, examine
from newsletter.edition.edition import Context, Edition, Hole, Picture
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.errors import InputError
from newsletter.issue.load import load_issue
from newsletter.report.findings import CheckReport
from newsletter.settings.workspace import Workspace
from tests.support.checks import ko
from tests.support.issue_files import workspace, write_issue

FILE = "issues/2026-11.yaml"
Look = Callable[[Edition], Examined]
# fmt: off
NAMES = [
    "a", "a", "a", "img", "img", "p", "td", "table", "tr", "th", "h1", "h2", "h3", "div", "span", "style",
    "title", "body", "html", "head", "meta", "font", "b", "br", "form", "script", "hr", "v:rect", "center",
    "x-y", "![if",
]
ATTRIBUTES = [
    "href", "src", "alt", "style", "width", "height", "role", "lang", "dir", "id", "class", "bgcolor",
    "background", "color", "content", "name", "align", "dir",
]
# fmt: on
USUAL = {"a": ("href",), "img": ("src", "alt", "width"), "html": ("lang", "dir"), "style": ()}
"""Attributes that a tag always has, so that its rules have something to look at."""
VALUES = [
    "",
    "#",
    "/",
    "//x",
    "http://[::1",
    "https://a.example.kr/%zz?x=1",
    "javascript:1",
    "data:image/png;base64,AA",
    "cid:none",
    "mailto:",
    "tel:1",
    "presentation",
    "ko",
    "x" * 300,
    "100%",
    "-1px",
    "1e999px",
    "#fff",
    "#12345",
    "rgb(1,2",
    "color:#777;background:url(x",
    "font:bold 9px/1 a",
    "font-size:.5em;color:rgba(0,0,0,.1)",
    "width:calc(1px + var(--x))",
    "display:none;mso-hide:all",
    "{{",
    "mergea0q",
    "\u0000",
    "여기",
    "http://a.example.kr/x",
    "http://127.0.0.1/x",
    "https://a.example.kr/?utm_source=x&email=mergea0q",
    "font-size:8px",
]
CSS = [
    "a{}",
    "@media (prefers-color-scheme:dark){p{color:#fff}}",
    "@media{@media{",
    "[data-ogsc] a{color:#1",
    "/*",
    "}}",
    ":root{--a:1}",
    "p > a:not(:hover)::before{content:'\\",
    "@import url(x);",
    "*{color:#777 !important}",
    "@font-face{src:url(",
    "@media (prefers-color-scheme:dark){p{color:#fff}@media print{a{color:var(--x)}}}",
    "p{color:rgba(1,2,3,.4)}",
    "p{margin:0}" * 1600,
]
WORDS = ["TODO", "여기", "click here", "(광고)", "\u1112\u1161\u11ab", "mergea0q", "\u0000", "지금 구매하세요 50% 할인"]
TEXTS = st.text(max_size=12) | st.sampled_from([*VALUES, *WORDS, "Re: 책", "가" * 90])


def soup(chance: Random) -> str:
    """Tags with attributes and words, not always closed; by chance and not drawn one by one, so that it is much."""
    return "".join(tag(chance) for _ in range(chance.randrange(40)))


def tag(chance: Random) -> str:
    """One of them."""
    name = chance.choice(NAMES)
    named = [(key, chance.choice(VALUES)) for key in USUAL.get(name, ("style",)) if chance.random() < 0.9]
    more = [(chance.choice(ATTRIBUTES), chance.choice(VALUES)) for _ in range(chance.randrange(4))]
    written = "".join(f' {key}="{value}"' if value else f" {key}" for key, value in (*named, *more))
    inside = sheet(chance) if name == "style" else chance.choice(WORDS)
    return f"<{name}{written}>{inside}" + chance.choice([f"</{name}>"] * 20 + ["", "</td></x>", "<!--x-->"])


def sheet(chance: Random) -> str:
    """A style sheet that may be broken."""
    return "".join(chance.choice(CSS) for _ in range(chance.randrange(5)))


def page(chance: Random) -> str:
    """The soup alone, or in a frame, so that what hangs on the frame is looked at too."""
    if chance.random() < 0.3:
        return soup(chance)
    frame = chance.choice(["", " lang=ko dir=ltr", " dir=x"])
    head = f"<head><title>{chance.choice(WORDS)}</title><style>{sheet(chance)}</style></head>"
    return f"<!DOCTYPE html><html{frame}>{head}<body>{soup(chance)}"


HOLES = (Hole("mergea0q", "subscriber.name", None, Context.HTML), Hole("mergea1q", "link.unsubscribe", "", Context.URL))
PICTURES = st.sampled_from(
    [(), (Picture("none", "a-0.webp", "image/webp", b""),), (Picture("p", "", "image/png", b"x" * 400_000),)]
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return workspace(tmp_path_factory.mktemp("any"))


@pytest.fixture(scope="module")
def look(small: Workspace) -> Look:
    """The findings of an edition of a small issue."""
    text = "title: 책\npreheader: 새 책\nintro: |\n  [여기](https://a.example.kr/x)를 보세요.\n"
    issue = load_issue(write_issue(small.root, text), workspace_root=small.root, timezone="Asia/Seoul")
    audience = AudienceSummary(file="subscribers.csv")
    return lambda edition: examine(issue, [edition, edition], small, FILE, audience)


def tell(examined: Examined) -> None:
    """In every form that there is."""
    findings = (*examined.findings, *examined.ignored)
    assert all(ko(finding.message) and str(finding) for finding in findings)
    report = CheckReport("2026-11", examined.findings, ignored=examined.ignored)
    told = {form: write_findings(form, [report], FormatOptions("ko", verbose=True)) for form in Format}
    assert json.loads(told[Format.JSON])
    assert json.loads(told[Format.SARIF])
    assert told[Format.GITHUB].count("\n") == max(len(examined.findings) - 1, 0)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 2**32),
    subject=TEXTS,
    text=TEXTS,
    pictures=PICTURES,
    language=st.sampled_from(["ko", "en", "", "zz"]),
)
def test_no_letter_breaks_a_rule(
    look: Look, seed: int, subject: str, text: str, pictures: tuple[Picture, ...], language: str
) -> None:
    html = page(Random(seed))
    holes = tuple(hole for hole in HOLES if hole.marker in html)
    tell(look(Edition("2026-11", "ko", language, subject, html, text, holes, pictures)))


LINE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)
MARKDOWN = st.lists(
    LINE
    | st.sampled_from(["# check: ignore link-text -- x", "[여기](<>)", "[a](x y)", "**", "{{", "> 1", "<https://"]),
    max_size=4,
).map("\n".join)


@st.composite
def issues(draw: st.DrawFn) -> dict[str, Any]:
    """The data of an issue that mostly can be loaded."""
    kinds: dict[str, dict[str, Any]] = {
        "story": {"heading": draw(LINE), "body": draw(MARKDOWN)},
        "quote": {"text": draw(MARKDOWN), "source": draw(LINE)},
        "notice": {"heading": draw(LINE), "body": draw(MARKDOWN)},
        "figures": {"items": [{"value": draw(LINE), "label": draw(LINE)}]},
    }
    chosen = draw(st.lists(st.sampled_from(sorted(kinds)), max_size=3))
    return {
        "title": draw(LINE),
        "preheader": draw(LINE),
        "subject": draw(LINE),
        "advertising": draw(st.booleans()),
        "intro": draw(MARKDOWN),
        "sections": [{"type": kind, "only_for": draw(st.lists(LINE, max_size=2)), **kinds[kind]} for kind in chosen],
        "closing": draw(MARKDOWN),
    }


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(data=issues())
def test_no_issue_breaks_a_rule(small: Workspace, data: dict[str, Any]) -> None:
    # JSON is YAML; what the file says in another way of writing is the same to a rule.
    path = write_issue(small.root, json.dumps(data, ensure_ascii=False, indent=1), "any")
    try:
        issue = load_issue(path, workspace_root=small.root, timezone="Asia/Seoul")
        editions = [render(issue, small, variant) for variant in variants(issue, ["ko"])[:1]]
    except InputError:
        return
    audience = AudienceSummary(file="subscribers.csv")
    tell(examine(issue, editions, small, "issues/any.yaml", audience))
