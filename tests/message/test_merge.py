"""A composed message is exactly what the edition says, with one subscriber's values in it."""

import email
import email.message
import email.policy
import html
import sys
import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.edition.edition import Context, Edition, Hole
from newsletter.errors import InputError
from newsletter.message.canonical import on_the_wire
from newsletter.message.escape import clean
from newsletter.message.headers import leaving_fields
from newsletter.message.holes import stand_ins
from newsletter.message.merge import Composer
from newsletter.message.message import Message
from tests.support.editions import HTML, LINKS, PIXEL, edition, head, plain_edition
from tests.support.spoken import assert_told_in_both

HONG = ("hong@example.com", "hong@example.com")
TOKEN = LINKS.token(HONG[1])


def composer(**changes: object) -> Composer:
    return Composer({"ko": edition(), "en": plain_edition()}, head(**changes), LINKS)


USUAL = composer()


def compose(values: Mapping[str, str] | None = None, variant: str = "ko") -> Message:
    return USUAL.compose(*HONG, variant, values or {})


def parsed(message: Message) -> email.message.EmailMessage:
    found = email.message_from_bytes(message.data, policy=email.policy.default)
    assert isinstance(found, email.message.EmailMessage)
    for part in found.walk():
        assert part.defects == []
    return found


def contents(message: Message) -> tuple[str, str]:
    """HTML and text as a mail program decodes them, line ends as on the wire."""
    bodies = [part for part in parsed(message).walk() if part.get_content_maintype() == "text"]
    text, html_part = [part.get_payload(decode=True) for part in bodies]
    assert isinstance(text, bytes)
    assert isinstance(html_part, bytes)
    return html_part.decode(), text.decode()


def test_the_tree_is_text_first_then_html_with_its_pictures() -> None:
    types = [part.get_content_type() for part in parsed(compose()).walk()]
    assert types == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    types = [part.get_content_type() for part in parsed(compose(variant="en")).walk()]
    assert types == ["multipart/alternative", "text/plain", "text/html"]


def test_a_picture_travels_inline_under_its_content_id() -> None:
    picture = list(parsed(compose()).walk())[-1]
    assert picture["Content-ID"] == "<abc123@letter>"
    assert picture.get_content_disposition() == "inline"
    assert picture.get_filename() == "hero.png"
    assert picture.get_payload(decode=True) == PIXEL
    assert 'src="cid:abc123@letter"' in contents(compose())[0]


def test_values_and_defaults_are_filled_in_for_where_they_stand() -> None:
    values = {
        "name": "홍 & 길동",
        "fields.소속": '"서울"',
        "fields.word": "가 나",
        "fields.page": "https://example.com/?a&b",
    }
    html_part, text = contents(compose(values))
    assert 'title="&quot;서울&quot;"' in html_part
    assert "<p>홍 &amp; 길동님" in html_part
    assert 'href="https://www.si.re.kr/search?q=%EA%B0%80%20%EB%82%98"' in html_part
    assert 'href="https://example.com/?a&amp;b"' in html_part
    assert f'href="https://news.example.org/u/{TOKEN}"' in html_part
    assert "\r\n홍 & 길동님, 안녕" in text
    assert "search?q=%EA%B0%80%20%EB%82%98\r\n[2] https://example.com/?a&b\r\n" in text
    assert f"수신 거부: https://news.example.org/u/{TOKEN}\r\n" in text
    assert parsed(compose(values))["Subject"] == "[서울이슈큐레이터] 신성장동력, 홍 & 길동님께"

    html_part, text = contents(compose())
    assert "<p>구독자님" in html_part
    assert 'title=""' in html_part
    assert "search?q=%EC%84%9C%EC%9A%B8" in html_part
    assert "구독자님, 안녕" in text


def test_an_empty_value_is_a_missing_one_and_a_missing_one_without_default_is_refused() -> None:
    assert "구독자님" in contents(compose({"name": ""}))[1]
    bare = plain_edition(text="mergea0q\n", holes=(Hole("mergea0q", "fields.회사", None, Context.PLAIN),))
    with pytest.raises(InputError, match=r"subscriber\.fields\.회사") as caught:
        Composer({"en": bare}, head(), LINKS).compose(*HONG, "en", {"name": "Jane"})
    assert_told_in_both(caught.value)
    assert stand_ins(bare) == {"fields.회사": "(회사)"}
    assert stand_ins(edition()) == {}


