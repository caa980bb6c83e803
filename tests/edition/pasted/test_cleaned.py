"""What Word, HWP, Google Docs, Naver and pages on the web paste, as clean Markdown, and what is told of the rest."""

import pytest

from newsletter.edition.pasted.cleaned import cleaned


def markdown(page: str) -> str:
    return cleaned(page).markdown


def told(page: str) -> list[str]:
    return [one.in_language("en") for one in cleaned(page).told]


def _item(level: int, mark: str, words: str, font: str = "") -> str:
    """A list item as Word writes it."""
    ignored = f"<span style='mso-list:Ignore'>{mark}<span>&nbsp; </span></span>"
    return (
        f"<p class=MsoListParagraph style='margin-left:38.0pt;mso-list:l0 level{level} lfo1'><![if !supportLists]>"
        f"<span lang=EN-US style='font-family:{font}'>{ignored}</span><![endif]>{words}</p>\n"
    )


def test_words_of_word() -> None:
    page = (
        "<html xmlns:o='urn:x'><head><style><!-- p.MsoNormal {mso-style-parent:''} --></style></head><body>"
        "<!--StartFragment--><p class=MsoTitle><span lang=EN-US>7</span>월호<o:p></o:p></p>"
        "<p class=MsoNormal><b><span style='font-size:12pt'>굵은\n말</span></b>과 <i>사이</i>"
        "<!--[if gte vml 1]><v:shape id='x'/><![endif]--><span style='mso-hide:all'>숨은 말</span>.</p>"
    )
    assert markdown(page) == "# 7월호\n\n**굵은 말**과 *사이*.\n"
    assert told(page) == ["left out: 1 part that nobody saw"]


def test_lists_of_word_are_nested_as_they_were() -> None:
    page = (
        _item(1, "l", "하나", "Wingdings")
        + _item(2, "1.", "둘")
        + _item(2, "2.", "셋")
        + _item(1, "l", "넷", "Wingdings")
        + "<p class=MsoNormal>끝</p>"
        + _item(1, "가.", "다섯")
    )
    assert markdown(page) == "- 하나\n  1. 둘\n  2. 셋\n- 넷\n\n끝\n\n- 가. 다섯\n"


def test_word_on_the_web_writes_a_list_for_each_item() -> None:
    def item(tag: str, level: int, words: str, place: int = 1) -> str:
        return (
            f'<div class="ListContainerWrapper SCXW1"><{tag} role="list" start="{place}"><li data-aria-level="{level}"'
            f' data-aria-posinset="{place}"><p class="Paragraph"><span class="TextRun">{words}</span>'
            f'<span class="EOP">&nbsp;</span></p></li></{tag}></div>'
        )

    page = item("ul", 1, "하나") + item("ol", 2, "둘") + item("ol", 2, "셋", 2) + item("ul", 1, "넷") + "<p>끝</p>"
    assert markdown(page) == "- 하나\n  1. 둘\n  2. 셋\n- 넷\n\n끝\n"


def test_a_footnote_of_word_is_one() -> None:
    page = (
        "<p>본문<a style='mso-footnote-id:ftn1' href='#_ftn1' name='_ftnref1'><span>[1]</span></a>.</p>"
        "<div style='mso-element:footnote-list'><hr size=1><div style='mso-element:footnote' id=ftn1>"
        "<p class=MsoFootnoteText><a href='#_ftnref1' name='_ftn1'><span>[1]</span></a> 설명</p></div></div>"
    )
    assert markdown(page) == "본문[^1].\n\n[^1]: 설명\n"


def test_comments_and_revisions_of_word_stay_behind() -> None:
    page = (
        "<p>남는 <del cite='mailto:a' datetime='2026-01-01'>지운</del><ins cite='mailto:a'>새</ins> 말"
        "<span class=MsoCommentReference><a class=msocomanchor href='#_msocom_1'>[a1]</a></span></p>"
        "<div style='mso-element:comment-list'><div style='mso-element:comment'>메모</div></div>"
    )
    assert markdown(page) == "남는 새 말\n"
    assert "left out: 1 place that a revision had struck out" in told(page)
    assert "left out: 1 comment of a reviewer" in told(page)


def test_google_docs_is_not_all_bold() -> None:
    page = (
        '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr">'
        '<span style="font-size:11pt;font-weight:400;">보통 </span><span style="font-weight:700;">굵게</span>'
        '<span style="font-weight:400;font-style:italic;"> sic</span></p><ul><li dir="ltr" ><p>하나</p></li>'
        '<ul><li dir="ltr" ><p>둘</p></li></ul><li><p>셋</p></li></ul></b>'
    )
    assert markdown(page) == "보통 **굵게** *sic*\n\n- 하나\n  - 둘\n- 셋\n"


