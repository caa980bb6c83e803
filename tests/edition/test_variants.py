"""Which editions an issue needs, and which one a subscriber gets."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.edition.edition import Variant
from newsletter.edition.variants import variant_for, variants
from newsletter.errors import InputError
from newsletter.issue.model import Issue
from tests.support.letters import issue_of, story
from tests.support.spoken import assert_told_in_both


def with_tags(*tags: list[str]) -> Issue:
    return issue_of(Path("/w"), sections=[story(only_for=only) for only in tags])


def names(found: list[Variant]) -> list[str]:
    return [variant.name for variant in found]


def test_an_issue_for_everybody_is_one_edition_a_language() -> None:
    assert names(variants(with_tags([], []), ["ko", "en", "ko"])) == ["ko", "en"]


def test_every_set_of_sections_that_somebody_sees_is_an_edition() -> None:
    issue = with_tags([], ["시민"], ["시민", "연구"])
    assert names(variants(issue, ["ko"])) == ["ko", "ko-0-2", "ko-0"]


@pytest.mark.parametrize(
    ("tags", "name"),
    [({"시민"}, "ko"), ({"연구"}, "ko-0-2"), ({"연구", "x"}, "ko-0-2"), (set(), "ko-0"), ({" 시민 "}, "ko")],
)
def test_a_section_shows_when_any_tag_matches(tags: set[str], name: str) -> None:
    issue = with_tags([], ["시민"], ["시민", "연구"])
    assert variant_for(issue, "ko", frozenset(tags), "ko").name == name


@pytest.mark.parametrize(
    ("language", "edition"), [("en", "en"), ("en-GB", "en"), ("EN_us", "en"), ("fr", "ko"), ("", "ko")]
)
def test_the_readers_language_or_the_newsletters(language: str, edition: str) -> None:
    assert variant_for(with_tags(), language, frozenset(), "ko").language == edition


def test_too_many_combinations_are_refused_at_once() -> None:
    assert len(variants(with_tags(*[[f"t{n}"] for n in range(6)]), ["ko"])) == 64
    with pytest.raises(InputError, match="more than 64 editions") as caught:
        variants(with_tags(*[[f"t{n}"] for n in range(7)]), ["ko"])
    assert_told_in_both(caught.value)
    with pytest.raises(InputError, match="more than 64 editions"):
        variants(with_tags(*[[f"t{n}"] for n in range(40)]), ["ko"])
    with pytest.raises(InputError, match="more than 64 editions"):
        variants(with_tags(*[[f"t{n}"] for n in range(6)]), ["ko", "en"])


TAGS = st.lists(st.sampled_from("abcd"), max_size=3, unique=True)


@given(st.lists(TAGS, max_size=5), TAGS)
def test_whoever_it_is_the_edition_was_made(sections: list[list[str]], tags: list[str]) -> None:
    issue = with_tags(*sections)
    assert variant_for(issue, "ko", frozenset(tags), "ko") in variants(issue, ["ko"])