def test_the_letters_own_links_cannot_come_from_a_column() -> None:
    html_part, _ = contents(compose({"link.unsubscribe": "https://evil.example.com/"}))
    assert "evil" not in html_part
    with pytest.raises(InputError, match="unsubscribe") as caught:
        composer(pages_url="").compose(*HONG, "ko", {})
    assert_told_in_both(caught.value)


def test_a_link_that_the_letter_has_not_cannot_come_from_a_column_either() -> None:
    mine = plain_edition(text="mergea0q\n", holes=(Hole("mergea0q", "link.web", "none", Context.PLAIN_WHOLE_URL),))
    made = Composer({"en": mine}, head(), LINKS).compose(*HONG, "en", {"link.web": "https://evil.example.com/"})
    assert "evil" not in contents(made)[1]


def test_an_email_field_needs_no_value_of_its_own() -> None:
    mine = plain_edition(text="mergea0q\n", holes=(Hole("mergea0q", "email", None, Context.PLAIN),))
    assert contents(Composer({"en": mine}, head(), LINKS).compose(*HONG, "en", {}))[1] == "hong@example.com\r\n"


@pytest.mark.parametrize("marker", ["mergea1q", "mergea10q"])
def test_a_marker_that_begins_another_is_not_mistaken_for_it(marker: str) -> None:
    holes = (Hole("m1", "name", None, Context.PLAIN), Hole("m10", "fields.x", None, Context.PLAIN))
    odd = plain_edition(text=f"m10 m1 {marker}", holes=holes)
    assert contents(Composer({"en": odd}, head(), LINKS).compose(*HONG, "en", {"name": "N", "fields.x": "m1"}))[1] == (
        f"m1 N {marker}"
    )


@pytest.mark.parametrize(
    "changes", [{"text": "nothing"}, {"html": edition().html * 2}, {"holes": edition().holes[:-1] * 2}]
)
def test_an_edition_whose_markers_do_not_match_its_holes_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InputError, match="render it again") as caught:
        Composer({"ko": edition(**changes)}, head(), LINKS)
    assert_told_in_both(caught.value)


def test_an_unknown_variant_is_refused() -> None:
    with pytest.raises(InputError, match="'fr'") as caught:
        compose(variant="fr")
    assert_told_in_both(caught.value)


@given(st.dictionaries(st.sampled_from(["name", "fields.소속", "fields.word", "fields.page"]), st.text(max_size=300)))
def test_whatever_the_values_the_mail_parses_and_says_them(values: dict[str, str]) -> None:
    message = compose(values)
    html_part, text = contents(message)
    name = clean(values.get("name") or "구독자")
    assert f"<p>{html.escape(name)}님, 안녕" in html_part
    assert f"\r\n{name}님, 안녕" in text
    assert html_part.count("<") == HTML.count("<")
    assert_fit_for_data(message)


@given(st.dictionaries(st.sampled_from(["name", "fields.소속", "fields.word", "fields.page"]), st.text(max_size=300)))
def test_a_message_weighs_what_it_is_found_to_weigh(values: dict[str, str]) -> None:
    made = b"".join(compose(values).wire)
    weight = USUAL.weigh(*HONG, "ko", values)
    assert weight.mail == len(made)
    assert weight.header_line == max(map(len, made.partition(b"\r\n\r\n")[0].split(b"\r\n")))
    assert weight.html == len(contents(compose(values))[0].encode())


@pytest.mark.parametrize("defaults", [("a", "b"), (None, "b"), ("a", None)])
def test_one_field_in_two_places_has_the_default_of_each(defaults: tuple[str | None, str | None]) -> None:
    holes = tuple(Hole(f"mergea{number}q", "name", default, Context.PLAIN) for number, default in enumerate(defaults))
    mine = Composer({"en": plain_edition(text="mergea0q, mergea1q\n", holes=holes)}, head(), LINKS)
    assert contents(mine.compose(*HONG, "en", {"name": "Jane"}))[1] == "Jane, Jane\r\n"
    if None in defaults:
        with pytest.raises(InputError, match=r"subscriber\.name"):
            mine.compose(*HONG, "en", {})
    else:
        assert contents(mine.compose(*HONG, "en", {}))[1] == "a, b\r\n"


