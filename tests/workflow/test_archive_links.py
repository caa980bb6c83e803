"""What ties a letter to the archive: where it is read in the browser, List-Archive, and pictures that are published."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from newsletter.edition.edition import Edition
from newsletter.edition.render import render
from newsletter.edition.variants import languages_of, variants
from newsletter.issue.model import Issue
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.compose import LetterComposer, without_subscriber
from tests.support.letters import issue_of, picture_bytes, story, workspace_at

ARCHIVE = "https://news.example.org/archive"


@pytest.fixture
def issue(tmp_path: Path) -> Issue:
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "a.png").write_bytes(picture_bytes(1200, 600))
    return issue_of(
        tmp_path,
        hero={"src": "a.png", "alt": "그림"},
        sections=[story(), story(heading="둘째"), story(heading="셋째")],
        translations={"ja": {"title": "成長"}},
    )


def editions(issue: Issue, workspace: Workspace) -> dict[str, Edition]:
    found = [render(issue, workspace, variant) for variant in variants(issue, languages_of(issue, "ko"))]
    return {one.variant: one for one in found}


def opened(workspace: Workspace, made: dict[str, Edition], variant: str) -> EmailMessage:
    """The `.eml`, as a mail program reads it."""
    composer = LetterComposer.to_send(workspace, "2026-11", made)
    data = composer.message(without_subscriber(made[variant]), variant).data
    return message_from_bytes(data, policy=policy.default)


def parts(message: EmailMessage) -> tuple[str, str]:
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    assert html is not None
    assert text is not None
    return html.get_content(), text.get_content()


def test_each_language_is_led_to_its_own_page_and_to_the_place_in_it(issue: Issue, tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path, links={"archive_url": ARCHIVE})
    made = editions(issue, workspace)
    # An English reader of an issue that is not translated reads the newsletter's own page.
    for variant, page in {"ko": "2026-11/", "en": "2026-11/", "ja": "2026-11/ja/"}.items():
        message = opened(workspace, made, variant)
        html, text = parts(message)
        assert message["List-Archive"] == f"<{ARCHIVE}>"
        led = sorted(set(re.findall(rf'href="({ARCHIVE}[^"]*)"', html)))
        assert led == [f"{ARCHIVE}/{page}", *(f"{ARCHIVE}/{page}#story-0{number}" for number in (1, 2, 3))]
        assert any(line.endswith(f": {ARCHIVE}/{page}") for line in text.splitlines())


def test_without_an_archive_nothing_speaks_of_it(issue: Issue, tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    message = opened(workspace, editions(issue, workspace), "ja")
    assert message["List-Archive"] is None
    assert not any("archive" in part for part in parts(message))


def test_hosted_pictures_are_addressed_and_not_attached(issue: Issue, tmp_path: Path) -> None:
    """But a proof, which somebody looks at before anything is published, has them inside."""
    workspace = workspace_at(tmp_path, links={"archive_url": ARCHIVE}, images={"mode": "hosted"})
    made = editions(issue, workspace)
    message = opened(workspace, made, "ko")
    (picture,) = made["ko"].pictures
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert f'src="{ARCHIVE}/pictures/{picture.filename}"' in parts(message)[0]
    assert re.fullmatch(r"a-[0-9a-f]{8}\.png", picture.filename)
    proof = opened(workspace, {"ko": made["ko"].with_pictures_inside()}, "ko")
    (inside,) = [part for part in proof.walk() if part.get_content_maintype() == "image"]
    assert inside.get_payload(decode=True) == picture.data
    assert f'src="cid:{inside["Content-ID"][1:-1]}"' in parts(proof)[0]
