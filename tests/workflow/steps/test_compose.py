"""A message is made in one place: what is looked at is what is sent, but for links that change nothing."""

import re

import pytest

from newsletter.audience.subscriber import Subscriber
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.compose import LetterComposer, with_defaults, without_subscriber
from newsletter.workflow.steps.keys import SigningKeys, links_of
from newsletter.workflow.steps.letter import open_letter, render_all
from tests.workflow.conftest import Reload

HONG = Subscriber("hong@example.com", "hong@example.com", "홍길동", "ko")
_TOKEN = re.compile(r"/u/([\w.-]{50})")


def composers(workspace: Workspace) -> dict[str, LetterComposer]:
    letter = open_letter(workspace, "2026-11")
    editions, slug = render_all(letter, workspace), letter.issue.slug
    return {
        "send": LetterComposer.to_send(workspace, slug, editions),
        "proof": LetterComposer.to_send(workspace, slug, editions, proof=True),
        "look": LetterComposer.to_look(workspace, slug, editions),
        "try": LetterComposer.to_try(workspace.settings, slug, editions),
    }


def tokens(composer: LetterComposer) -> set[str]:
    parts = composer.parts(HONG, "ko")
    return {
        *_TOKEN.findall(parts.html),
        *_TOKEN.findall(parts.text),
        *_TOKEN.findall(dict(parts.headers)["List-Unsubscribe"]),
    }


@pytest.mark.parametrize(("way", "harmless"), [("send", False), ("proof", True), ("look", True)])
def test_only_the_links_of_what_is_sent_unsubscribe(open_workspace: Reload, way: str, harmless: bool) -> None:
    workspace = open_workspace()
    composer = composers(workspace)[way]
    [token] = tokens(composer)
    said = links_of(workspace, create=False).read(token)
    assert said is not None
    assert said.proof is harmless


def test_what_is_tried_has_links_that_mean_nothing_and_makes_no_secret(open_workspace: Reload) -> None:
    workspace = open_workspace()
    letter = open_letter(workspace, "2026-11")
    composer = LetterComposer.to_try(workspace.settings, letter.issue.slug, render_all(letter, workspace))
    [token] = tokens(composer)
    assert not workspace.secret_file.exists()
    assert links_of(workspace, create=True).read(token) is None


def test_all_of_them_are_the_same_letter_of_the_same_size(open_workspace: Reload) -> None:
    made = composers(open_workspace())
    letters = {way: _TOKEN.sub("/u/token", composer.parts(HONG, "ko").html) for way, composer in made.items()}
    assert set(letters.values()) == {letters["send"]}
    assert "홍길동님, 안녕하세요." in letters["send"]
    sizes = {way: len(composer.message(HONG, "ko").data) for way, composer in made.items() if way != "proof"}
    assert set(sizes.values()) == {sizes["send"]}
    weight = made["try"].weigh(HONG, "ko", HONG.values())
    assert weight.mail == sizes["send"]


def test_without_a_subscriber_the_defaults_stand_in_the_holes(open_workspace: Reload) -> None:
    workspace = open_workspace()
    edition = render_all(open_letter(workspace, "2026-11"), workspace)["ko"]
    assert without_subscriber(edition).name == ""
    assert "구독자님, 안녕하세요." in with_defaults(edition, edition.text)


def test_an_editors_machine_without_the_signing_key_still_shows_the_letter(open_workspace: Reload) -> None:
    workspace = open_workspace(NEWSLETTER_DKIM__KEYS='[{"selector": "s1", "file": "elsewhere.pem"}]')
    assert SigningKeys.to_look(workspace).signer is None
