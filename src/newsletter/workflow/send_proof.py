"""Send one proof: marked subject, links that change nothing, no delivery in the ledger.

Touches: the network; the ledger, where messages are counted by the hour or day.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from newsletter.audience.subscriber import Subscriber
from newsletter.catalogue import Said, phrase
from newsletter.dispatch.send_one import deliver
from newsletter.edition.edition import Edition
from newsletter.errors import InputError
from newsletter.settings.rates import kept_windows
from newsletter.settings.workspace import Workspace
from newsletter.smtp.reply import Reply
from newsletter.smtp.server import SMTPServer

from .steps.audience import choose_variant, given_address
from .steps.budget import count_one
from .steps.compose import LetterComposer, without_subscriber
from .steps.example_sender import refuse_example_sender
from .steps.issue_states import looked_up
from .steps.letter import default_edition, open_letter, render_all
from .steps.people import people_at_hand


@dataclass(frozen=True, slots=True)
class Proof:
    """One letter as one reader would get it."""

    slug: str
    edition: Edition
    values: Mapping[str, str]


def deliver_proof(workspace: Workspace, proof: Proof, to: str) -> Reply:
    """The relay's reply. UsageError for an address that is none, InputError (65) where it would come from an address of
    nobody, UnavailableError (69) or RefusedError (77).

    It counts among the messages of the hour and the day, where there is a ledger: RunAgainError (75) where one is used
    up. Nothing else is written there.
    """
    email, key = given_address(to)
    refuse_example_sender(workspace)
    variant = proof.edition.variant
    # What is hosted may not be published yet, and whoever looks is to see it.
    editions = {variant: proof.edition.with_pictures_inside()}
    composer = LetterComposer.to_send(workspace, proof.slug, editions, proof=True)
    message = composer.message_to(email, key, variant, proof.values)
    server = SMTPServer.from_settings(workspace.settings, workspace.root)
    _count(workspace)
    return asyncio.run(deliver(message, server))


def _count(workspace: Workspace) -> None:
    """It takes nothing from what is kept for word to the operator."""
    if not kept_windows(workspace.settings.smtp.rate):
        return
    with looked_up(workspace) as ledger:
        if ledger is not None:
            count_one(workspace.settings, ledger, spare=len(workspace.settings.operator.notify))


def send_proof(workspace: Workspace, given: str, to: str) -> Said:
    """Deliver one message and say so; errors as `deliver_proof`, and InputError for an issue that is broken.

    Who is in the list gets their own values and variant, anybody else the issue's defaults.
    """
    email, key = given_address(to)
    letter = open_letter(workspace, given)
    editions = render_all(letter, workspace)
    edition = default_edition(editions, workspace.settings.newsletter.language)
    found = _found(workspace, email, key)
    subscriber = found or replace(without_subscriber(edition), email=email, key=key)
    variant = choose_variant(letter.issue, workspace)(found) if found else edition.variant
    reply = deliver_proof(workspace, Proof(letter.issue.slug, editions[variant], subscriber.values()), to)
    said = f"{reply.code} {reply.text}"
    return phrase("workflow.send.proof_is_on_its_way", slug=letter.issue.slug, address=email, reply=said)


def _found(workspace: Workspace, email: str, key: str) -> Subscriber | None:
    try:
        people = people_at_hand(workspace, or_example=True)
    except InputError:  # there is no list
        return None
    return people.find(email, key)