ANYTHING = st.lists(st.sampled_from([".", "\r", "\n", "\r\n", "\r\n.\r\n", "가", "x" * 997]) | st.text()).map("".join)


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_whatever_the_edition_says_it_needs_no_look_before_it_goes_on_the_wire(
    before: str, after: str, subject: str, value: str
) -> None:
    text = f"{before}mergea0q{after}".encode(errors="replace").decode()
    mine = plain_edition(text=text, subject=subject, holes=(Hole("mergea0q", "name", "", Context.PLAIN),))
    assert_fit_for_data(Composer({"en": mine}, head(), LINKS).compose(*HONG, "en", {"name": value}))


def assert_fit_for_data(message: Message) -> None:
    """What a relay is given, dot by dot, is what a receiver with any idea of a line end takes for one message."""
    wire = b"".join(message.wire)
    assert wire == on_the_wire(message.data) == message.data
    lines = wire.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(line.startswith(b".") for line in lines)
    assert b"\r" not in b"".join(lines)
    assert b"\n" not in b"".join(lines)
    assert message.eight_bit is not wire.isascii()


@given(st.booleans(), st.booleans(), st.booleans(), st.emails(domains=st.just("example.com")))
def test_the_ways_out_are_what_they_would_be_if_made_for_each(page: bool, mail: bool, proof: bool, key: str) -> None:
    mine = head(
        pages_url="https://news.example.org/ways" if page else "",
        unsubscribe_mailto="leave@news.example.org" if mail else "",
        proof=proof,
    )
    bare = plain_edition()
    made = b"".join(Composer({"en": bare}, mine, LINKS).compose(key, key, "en", {}).wire)
    wanted = b"".join(field.wire for field in leaving_fields(mine, LINKS.token(key, proof=proof)))
    assert wanted in made
    assert (b"List-Unsubscribe" in made) == (page or mail)


@given(ANYTHING, ANYTHING, st.text(), st.text())
def test_a_message_says_to_a_parser_what_filling_the_texts_in_says(
    before: str, after: str, name: str, word: str
) -> None:
    text = f"{before}mergea0q{after}mergea1q".encode(errors="replace").decode()
    holes = (Hole("mergea0q", "name", "x", Context.PLAIN), Hole("mergea1q", "fields.w", "", Context.PLAIN))
    mine = Composer({"en": plain_edition(text=text, holes=holes)}, head(), LINKS)
    values = {"name": name, "fields.w": word}
    _, said = contents(mine.compose(*HONG, "en", values))
    filled = text.replace("mergea0q", clean(name) or ("x" if not name else "")).replace("mergea1q", clean(word))
    assert said == filled.replace("\r\n", "\n").replace("\n", "\r\n")
    assert said.replace("\r\n", "\n") == mine.parts(*HONG, "en", values).text


def test_parts_show_what_the_message_holds() -> None:
    values = {"name": "홍길동"}
    parts = composer().parts(*HONG, "ko", values)
    html_part, text = contents(compose(values))
    assert parts.html == html_part.replace("\r\n", "\n")
    assert parts.text == text.replace("\r\n", "\n")
    assert parts.subject == "[서울이슈큐레이터] 신성장동력, 홍길동님께"
    assert [name for name, _ in parts.headers] == list(parsed(compose(values)).keys())
    assert dict(parts.headers)["From"] == "서울연구원 <no-reply@news.example.org>"


def big() -> Edition:
    html_text = (
        "<!DOCTYPE html>" + "<p>신성장동력과 도시의 내일을 묻습니다.</p>\n" * 900 + "mergea0q" + "<p>끝</p>" * 200
    )
    return plain_edition(html=html_text, holes=(Hole("mergea0q", "name", "x", Context.HTML),))


def test_a_merge_costs_microseconds_and_keeps_nothing() -> None:
    mine = Composer({"en": big()}, head(), LINKS)
    size = len(mine.compose(*HONG, "en", {}).data)
    assert size > 60_000
    rounds = 300
    started = time.process_time()
    for number in range(rounds):
        message = mine.compose(f"a{number}@example.com", f"a{number}@example.com", "en", {"name": f"홍길동{number}"})
    each = (time.process_time() - started) / rounds
    assert each < 0.001  # seconds; 0.00005 on an idle machine, encoding afresh takes ten times that
    assert sys.getsizeof(message.data) < size + 1_000
