"""Inlining: the first sheet into attributes, the second byte for byte, and a refusal for what would be spoilt."""

from collections.abc import Callable

import pytest

from newsletter.edition.inline import inline_styles
from newsletter.edition.template_files import EXTRA_SHEET
from newsletter.errors import InputError
from tests.support.spoken import assert_told_in_both

HEAD = """
@media (prefers-color-scheme: dark) { .a > b { color: #112233 !important } }
u + .body .a{color:#445566!important}
#MessageViewBody a,[data-ogsc] .a{color:inherit !important}
"""


def written(_name: str) -> str:
    return ""


def only(text: str) -> Callable[[str], str]:
    """`text` for our templates; there is no sheet of the workspace's own."""
    return lambda name: "" if name == EXTRA_SHEET else text


def page(sheet: str = ".a{color:#112233}", body: str = '<p class="a">글</p>', head: str = HEAD) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="ko"><head><title>제목</title>'
        f'<style>{sheet}</style>\n<style data-premailer="ignore">{head}</style></head><body>{body}</body></html>'
    )


def test_the_first_sheet_goes_into_the_attributes_and_the_second_stays_byte_for_byte() -> None:
    html = inline_styles(page(), written)
    assert '<p class="a" style="color:#112233">글</p>' in html
    assert html.count("<style") == 1
    assert f"<style>{HEAD}</style>" in html
    assert "data-premailer" not in html


def test_six_digit_colours_stay_and_important_wins() -> None:
    html = inline_styles(page(".a{color:#aabbcc}p{color:#112233 !important;background-color:#ffffff}"), written)
    assert 'style="background-color:#ffffff;color:#112233"' in html
    assert 'bgcolor="#ffffff"' in html


def test_doctype_comments_and_addresses_survive() -> None:
    body = (
        '<!--[if mso]><table width="600"><tr><td><![endif]-->'
        '<a class="a" href="https://e.example.org/?a=1&amp;b=2">글</a>'
        "<!--[if mso]></td></tr></table><![endif]--><!--[if !mso]><!--><p>글</p><!--<![endif]-->"
        '<img src="cid:x@y" alt="">'
    )
    html = inline_styles(page(body=body), written)
    assert html.startswith("<!DOCTYPE html>\n")
    assert '<!--[if mso]><table width="600"><tr><td><![endif]-->' in html
    assert "<!--[if !mso]><!--><p>글</p><!--<![endif]-->" in html
    assert 'href="https://e.example.org/?a=1&amp;b=2"' in html
    assert 'src="cid:x@y"' in html


@pytest.mark.parametrize(
    ("sheet", "message", "line"),
    [
        ("\n.a{color:red\n.b{color:blue}}", "in .a: a rule inside a rule", 2),
        ("\n\n.a{color}", "in .a", 3),
        ("\n@media print{.a{color:red}}", "@media cannot be inlined; it belongs in head.css.j2", 2),
        (".a:hover{color:red}", "the selector .a:hover cannot be inlined", 1),
        (":is(.a){color:red}", "cannot be inlined", 1),
        ("*{color:red}", "cannot be inlined", 1),
        ("p:foo(.a{color:red}", "no { … } comes after the selector", 1),
        ("} .a{color:red}", "cannot be read", 1),
        ("ns|p{color:red}", "premailer would drop some of its rules", None),
        (".a..b{color:red}", "the selector .a..b cannot be read", 1),
    ],
)
def test_a_sheet_that_premailer_would_swallow_is_refused(sheet: str, message: str, line: int | None) -> None:
    with pytest.raises(InputError, match=message) as caught:
        inline_styles(page(sheet), only(sheet))
    assert_told_in_both(caught.value)
    problem = caught.value.problems[0]
    assert (problem.file, problem.line) == ("templates/email/inline.css.j2", line)


def test_a_broken_second_sheet_is_refused_under_its_own_name() -> None:
    with pytest.raises(InputError) as caught:
        inline_styles(page(head="\n\n.a{color"), only("/* a comment */\n\n\n\n.a{color"))
    [problem] = caught.value.problems
    assert (problem.file, problem.line, problem.column) == ("templates/email/head.css.j2", 5, 1)
    with pytest.raises(InputError, match=r"in \.b"):
        inline_styles(page(head="@media (max-width:600px){.a{color:red}.b{color}}"), written)


@pytest.mark.parametrize(
    ("html", "message"),
    [
        (page().replace("DOCTYPE", "doctype"), "upper case"),
        ("<!-- x -->" + page(), "upper case"),
        ("<?xml version='1.0'?>" + page(), "upper case"),
        ("", "upper case"),
        (page(body="<![if !mso]><p>x</p><![endif]>"), "bare"),
        (page(body="<!--[if mso]><table><tr><td>"), "not closed"),
    ],
)
def test_a_layout_that_would_not_survive_is_refused(html: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        inline_styles(html, written)
    assert_told_in_both(caught.value)


@pytest.mark.parametrize(
    ("template", "place"),
    [
        ("\n{% if x %}\n.a{colour {{ palette.ink }}}\n", (3, None)),
        (".a{colour {{ palette.ink }}}\n.a{colour {{ palette.muted }}}", (None, None)),
        ("{{ all }}", (None, None)),
        ("\n\n.a{colour #112233}", (3, 1)),
    ],
)
def test_a_fault_stands_at_the_only_line_of_the_template_that_can_be_meant(
    template: str, place: tuple[int | None, int | None]
) -> None:
    with pytest.raises(InputError) as caught:
        inline_styles(page(".a{colour #112233}"), only(template))
    [problem] = caught.value.problems
    assert (problem.line, problem.column) == place
    assert problem.message.in_language("ko") == ".a 안을 CSS로 읽을 수 없습니다(속성 이름 뒤에 쌍점이 없습니다)"
    assert str(problem.message) == "in .a: no colon comes after a property's name"
