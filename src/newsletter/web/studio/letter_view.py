"""How an issue looks to one reader: merged and composed as a send would, in all the ways it is shown. Touches: nothing.

Limits: the way out in a previewed letter is a proof's, so that nobody is unsubscribed by a curious click.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.audience.subscriber import Subscriber
from newsletter.edition.edition import Edition, Variant
from newsletter.edition.variants import languages_of
from newsletter.issue.model import Issue
from newsletter.settings.workspace import Workspace
from newsletter.workflow.standalone import StandaloneLetter, standalone_letter
from newsletter.workflow.steps.compose import LetterComposer, without_subscriber

from .cache import Stamp
from .inbox_rows import inbox_rows
from .model import View
from .raw_message import explained, readable_wire, signatures


@dataclass(frozen=True, slots=True)
class Opened:
    """An issue for one reader, before anything is merged."""

    workspace: Workspace
    path: Path
    issue: Issue
    variant: Variant
    edition: Edition
    reader: Subscriber | None
    """None: the defaults."""
    tags: frozenset[str]
    made_from: Stamp

    @property
    def subscriber(self) -> Subscriber:
        return self.reader or without_subscriber(self.edition)

    def composer(self) -> LetterComposer:
        return LetterComposer.to_look(self.workspace, self.issue.slug, {self.edition.variant: self.edition})

    def message(self) -> bytes:
        """The whole message, as it would be sent."""
        return self.composer().message(self.subscriber, self.edition.variant).data

    def standalone(self) -> StandaloneLetter:
        """As nobody's, filled with the defaults: to be shown to somebody."""
        return standalone_letter(self.workspace, self.issue, self.variant, self.edition)


def letter_view(opened: Opened, before: View) -> View:
    """The letter, put into a view that has what is known before anything is merged."""
    workspace, edition, subscriber = opened.workspace, opened.edition, opened.subscriber
    own = workspace.settings.newsletter.language
    composer = opened.composer()
    parts, message = composer.parts(subscriber, edition.variant), composer.message(subscriber, edition.variant)
    return replace(
        before,
        reader=opened.reader.email if opened.reader else "",
        variant=edition.variant,
        language=edition.language,
        languages=languages_of(opened.issue, own),
        tags=tuple(sorted(opened.tags)),
        all_tags=tuple(sorted({tag for section in opened.issue.shown_sections.values() for tag in section.only_for})),
        subject=parts.subject,
        html=replace(edition, html=parts.html).with_pictures_inside().html,
        text=parts.text,
        raw=readable_wire(message.data),
        size=len(message.data),
        headers=explained((*signatures(message.data), *parts.headers)),
        inbox=inbox_rows(workspace.settings.sender_name, parts.subject, parts.html),
        pictures={picture.cid: (picture.media_type, picture.data) for picture in edition.pictures},
    )