def test_hwp_and_its_own_characters() -> None:
    page = (
        "<P CLASS=HStyle0 STYLE='line-height:160%;'><SPAN STYLE='font-family:\"함초롬바탕\";font-weight:bold;'>"
        "\uf0e0 추진\u200b 배경</SPAN><SPAN>\ue123</SPAN></P>"
        "<TABLE border='1'><TR><TD><P><SPAN STYLE='font-weight:bold'>구</SPAN></P></TD><TD><P><B>명</B></P></TD></TR>"
        "<TR><TD rowspan=2><P>종로</P></TD><TD><P>1,234</P></TD></TR><TR><TD><P>2|3</P></TD></TR></TABLE>"
    )
    assert markdown(page) == "**→ 추진 배경**\n\n| 구 | 명 |\n| --- | --- |\n| 종로 | 1,234 |\n|  | 2\\|3 |\n"
    assert told(page) == [
        "1 merged cell taken apart; look at the table",
        "1 sign of Word or HWP written as plain ones: bullets, arrows, tick marks",
        "1 sign that only that program's font can show are gone; look where they are missed",
        "1 invisible character taken out",
    ]


def test_a_page_of_the_web() -> None:
    page = (
        "<div class=se-module><h3>소제목</h3><p class=se-text-paragraph><span>첫 줄<br>둘째 줄</span></p></div>"
        "<script>x()</script><blockquote><p>인용</p></blockquote><img src=a.png alt=강><hr>"
        "<ol start=3><li>셋</li><li>넷</li></ol><p>면적은 3m<sup>2</sup></p><font color=red>빨강</font>"
    )
    assert markdown(page) == "# 소제목\n\n첫 줄\\\n둘째 줄\n\n> 인용\n\n---\n\n3. 셋\n4. 넷\n\n면적은 3m²\n\n빨강\n"
    assert cleaned(page, keep_breaks=True).markdown.startswith("# 소제목\n\n첫 줄\n둘째 줄\n")
    assert told(page) == [
        "left out: 1 picture; add them as pictures of their own",
        "left out: 1 script, form or film",
        "colours, highlights and underlines are gone; bold and slanted words stay",
    ]


def test_a_page_laid_out_by_tables_is_text() -> None:
    assert markdown("<table><tr><td><table><tr><td>글</td></tr></table></td><td>옆</td></tr></table>") == "글\n\n옆\n"


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://example.org/a_b*c", "https://example.org/a_b*c"),
        ("https://www.google.com/url?q=https://example.org/a%3Fb%3D1&sa=D", "https://example.org/a?b=1"),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2F&data=x",
            "https://example.org/",
        ),
        ("https://urldefense.com/v3/__https://example.org/a__;!!x", "https://example.org/a"),
        ("https://example.org/a?utm_source=x&b=1", "https://example.org/a?b=1"),
        ("mailto:letter@example.org", "mailto:letter@example.org"),
        ("https://example.org/a (b).pdf", "<https://example.org/a%20(b).pdf>"),
        ("https://example.org/{{x}}", "https://example.org/%7B%7Bx%7D%7D"),
    ],
)
def test_links_lead_straight_to_the_page(address: str, written: str) -> None:
    assert markdown(f'<a href="{address}">글</a>') == f"[글]({written})\n"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " java\nscript:x", "file:///C:/a.docx", "data:text/html,x", "https://"]
)
def test_an_address_that_no_letter_has_leaves_its_words(address: str) -> None:
    assert markdown(f'<a href="{address}">글</a>') == "글\n"
    assert told(f'<a href="{address}">글</a>') == ["1 link without an address that a letter can have; the words stay"]


def test_an_address_that_is_its_own_words_stands_alone() -> None:
    page = (
        '<a href="https://example.org/a">https://example.org/a</a>에서 <a href="mailto:a@example.org">a@example.org</a>'
    )
    assert markdown(page) == "https://example.org/a에서 a@example.org\n"


def test_only_what_would_be_markup_is_escaped() -> None:
    page = "<p>2*3*4, snake_case, 2026. 7. 26. 접수</p><p>1. 하나</p><p># 셋</p><p>*별* (약 60%)</p><p>[1]: 02-120</p>"
    assert markdown(page) == (
        "2*3*4, snake_case, 2026. 7. 26. 접수\n\n1\\. 하나\n\n\\# 셋\n\n\\*별\\* (약 60%)\n\n\\[1]: 02-120\n"
    )


def test_braces_are_no_merge_field() -> None:
    assert markdown("<p>{{ subscriber.name }}님</p>") == '{{ "{{" }} subscriber.name }}님\n'
    assert told("{{x") == ["{{ stands there as text, not as a merge field (1 place)"]


def test_nothing_is_nothing() -> None:
    assert cleaned("<p>&nbsp;</p><!-- x -->").markdown == cleaned("").markdown == ""
