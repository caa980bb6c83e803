"""Whatever stands in a spreadsheet's cell, it cannot leave the place it is put in."""

import html
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import quote, unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.edition.edition import Context
from newsletter.edition.wire_address import wire_address
from newsletter.message.escape import clean, escape, is_link

NASTY = [
    '"><script>alert(1)</script>',
    "' onmouseover='x",
    "a\r\nBcc: kim@example.org\r\n\r\n<b>",
    "{{ subscriber.email }}",
    "mergea1q",
    "\u202eabc",
    "\u200f\u05d0",
    "\u1112\u1161\u11ab",
    "가" * 300,
    "\0\x07\x1b[2J",
    "\ud800",
    "a&amp;b",
    "100%",
]


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said += data


values = st.one_of(
    st.sampled_from(NASTY), st.text(max_size=60), st.text(alphabet="<>\"'&;=/ax\r\n\t\u2028{}%:", max_size=30)
)


@given(values)
def test_in_html_a_value_is_text_and_an_attribute_and_nothing_more(value: str) -> None:
    reader = Reader()
    written = escape(value, Context.HTML)
    reader.feed(f'<i title="{written}">{written}</i>')
    reader.close()
    assert reader.tags == [("i", {"title": clean(value)})]
    assert reader.said == clean(value)


@given(values)
def test_inside_a_link_a_value_is_one_opaque_piece(value: str) -> None:
    written = escape(value, Context.URL)
    assert not set(written) & set("\"'<>&/?#: \\")
    assert written.isascii()
    assert unquote(written) == clean(value)
    assert escape(value, Context.PLAIN_URL) == written


@given(values)
def test_a_whole_link_is_http_https_mailto_or_tel_or_empty(value: str) -> None:
    plain = escape(value, Context.PLAIN_WHOLE_URL)
    assert plain == "" or plain.lower().startswith(("http://", "https://", "mailto:", "tel:"))
    assert not set(plain) & set('"<>\\ \r\n')
    assert html.unescape(escape(value, Context.WHOLE_URL)) == plain


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("https://example.com/a?b=1&c=%EA", "https://example.com/a?b=1&amp;c=%EA"),
        (" HTTPS://example.com ", "HTTPS://example.com"),
        ("https://한국.kr/가", "https://xn--3e0b707e.kr/%EA%B0%80"),
        ("mailto:hong@example.com", "mailto:hong@example.com"),
        ('https://example.com/"><script>', "https://example.com/%22%3E%3Cscript%3E"),
        ("javascript:alert(1)", ""),
        ("java\tscript:alert(1)", ""),
        ("\x01javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//example.com", ""),
        ("/path", ""),
        ("https:", ""),
        ("https://", ""),
        ("https://[", ""),
        ("mailto:", ""),
        ("tel:02-2149-1234", "tel:02-2149-1234"),
        (" tel:+82 2 2149 1234 ", "tel:+82221491234"),
        ("tel:", ""),
        ("tel:1", ""),
        ("tel:*21*02120#", ""),
        ("tel:02-120;phone-context=javascript:x", ""),
        ("example.com", ""),
    ],
)
def test_a_whole_link_keeps_its_own_escapes_and_another_scheme_comes_out_empty(value: str, written: str) -> None:
    assert escape(value, Context.WHOLE_URL) == written
    assert is_link(value) == bool(written)


@given(values)
def test_plain_text_and_headers_get_one_line_without_controls(value: str) -> None:
    for context in (Context.PLAIN, Context.HEADER):
        written = escape(value, context)
        assert written == clean(value)
        assert len(written.splitlines()) <= 1
        written.encode()


def test_clean_flattens_drops_and_composes() -> None:
    assert clean("가\r\n나\t다") == "가 나 다"
    assert clean("\u1112\u1161\u11ab") == "한"
    assert clean("a\u202eb\u2066c\u200f") == "abc\u200f"
    assert clean("\0a\x7f\ud800") == "a"


PATH = r"[A-Za-z0-9._~/;:@&=+$,!*'()%-]*"
LINKS = st.from_regex(rf"https?://[A-Za-z0-9.-]+(?:/{PATH})?(?:\?{PATH}\??{PATH})?(?:#{PATH})?", fullmatch=True)


@given(LINKS.filter(lambda url: url.isascii() and url.isprintable()))
@example("https://survey.example.org/?id=17&again=%EA%B0%80#end")
@example("https://example.org/100%")
def test_an_ordinary_link_is_written_as_one_that_is_looked_at_closely(url: str) -> None:
    assert is_link(url)
    closely = quote(wire_address(url), safe="%/:?#@!$&'()*+,;=~")
    assert escape(url, Context.PLAIN_WHOLE_URL) == closely
    assert escape(url, Context.WHOLE_URL) == html.escape(closely)


def test_who_merges_messages_loads_no_parser_of_markdown() -> None:
    code = "import sys, newsletter.message.merge; sys.exit('markdown_it' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
