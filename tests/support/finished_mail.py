"""Whole messages from an issue file and a row of a subscriber file, as a subscriber gets them. Touches: files.

Pictures are replaced by one pixel: their bytes belong to the encoder, and change with its version.
"""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from newsletter.audience.read import find_subscriber
from newsletter.audience.subscriber import Subscriber
from newsletter.edition.edition import Edition
from newsletter.edition.render import render
from newsletter.edition.variants import variant_for
from newsletter.issue.load import load_issue
from newsletter.message.letterhead import letterhead
from newsletter.message.merge import Composer
from newsletter.message.message import Message
from newsletter.message.prepared_letter import Parts
from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace
from tests.support.editions import LINKS, PIXEL, head
from tests.support.letters import workspace_at
from tests.support.repository import ROOT

GOLDEN = ROOT / "tests" / "golden"


@dataclass(frozen=True, slots=True)
class Mail:
    """One letter to one subscriber, in pieces and whole."""

    edition: Edition
    parts: Parts
    message: Message


@cache
def workspace_of(slug: str) -> Workspace:
    """The repository's own workspace for its example, else the one of the golden letters."""
    if slug == "2021-07":
        return find_workspace(ROOT, explicit=None, environ={})
    return workspace_at(GOLDEN / "workspace")


@cache
def edition_for(slug: str, language: str, tags: frozenset[str] = frozenset()) -> Edition:
    """The edition of an issue that readers of this language with these tags get."""
    workspace = workspace_of(slug)
    own = workspace.settings.newsletter
    issue = load_issue(workspace.issues / f"{slug}.yaml", workspace_root=workspace.root, timezone="Asia/Seoul")
    edition = render(issue, workspace, variant_for(issue, language, tags, own.language))
    return replace(edition, pictures=tuple(replace(picture, data=PIXEL) for picture in edition.pictures))


def mail_to(slug: str, subscriber: Subscriber) -> Mail:
    """The letter of an issue to a subscriber, on a date and with keys that never change."""
    edition = edition_for(slug, subscriber.language, subscriber.tags)
    whole = letterhead(workspace_of(slug).settings, slug, head().date, LINKS.key_id)
    composer = Composer({edition.variant: edition}, whole, LINKS)
    who = (subscriber.email, subscriber.key, edition.variant, subscriber.values())
    return Mail(edition, composer.parts(*who), composer.compose(*who))


def subscriber_in(path: Path, address: str) -> Subscriber:
    """The subscriber with this address, who is in the file."""
    found = find_subscriber(path, address)
    assert found is not None
    return found
