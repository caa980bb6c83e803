"""Nobody at the desk meets a key: every label and help is in an editor's words, in Korean and in English."""

import re
from collections.abc import Iterator

import pytest

from newsletter.catalogue import LANGUAGES
from newsletter.desk.form.description import FormDescription, form_description
from newsletter.issue.model import Issue
from newsletter.issue.sections.registry import SECTION_TYPES


def names(form: FormDescription) -> Iterator[str]:
    """Every key and every value of a choice."""
    for fields in (form["issue"], *form["parts"].values(), *(one["fields"] for one in form["sections"])):
        for field in fields:
            yield field["key"]
            yield from (choice["value"] for choice in field.get("choices", ()))


FORMS = {language: form_description(Issue, language) for language in LANGUAGES}
LATIN_IN_KOREAN = {"CSV", "DOI", "GIF", "JPEG", "PNG", "https", "mailto", "news", "tel"}
"""What a Korean editor reads in Latin letters: formats, how an address begins, and a name in an example."""
OF_THE_FILE = re.compile(r"YAML|Markdown|마크다운|`|\b(true|false|null|key)\b|\w_\w|\[|\{|Left out|없으면 [a-z]")
"""How a file is spoken of."""
NAMES = re.compile(
    rf"\b({'|'.join(sorted({name for form in FORMS.values() for name in names(form)}))})(:|이면|라고|은 |는 | 대신)"
)
"""A key or a value of the file that something is said of, such as `keep: a line ends`."""


def said(form: FormDescription) -> Iterator[tuple[str, str, str]]:
    """Every text of the form: where, what it is, and its words."""
    groups = {"Issue": form["issue"], **form["parts"], **{one["type"]: one["fields"] for one in form["sections"]}}
    for name, fields in groups.items():
        for field in fields:
            place = f"{name}.{field['key']}"
            yield place, "label", field["label"]
            yield place, "help", field["help"]
            if field["default"]:
                yield place, "default", field["default"]
            if entry := field.get("entry"):
                yield place, "entry", entry
            for choice in field.get("choices", ()):
                yield f"{place}={choice['value']}", "label", choice["label"]
    for section in form["sections"]:
        yield section["type"], "label", section["label"]
        yield section["type"], "help", section["help"]


def is_of_the_file(words: str) -> bool:
    return bool(OF_THE_FILE.search(words) or NAMES.search(words))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_type_and_choice_has_words(language: str) -> None:
    assert [(place, what) for place, what, words in said(FORMS[language]) if not words.strip()] == []
    for place, what, words in said(FORMS[language]):
        written_in_korean = any("가" <= char <= "힣" for char in words)
        assert written_in_korean is (language == "ko" and words != "DOI"), f"{place}: {what}: {words}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_are_those_of_the_file(language: str) -> None:
    wrong = [f"{place}: {words}" for place, _, words in said(FORMS[language]) if is_of_the_file(words)]
    assert wrong == []
    if language == "ko":
        latin = {word for _, _, words in said(FORMS["ko"]) for word in re.findall(r"[A-Za-z]+", words)}
        assert latin - LATIN_IN_KOREAN == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_label_looks_like_a_key(language: str) -> None:
    for place, what, words in said(FORMS[language]):
        if what != "label":
            continue
        assert not re.search(r"[_`:.]", words), place
        assert words[0].isupper() or language == "ko", place
        assert words not in {*SECTION_TYPES, place.rpartition(".")[2], place.rpartition("=")[2]}, place
        assert len(words) <= 40, place


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_is_short_and_says_more_than_the_label(language: str) -> None:
    words = {(place, what): text for place, what, text in said(FORMS[language])}
    for (place, what), text in words.items():
        if what == "help":
            assert len(text) <= 140, f"{place}: {text}"
            assert text.rstrip(".") != words[place, "label"], place
            assert text.endswith("."), f"{place}: {text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_fields_of_one_part_are_called_alike(language: str) -> None:
    form = FORMS[language]
    for fields in (form["issue"], *form["parts"].values(), *(section["fields"] for section in form["sections"])):
        labels = [field["label"] for field in fields]
        assert len(set(labels)) == len(labels), labels


def test_a_word_of_the_file_in_a_help_would_be_found() -> None:
    for words in (
        "true: nobody gets it.",
        "keep: a line ends there.",
        "Left out: solid.",
        "The `rows` of it.",
        "starts_at is first.",
        "A colour of [theme].",
        "본문. 마크다운으로 씁니다.",
        "없으면 standard.",
    ):
        assert is_of_the_file(words), words
    for words in (
        "Web addresses begin with https://, mail with mailto:, telephone with tel:.",
        "넷까지 쓸 수 있습니다.",
    ):
        assert not is_of_the_file(words), words
