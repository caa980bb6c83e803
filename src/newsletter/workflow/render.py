"""Write one letter as files: HTML, text and the whole message, exactly as sent.

Touches: the workspace's files, `out`.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from newsletter.audience.links import Links
from newsletter.audience.read import find_subscriber
from newsletter.audience.subscriber import Subscriber
from newsletter.edition.edition import Edition
from newsletter.errors import CannotWriteError, UsageError
from newsletter.message.letterhead import letterhead
from newsletter.message.merge import Composer, Parts, Signs
from newsletter.message.message import Message
from newsletter.settings.workspace import Workspace

from .steps.audience import choose_variant, subscriber_file
from .steps.keys import signer_of
from .steps.letter import Letter, default_edition, open_letter, render_all
from .steps.sample import sample_subscriber
from .steps.secret import links_of


def render_files(workspace: Workspace, given: str, out: Path, as_email: str | None) -> list[Path]:
    """Write `<slug>.html`, `.txt` and `.eml` into `out`, which is made; return their paths."""
    letter = open_letter(workspace, given)
    editions = render_all(letter, workspace)
    parts, message = compose(
        workspace, letter, editions, as_email, links_of(workspace, create=True), signer_of(workspace)
    )
    return write_files(
        out,
        {
            f"{letter.issue.slug}.html": parts.html.encode(),
            f"{letter.issue.slug}.txt": parts.text.encode(),
            f"{letter.issue.slug}.eml": message.data,
        },
    )


def compose(
    workspace: Workspace,
    letter: Letter,
    editions: Mapping[str, Edition],
    as_email: str | None,
    links: Links,
    signer: Signs | None,
) -> tuple[Parts, Message]:
    """One subscriber's message, or without one that of a reader about whom nothing is known."""
    subscriber, variant = choose_reader(workspace, editions, as_email, choose_variant(letter.issue, workspace))
    head = letterhead(workspace.settings, letter.issue.slug, datetime.now(UTC), links.key_id)
    composer = Composer(editions, head, links, signer)
    reader = (subscriber.email, subscriber.key, variant, subscriber.values())
    return composer.parts(*reader), composer.compose(*reader)


def choose_reader(
    workspace: Workspace, editions: Mapping[str, Edition], as_email: str | None, choose: Callable[[Subscriber], str]
) -> tuple[Subscriber, str]:
    """The subscriber to merge and the variant they get; UsageError for an address that is not in the file."""
    if as_email is None:
        edition = default_edition(editions, workspace.settings.newsletter.language)
        return sample_subscriber(edition), edition.variant
    path = subscriber_file(workspace, or_example=True)
    subscriber = find_subscriber(path, as_email)
    if subscriber is None:
        raise UsageError(f"{as_email} is not in {path.name}.", hint="Leave --as out to merge the defaults.")
    return subscriber, choose(subscriber)


def write_files(out: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder that is made if missing; CannotWriteError (73) names what could not be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (out / name).write_bytes(data)
    except OSError as error:
        raise CannotWriteError(f"{error.filename or out}: {error.strerror}", hint="Choose another folder.") from error
    return [out / name for name in files]
