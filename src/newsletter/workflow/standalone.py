"""`newsletter render --standalone`: a letter to show to somebody before it is sent.

Touches: the workspace's files, `out`.

It is filled with the defaults, never with a subscriber's data, and made without the secret that signs links. Limits:
one for each language the issue is written in, and for each set of sections that somebody sees.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.edition.accent import theme_of
from newsletter.edition.edition import Edition, Picture, Variant
from newsletter.message.headers import unsubscribe_url, web_url
from newsletter.message.letterhead import letterhead
from newsletter.settings.model import Settings
from newsletter.settings.workspace import Workspace

from .steps.compose import LetterComposer, without_subscriber
from .steps.files import write_files
from .steps.letter import open_letter

if TYPE_CHECKING:
    from newsletter.issue.model import Issue


@dataclass(frozen=True, slots=True)
class StandaloneLetter:
    """One variant as it would be sent to somebody about whom nothing is known."""

    name: str
    """Of its file: `2026-11.standalone.html`, `2026-11.en.standalone.html`."""
    slug: str
    variant: Variant
    sender: str
    subject: str
    html: str
    """With `cid:` links, also to what is hosted once it is published."""
    pictures: tuple[Picture, ...]
    palette: Mapping[str, str]
    """The letter's colours."""
    personal: tuple[str, ...]
    """Addresses, or their beginnings, of what is one subscriber's or not there before the letter is sent."""


def standalone_letters(workspace: Workspace, given: str) -> tuple[StandaloneLetter, ...]:
    """The fullest variant of the newsletter's language first.

    Raises InputError with every problem of the file, UsageError where there is no such issue.
    """
    from newsletter.edition.render import render
    from newsletter.edition.variants import languages_of, variants

    letter, own = open_letter(workspace, given), workspace.settings.newsletter.language
    languages = languages_of(letter.issue, own)
    # In another language there would be nothing but the letter's own few words.
    written = [language for language in languages if language == own or language in letter.issue.translations]
    editions = [(variant, render(letter.issue, workspace, variant)) for variant in variants(letter.issue, written)]
    return tuple(standalone_letter(workspace, letter.issue, *one) for one in editions)


def write_standalone(out: Path, pages: Mapping[str, str]) -> Mapping[Path, int]:
    """Write each page into `out`, which is made, also over an older one. CannotWriteError (73).

    Returns the paths with their sizes in bytes.
    """
    files = {name: page.encode() for name, page in pages.items()}
    return dict(zip(write_files(out, files), map(len, files.values()), strict=True))


def standalone_letter(workspace: Workspace, issue: "Issue", variant: Variant, rendered: Edition) -> StandaloneLetter:
    """One variant of an issue; `rendered` is its edition."""
    settings, slug = workspace.settings, issue.slug
    edition = rendered.with_pictures_inside()
    composer = LetterComposer.to_try(settings, slug, {edition.variant: edition})
    parts = composer.parts(without_subscriber(edition), edition.variant)
    is_whole = variant.name == settings.newsletter.language
    return StandaloneLetter(
        name=f"{slug}.standalone.html" if is_whole else f"{slug}.{variant.name}.standalone.html",
        slug=slug,
        variant=variant,
        sender=settings.sender_name,
        subject=parts.subject,
        html=parts.html,
        pictures=edition.pictures,
        palette=theme_of(issue, workspace).palette,
        personal=_personal(settings, slug),
    )


def _personal(settings: Settings, slug: str) -> tuple[str, ...]:
    head = letterhead(settings, slug, datetime.now(UTC), "")
    found = (
        unsubscribe_url(head, "") if head.pages_url else "",
        f"mailto:{head.unsubscribe_mailto}" if head.unsubscribe_mailto else "",
        web_url(head) if head.archive_url else "",
    )
    return tuple(filter(None, found))
