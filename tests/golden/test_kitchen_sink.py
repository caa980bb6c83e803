"""An issue with every part that an issue may have, in four languages: HTML and text as they were last looked at.

A key or a value that the format gets is missing here until the issue has it. After a change that is meant:
`pytest tests/golden --update-golden`, and look at the letters, light and dark, narrow and wide.
"""

from collections.abc import Iterator
from functools import cache
from typing import Literal, get_args, get_origin

import pytest

from newsletter.audience.subscriber import Subscriber
from newsletter.check.run import check_issue
from newsletter.issue.load import load_issue
from newsletter.issue.model import Issue
from newsletter.issue.part import Part, declared_keys
from newsletter.issue.sections.section import Section
from tests.support.finished_mail import GOLDEN, edition_for, mail_to, workspace_of
from tests.support.golden import Golden

SLUG = "kitchen-sink"
SEEN_BY = frozenset({"시민"})
LANGUAGES = ("ko", "en", "ja", "ar")


@cache
def issue() -> Issue:
    workspace = workspace_of(SLUG)
    return load_issue(workspace.issues / f"{SLUG}.yaml", workspace_root=workspace.root, timezone="Asia/Seoul")


def models(model: type[Part] = Issue) -> Iterator[type[Part]]:
    """Every mapping that an issue may hold, but for the words in other languages."""
    yield model
    for name, key in declared_keys(model).items():
        if name != "translations":
            for part in key.parts:
                yield from models(part)


def said(model: type[Part], name: str) -> set[str]:
    """What the issue says under a key of such mappings; what every section may have, any section says."""
    kind = Section if issubclass(model, Section) and name in declared_keys(Section) and name != "type" else model
    # `Issue.parts` would leave out what is hidden.
    inside = [part for section in issue().sections for _, part in section.parts()]
    return {repr(getattr(part, name)) for part in [issue(), issue().hero, *inside] if isinstance(part, kind)}


@pytest.mark.parametrize("model", dict.fromkeys(models()), ids=lambda model: model.__name__)
def test_every_key_and_every_value_that_may_be_chosen_is_in_it(model: type[Part]) -> None:
    for name, field in model.model_fields.items():
        there = said(model, name)
        assert there - {repr(field.default)}, f"{SLUG}.yaml has no {model.__name__} with `{name}`"
        leaves = [field.annotation, *get_args(field.annotation)]
        choices = {repr(one) for leaf in leaves if get_origin(leaf) is Literal for one in get_args(leaf)}
        # What an issue has once can have one value only.
        if model is not Issue:
            assert choices <= there, f"{SLUG}.yaml lacks a value of `{name}` of {model.__name__}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_is_the_one_that_was_looked_at(golden: Golden, language: str) -> None:
    mail = mail_to(SLUG, Subscriber("jane@example.com", "jane@example.com", "Jane", language, SEEN_BY))
    golden.check(GOLDEN / "letters" / f"{SLUG}-{language}.html", mail.parts.html.encode())
    golden.check(GOLDEN / "letters" / f"{SLUG}-{language}.txt", mail.parts.text.encode())


def test_a_check_finds_nothing() -> None:
    editions = [edition_for(SLUG, language, SEEN_BY) for language in LANGUAGES]
    findings = check_issue(issue(), editions, workspace_of(SLUG), f"issues/{SLUG}.yaml")
    assert findings == []
