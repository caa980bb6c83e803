"""Write one letter as files: HTML, text and the whole message, exactly as sent.

Touches: the workspace's files, `out`.
"""

from collections.abc import Mapping
from pathlib import Path

from newsletter.audience.address import parse_address
from newsletter.audience.subscriber import Subscriber
from newsletter.catalogue import phrase
from newsletter.edition.edition import Edition
from newsletter.errors import UsageError
from newsletter.settings.workspace import Workspace

from .steps.audience import choose_variant
from .steps.compose import LetterComposer, without_subscriber
from .steps.files import write_files
from .steps.letter import Letter, default_edition, open_letter, render_all
from .steps.neighbours import is_not_there
from .steps.people import people_at_hand


def render_files(workspace: Workspace, given: str, out: Path, as_email: str | None) -> list[Path]:
    """Write `<slug>.html`, `.txt` and `.eml` into `out`, which is made; return their paths."""
    letter = open_letter(workspace, given)
    editions = render_all(letter, workspace)
    reader = _reader(workspace, letter, editions, as_email)
    slug = letter.issue.slug
    composer = LetterComposer.to_send(workspace, slug, editions)
    parts, message = composer.parts(*reader), composer.message(*reader)
    return write_files(
        out,
        {f"{slug}.html": parts.html.encode(), f"{slug}.txt": parts.text.encode(), f"{slug}.eml": message.data},
    )


def _reader(
    workspace: Workspace, letter: Letter, editions: Mapping[str, Edition], as_email: str | None
) -> tuple[Subscriber, str]:
    """The subscriber to merge and the variant they get; UsageError for an address that is not in the file."""
    if as_email is None:
        edition = default_edition(editions, workspace.settings.newsletter.language)
        return without_subscriber(edition), edition.variant
    people = people_at_hand(workspace, or_example=True)
    subscriber = people.find(*parse_address(as_email))
    if subscriber is None:
        raise UsageError(
            is_not_there(as_email, people),
            hint=phrase("workflow.subscribers.leave_as_out"),
        )
    return subscriber, choose_variant(letter.issue, workspace)(subscriber)
