"""Whatever is pasted: the letter says the same text, nothing in it becomes markup, and no hostile page takes long."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from markupsafe import escape

from newsletter.edition.markdown.prose import Prose
from newsletter.edition.markers import Markers
from newsletter.edition.pasted.cleaned import cleaned
from newsletter.errors import InputError

NASTY = (
    "가 나다 서울시* **굵게** *별* _밑_ snake_case 2*3*4 ~~줄~~ 10~~20 `틱` [1]: [^1] [^1]: [링크](https://example.org)"
    " # ## 1. 2) 21. 2026. - + > = --- === | a|b \\ \\* <b> <br> &amp; &lt; {{ }} {{x}} {{{ ![x](y) 표: 표 1. Table: :"
    " [ ] [x] ``` ~~~ https://example.org a@example.org! <https://example.org> (괄호) 60% . , ! ? é ½ ** * _ ~"
)
WORDS = st.one_of(
    st.sampled_from(NASTY.split()), st.text(alphabet="ab 가나*_#`[]()<>{}|\\~!&:.-+=1", min_size=1, max_size=6)
)
TEXT = st.lists(WORDS, min_size=1, max_size=4).map(lambda words: str(escape(" ".join(words))))


def _in(tag: str, inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    name = tag.split(maxsplit=1)[0]
    return inside.map(lambda text: f"<{tag}>{text}</{name}>")


def _inline(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = [
        "b",
        "i",
        "s",
        "code",
        "u",
        "span",
        'span style="font-weight:700"',
        'a href="https://example.org/a_b*c?d=(e"',
    ]
    return st.one_of(*[_in(tag, inside) for tag in tags], st.tuples(inside, inside).map("".join))


INLINE = st.recursive(st.one_of(TEXT, st.just("<br>"), st.just(" ")), _inline, max_leaves=4)


def _blocks(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inside, min_size=1, max_size=3)
    return st.one_of(
        several.map("".join),
        several.map(lambda items: "<ul>" + "".join(f"<li>{one}</li>" for one in items) + "</ul>"),
        several.map(lambda items: "<ol>" + "".join(f"<li>{one}</li>" for one in items) + "</ol>"),
        _in("blockquote", inside),
        _in("div", inside),
        st.lists(st.tuples(INLINE, INLINE), min_size=2, max_size=3).map(
            lambda rows: "<table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in rows) + "</table>"
        ),
    )


PARAGRAPHS = st.one_of(*[_in(tag, INLINE) for tag in ("p", "p", "h2", "h3")], INLINE, _in("pre", TEXT))
HTML = st.recursive(PARAGRAPHS, _blocks, max_leaves=6)


def said(page: str) -> str:
    """The words of a page without any blank."""
    return re.sub(r"\s", "", lxml_html.fragment_fromstring(page, create_parent="div").text_content())


def in_letter(markdown: str, *, keep_breaks: bool) -> str:
    return Prose(Markers([markdown]), "x.yaml", keep_breaks=keep_breaks).blocks(markdown, "intro", level=2)


@settings(max_examples=400)
@given(HTML, st.booleans())
def test_the_letter_says_what_was_pasted(page: str, keep_breaks: bool) -> None:
    markdown = cleaned(page, keep_breaks=keep_breaks).markdown
    assert said(in_letter(markdown, keep_breaks=keep_breaks)) == said(page), markdown


HOSTILE = {
    "deep": "<b>" * 5_000,
    "deep lists": "<ul><li>a" * 200,
    "many parts": "<br>" * 30_000,
    "long": "x" * 300_000,
    "attributes": "<p " + " ".join(f"a{number}=1" for number in range(20_000)) + ">x",
}


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_page_that_would_take_long_is_refused_at_once(page: str) -> None:
    begun = time.process_time()
    with pytest.raises(InputError):
        cleaned(page)
    assert time.process_time() - begun < 1


HEAVY = {
    "stars": "<p>" + "*a " * 10_000,
    "emphasis": "<p>" + "<b>a</b> <i>b</i> " * 1_500,
    "brackets": "<p>" + "[" * 20_000,
    "spans": "<table><tr>" + "<td colspan=99999 rowspan=99999>x" * 50 + "<tr><td>a" * 500,
    "entities": '<!DOCTYPE a [<!ENTITY a "xxxxxxxxxx">]>' + "&a;" * 1_000,
    "a picture in it": "x<img src='data:image/png;base64," + "A" * 3_000_000 + "'>",
}


@pytest.mark.parametrize("page", HEAVY.values(), ids=HEAVY.keys())
def test_whatever_stands_in_it_takes_a_moment(page: str) -> None:
    begun = time.process_time()
    assert cleaned(page).markdown
    assert time.process_time() - begun < 5
