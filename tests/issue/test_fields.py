"""The grammar of merge fields: what is read, what is refused and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.issue.fields import FieldError, MergeField, fields_in, parse_text, with_samples


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("{{ subscriber.name }}", MergeField("name")),
        ("{{subscriber.email}}", MergeField("email")),
        ("{{ subscriber . language }}", MergeField("language")),
        ('{{ subscriber.name | default("구독자") }}', MergeField("name", "구독자")),
        ("{{ subscriber.name|default('') }}", MergeField("name", "")),
        ('{{ subscriber.name | default("그는 \\"예\\"라고 }} 했다") }}', MergeField("name", '그는 "예"라고 }} 했다')),
        ("{{ subscriber.fields.소속 }}", MergeField("fields.소속")),
        ('{{ subscriber.fields["회사 이름"] }}', MergeField("fields.회사 이름")),
        ("{{ subscriber.fields['a | b'] | default('c') }}", MergeField("fields.a | b", "c")),
        ("{{ subscriber.fields.name }}", MergeField("fields.name")),
        ("{{\n  subscriber.name\n}}", MergeField("name")),
    ],
)
def test_a_field_is_read(text: str, field: MergeField) -> None:
    assert parse_text(text) == [field]


def test_words_and_fields_keep_their_order() -> None:
    pieces = parse_text('안녕 {{ subscriber.name | default("구독자") }}님, {{ subscriber.email }}')
    assert pieces == ["안녕 ", MergeField("name", "구독자"), "님, ", MergeField("email")]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('{{ "{{" }} x }}', "{{ x }}"),
        ("{{ '{{' }}", "{{"),
        ('a {{ "}}" }}', "a }}"),
        ("{ a } }}", "{ a } }}"),
        ("{% a %}", "{% a %}"),
    ],
)
def test_braces_can_be_written(text: str, written: str) -> None:
    assert "".join(str(piece) for piece in parse_text(text)) == written
    assert fields_in(text) == []


@pytest.mark.parametrize(
    ("text", "offset", "words"),
    [
        ("{{ name }}", 0, "did you mean `subscriber.name`?"),
        ("가 {{ subscriber.nmae }}", 2, "did you mean `subscriber.name`?"),
        ("{{ subscriber }}", 0, "known are subscriber.name"),
        ("{{ subscriber.소속 }}", 0, "did you mean `subscriber.fields.소속`?"),
        ("{{ company }}", 0, "did you mean `subscriber.fields.company`?"),
        ("{{ subscriber.name | upper }}", 0, "default"),
        ("{{ subscriber.name | default(“구독자”) }}", 0, "straight quotes"),
        ("{{ subscriber.fields[“a”] }}", 0, "straight ones"),
        ('{{ subscriber.name | default("a") | default("b") }}', 0, "default"),
        ('{{ subscriber.name | default("a\nb") }}', 0, ""),
        ('{{ subscriber.fields[""] }}', 0, "no column"),
        ("{{ subscriber.name", 0, "without its end"),
        ("{{ subscriber.name }", 0, "without its end"),
        ("{{ a {{ subscriber.name }}", 0, "without its end"),
        ("{{}}", 0, "unknown merge field"),
        ("{{ 7*7 }}", 0, "unknown merge field"),
        ("{{ subscriber.name.__class__ }}", 0, "unknown merge field"),
        ("{{ subscriber.name() }}", 0, "unknown merge field"),
        ("{{ link.unsubscribe }}", 0, "unknown merge field"),
        ("{{{ subscriber.name }}}", 0, "a field of another tool, which nobody fills in here: `{{{ subscriber.name}}}`"),
        ("{{#if name}}", 0, "`{{#if name}}`"),
        ("{{ .Subscriber.Name }}", 0, "a field of another tool"),
        ('{{var:firstname:"독자"}}', 0, "a field of another tool"),
    ],
)
def test_anything_else_is_refused_where_it_begins(text: str, offset: int, words: str) -> None:
    with pytest.raises(FieldError) as caught:
        parse_text(text)
    assert caught.value.offset == offset
    assert words in str(caught.value)


def test_samples_stand_in_for_fields() -> None:
    assert with_samples('https://{{ subscriber.fields.a }}.org/{{ "{{" }}', "s") == "https://s.org/{{"


@given(
    st.text(st.characters(exclude_characters="{")),
    st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"])),
)
def test_any_default_comes_back_as_it_was_written(words: str, default: str) -> None:
    escaped = default.replace("\\", "\\\\").replace('"', '\\"')
    pieces = parse_text(f'{words}{{{{ subscriber.name | default("{escaped}") }}}}')
    assert pieces[-1] == MergeField("name", default)
    assert "".join(piece for piece in pieces[:-1] if isinstance(piece, str)) == words


@given(st.text(st.sampled_from("{}\"'|\\. subscriber.name default()[]fields한\n"), max_size=60))
def test_no_text_does_more_than_be_read_or_refused(text: str) -> None:
    offset = text.find("{{")
    try:
        assert all(parse_text(text))
    except FieldError as error:
        offset = error.offset
    assert offset == -1 or text.startswith("{{", offset)


@pytest.mark.parametrize(
    "text", ["{{" * 500_000, "{{ " + " " * 1_000_000, '{{ "' * 250_000, '{{ "a' + "\\\\" * 300_000]
)
@pytest.mark.timeout(2)
def test_a_hostile_text_is_refused_at_once(text: str) -> None:
    with pytest.raises(FieldError):
        parse_text(text)
