"""Merge fields as words: found again, never confused with the text, each once in the end."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.edition.edition import Context
from newsletter.edition.markers import Markers, finish
from newsletter.errors import InputError
from newsletter.issue.fields import MergeField

NAME = MergeField("name", "구독자")
SITE = MergeField("fields.site")


def test_a_field_becomes_a_word_and_is_known_by_it() -> None:
    markers = Markers([])
    text = markers.open('{{ subscriber.name | default("구독자") }}님')
    assert text.isascii() is False
    assert text.endswith("q님")
    assert markers.fields_in(text) == {NAME}


def test_text_is_brought_to_nfc_before_its_fields_are_opened() -> None:
    assert Markers([]).open(unicodedata.normalize("NFD", "서울")) == "서울"


def test_literal_braces_are_written_out() -> None:
    assert Markers([]).open('{{ "{{" }} subscriber.name {{ "}}" }}') == "{{ subscriber.name }}"


@pytest.mark.parametrize("typed", ["mergea0q", "MergeA", "&#109;ergea0q", "&#x6d;&#101;rgea"])
def test_the_prefix_is_nowhere_in_the_source_however_it_is_typed(typed: str) -> None:
    assert Markers([typed]).prefix == "mergeb"


def test_the_prefix_grows_when_all_short_ones_are_taken() -> None:
    taken = [f"merge{letter}" for letter in "abcdefghijk"]
    assert Markers(taken).prefix == "mergeaa"


def test_a_combining_accent_after_a_field_does_not_melt_into_it() -> None:
    markers = Markers([])
    opened = markers.open("{{ subscriber.name }}\u0301")
    assert markers.fields_in(opened) == {MergeField("name")}


def test_every_marker_of_a_finished_edition_occurs_once() -> None:
    markers = Markers([])
    name, site = markers.word(NAME), markers.word(SITE)
    html = f'<p title="{name}">{name} <a href="{site}">x</a> <a href="https://e.example.org/{site}">y</a></p>'
    text = f"{name} [1] {markers.in_plain_link(site)} {markers.in_plain_link('https://e.example.org/' + site)}"
    subject, html, text, holes = finish(markers, f"[{name}]", html, text)
    assert [(hole.key, hole.context) for hole in holes] == [
        ("name", Context.HEADER),
        ("name", Context.HTML),
        ("name", Context.HTML),
        ("fields.site", Context.WHOLE_URL),
        ("fields.site", Context.URL),
        ("name", Context.PLAIN),
        ("fields.site", Context.PLAIN_WHOLE_URL),
        ("fields.site", Context.PLAIN_URL),
    ]
    everything = subject + html + text
    assert [everything.count(hole.marker) for hole in holes] == [1] * 8
    assert len({hole.marker for hole in holes}) == 8


@pytest.mark.parametrize(
    "html",
    [
        "<style>p{color:MARK}</style>",
        "<script>MARK</script>",
        "<!-- MARK -->",
        '<p style="color:MARK">x</p>',
        '<p onclick="MARK">x</p>',
        '<img srcset="MARK 2x">',
        "<p title=MARK>x</p>",
        "<p MARK>x</p>",
        "<MARK>x</MARK>",
        "<!DOCTYPE MARK>",
    ],
)
def test_a_field_where_no_escaping_helps_is_refused(html: str) -> None:
    markers = Markers([])
    with pytest.raises(InputError, match="no value can be filled in safely"):
        finish(markers, "", html.replace("MARK", markers.word(NAME)), "")


def test_what_only_outlook_reads_counts_as_html() -> None:
    markers = Markers([])
    word = markers.word(SITE)
    html = f'<!--[if mso]><a href="{word}">{word}</a><![endif]--><!--[if !mso]><!--><b>{word}</b><!--<![endif]-->'
    holes = finish(markers, "", html, "")[3]
    assert [hole.context for hole in holes] == [Context.WHOLE_URL, Context.HTML, Context.HTML]


def test_single_quotes_as_premailer_writes_them_are_read() -> None:
    markers = Markers([])
    html = f"""<p style='font-family:"A > B"' title='{markers.word(NAME)}'>x</p>"""
    assert [hole.context for hole in finish(markers, "", html, "")[3]] == [Context.HTML]


@given(st.lists(st.one_of(st.text(max_size=8).map(lambda t: t.replace("{", "")), st.just("{{ subscriber.name }}"))))
def test_any_text_keeps_its_fields(parts: list[str]) -> None:
    text = "".join(parts)
    markers = Markers([text])
    assert markers.count(markers.open(text)) == parts.count("{{ subscriber.name }}")
