"""Send one proof: marked subject, links that change nothing, no ledger row. Touches: the network."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from newsletter.audience.address import AddressError, parse_address
from newsletter.audience.read import find_subscriber
from newsletter.dispatch.address import RelayAddress
from newsletter.dispatch.proof import deliver
from newsletter.errors import UsageError
from newsletter.message.letterhead import letterhead
from newsletter.message.merge import Composer
from newsletter.settings.workspace import Workspace

from .audience import choose_variant, subscriber_file
from .letter import default_edition, open_letter, render_all
from .sample import sample_subscriber
from .secret import links_of


def send_proof(workspace: Workspace, given: str, to: str) -> str:
    """Deliver one message and say so; UsageError for an address that is none, UnavailableError without a relay.

    Who is in the subscriber file gets their own values and variant, anybody else the issue's defaults.
    """
    try:
        email, key = parse_address(to)
    except AddressError as error:
        raise UsageError(f"{to}: {error}") from error
    letter = open_letter(workspace, given)
    editions = render_all(letter, workspace)
    edition = default_edition(editions, workspace.settings.newsletter.language)
    found = find_subscriber(subscriber_file(workspace, or_example=True), email) if _has_file(workspace) else None
    subscriber = found or replace(sample_subscriber(edition), email=email, key=key)
    variant = choose_variant(letter.issue, workspace)(found) if found else edition.variant
    links = links_of(workspace, create=True)
    head = letterhead(workspace.settings, letter.issue.slug, datetime.now(UTC), links.key_id, proof=True)
    message = Composer(editions, head, links).compose(email, key, variant, subscriber.values())
    reply = asyncio.run(deliver(message, RelayAddress.from_settings(workspace.settings, workspace.root)))
    return f"The proof of {letter.issue.slug} is on its way to {email}: {reply.code} {reply.text}"


def _has_file(workspace: Workspace) -> bool:
    return workspace.csv.is_file() or workspace.example_csv.is_file()
