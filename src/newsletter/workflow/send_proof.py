"""Send one proof: marked subject, links that change nothing, no ledger row. Touches: the network."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from newsletter.audience.address import AddressError, parse_address
from newsletter.audience.read import find_subscriber
from newsletter.dispatch.send_one import deliver
from newsletter.edition.edition import Edition
from newsletter.errors import UsageError
from newsletter.message.letterhead import letterhead
from newsletter.message.merge import Composer
from newsletter.settings.workspace import Workspace
from newsletter.smtp.reply import Reply
from newsletter.smtp.server import SMTPServer

from .steps.audience import choose_variant, subscriber_file
from .steps.keys import signer_of
from .steps.letter import default_edition, open_letter, render_all
from .steps.sample import sample_subscriber
from .steps.secret import links_of


@dataclass(frozen=True, slots=True)
class Proof:
    """One letter as one reader would get it."""

    slug: str
    edition: Edition
    values: Mapping[str, str]


def deliver_proof(workspace: Workspace, proof: Proof, to: str) -> Reply:
    """The relay's reply. UsageError for an address that is none, UnavailableError (69) or RefusedError (77)."""
    email, key = _address(to)
    links = links_of(workspace, create=True)
    head = letterhead(workspace.settings, proof.slug, datetime.now(UTC), links.key_id, proof=True)
    composer = Composer({proof.edition.variant: proof.edition}, head, links, signer_of(workspace))
    message = composer.compose(email, key, proof.edition.variant, proof.values)
    return asyncio.run(deliver(message, SMTPServer.from_settings(workspace.settings, workspace.root)))


def send_proof(workspace: Workspace, given: str, to: str) -> str:
    """Deliver one message and say so; errors as `deliver_proof`, and InputError for an issue that is broken.

    Who is in the subscriber file gets their own values and variant, anybody else the issue's defaults.
    """
    email, key = _address(to)
    letter = open_letter(workspace, given)
    editions = render_all(letter, workspace)
    edition = default_edition(editions, workspace.settings.newsletter.language)
    found = find_subscriber(subscriber_file(workspace, or_example=True), email) if _has_file(workspace) else None
    subscriber = found or replace(sample_subscriber(edition), email=email, key=key)
    variant = choose_variant(letter.issue, workspace)(found) if found else edition.variant
    reply = deliver_proof(workspace, Proof(letter.issue.slug, editions[variant], subscriber.values()), to)
    return f"The proof of {letter.issue.slug} is on its way to {email}: {reply.code} {reply.text}"


def _address(text: str) -> tuple[str, str]:
    try:
        return parse_address(text)
    except AddressError as error:
        raise UsageError(f"{text}: {error}") from error


def _has_file(workspace: Workspace) -> bool:
    return workspace.csv.is_file() or workspace.example_csv.is_file()
