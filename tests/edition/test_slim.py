"""What no mail program reads is left out; what anybody reads stays as it was."""

import html as html_module

from hypothesis import given
from hypothesis import strategies as st

from newsletter.edition.slim import slim

SHEET = "a[x]{color:red}\n@media (x){.kept{color:blue} .also-kept b{color:red}}"
TEXTS = st.lists(st.sampled_from(["class=", '"spent"', "'spent; x'", " style=", "<b>", "&", "; ", "글", "\n"])).map(
    "".join
)


def test_classes_of_the_sheet_that_stays_are_kept() -> None:
    assert slim('<p class="spent kept gone also-kept">글</p>', [SHEET]) == '<p class="kept also-kept">글</p>'


def test_an_attribute_without_a_class_goes() -> None:
    assert slim('<p lang="ko" class="spent">글</p><br class="gone">', [SHEET]) == '<p lang="ko">글</p><br>'


def test_declarations_stand_close() -> None:
    fonts = """<p style='font-family:"A B", sans-serif; color:#112233'>"""
    assert slim(fonts, []) == """<p style='font-family:"A B", sans-serif;color:#112233'>"""


def test_what_outlook_alone_reads_and_the_sheets_stay() -> None:
    page = '<style>.a{b:c; d:e}</style><!--[if mso]><td class="x" style="a:b; c:d"><![endif]--><!--<![endif]-->'
    assert slim(page, []) == page


@given(TEXTS)
def test_text_and_other_attributes_are_never_touched(text: str) -> None:
    safe = html_module.escape(text)
    page = f'<title>{safe}</title><p alt="{safe}">{safe}</p>'
    assert slim(page, [SHEET]) == page
