"""Codes and values become words in the language of the reader, and survive being kept as JSON."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import catalogue
from newsletter.catalogue import SILENCE, Phrase, Said, Verbatim, lines, phrase, spoken_language

ENTRIES = {
    "said": {"ko": "릴레이: {words}", "en": "the relay: {words}"},
    "found": {"ko": "{name:이/가} {count}개", "en": "{count:delivery/deliveries} of {name}"},
    "braces": {"ko": "`{{{{ subscriber.name }}}}`", "en": "`{{{{ subscriber.name }}}}`"},
    "outer": {"ko": "끝: {inner}", "en": "the end: {inner}"},
    "known": {"ko": "있는 칸: {names}", "en": "known are {names}"},
}


@pytest.fixture(autouse=True)
def _entries(monkeypatch: pytest.MonkeyPatch) -> None:
    def entries(package: str, *path: str) -> dict[str, dict[str, str]]:
        if (package, path) != ("newsletter.stage", ("words", "group.toml")):
            raise KeyError(package)
        return ENTRIES

    monkeypatch.setattr(catalogue, "entries", entries)


def both(said: Said) -> tuple[str, str]:
    return said.in_language("ko"), said.in_language("en")


def test_holes_are_filled_in_both_languages() -> None:
    assert both(phrase("stage.group.said", words="550 5.1.1")) == ("릴레이: 550 5.1.1", "the relay: 550 5.1.1")


@pytest.mark.parametrize(("count", "english"), [(0, "0 deliveries"), (1, "1 delivery"), (21, "21 deliveries")])
def test_nouns_follow_the_number_and_particles_the_sound(count: int, english: str) -> None:
    said = phrase("stage.group.found", count=count, name="2026-12")
    assert both(said) == (f"2026-12가 {count}개", f"{english} of 2026-12")


def test_braces_stand_for_themselves() -> None:
    assert phrase("stage.group.braces").in_language("ko") == "`{{ subscriber.name }}`"


def test_what_is_said_may_hold_what_is_said() -> None:
    inner = phrase("stage.group.said", words=Verbatim("250 ok"))
    assert both(phrase("stage.group.outer", inner=inner)) == ("끝: 릴레이: 250 ok", "the end: the relay: 250 ok")


def test_several_values_stand_between_commas() -> None:
    assert str(phrase("stage.group.known", names=("email", "name"))) == "known are email, name"


def test_lines_leave_out_what_says_nothing() -> None:
    assert str(lines(Verbatim("one"), SILENCE, Verbatim("two"))) == "one\ntwo"


def test_a_language_we_do_not_speak_is_answered_in_english() -> None:
    assert phrase("stage.group.outer", inner="x").in_language("ja") == "the end: x"


@pytest.mark.parametrize(
    ("tag", "language"),
    [("ko", "ko"), ("ko-KR", "ko"), ("KO_kr.UTF-8", "ko"), ("en", "en"), ("kok", "en"), ("", "en"), ("C", "en")],
)
def test_the_language_of_a_tag(tag: str, language: str) -> None:
    assert spoken_language(tag) == language


@given(words=st.text(), name=st.text(), count=st.integers())
def test_what_is_kept_says_the_same_when_it_is_read_again(words: str, name: str, count: int) -> None:
    inner = phrase("stage.group.found", name=name, count=count)
    said = phrase("stage.group.outer", inner=phrase("stage.group.said", words=words))
    for one in (inner, said, phrase("stage.group.known", names=(name, inner))):
        assert both(Phrase.from_json(one.to_json())) == both(one)


@given(words=st.text())
def test_values_are_words_and_never_holes(words: str) -> None:
    assert str(phrase("stage.group.said", words=words)) == f"the relay: {words}"


@pytest.mark.parametrize(
    "kept",
    [
        "paused by hand",
        "",
        "{",
        "21",
        "[]",
        '{"code": "stage.group.gone", "values": {}}',
        '{"code": "nonsense", "values": {}}',
        '{"code": "stage.no_such_file.key", "values": {}}',
        '{"code": "no_such_stage.group.key", "values": {}}',
        '{"code": "../../etc.group.key", "values": {}}',
        "[" * 100_000,
        '{"code": "stage.group.said", "values": {}}',
        '{"code": "stage.group.said", "values": []}',
        '{"code": "stage.group.said", "values": {"words": null}}',
    ],
)
def test_what_an_earlier_version_kept_is_said_as_it_stands(kept: str) -> None:
    assert both(Phrase.from_json(kept)) == (kept, kept)
