"""Refuse to send from an address that belongs to nobody, unless the relay is on this machine, where it is tried out.

Touches: newsletter.toml, for the places. No setting of `check` lowers it: it is about mail that leaves the machine.
"""

from urllib.parse import urlsplit

from newsletter.catalogue import phrase
from newsletter.check.example_addresses import example_addresses, is_example
from newsletter.errors import InputError, Problem, RefusedError
from newsletter.message.message import Letterhead
from newsletter.settings.load import problem_with_setting
from newsletter.settings.model import Settings
from newsletter.settings.values import is_loopback
from newsletter.settings.workspace import Workspace


def refuse_example_sender(workspace: Workspace) -> None:
    """InputError (65) with every setting that is an example's."""
    if _stays_here(workspace.settings):
        return
    relay = urlsplit(workspace.settings.smtp.url).hostname or ""
    told = (
        Problem(phrase("workflow.send.example_address", address=address, relay=relay), path=key)
        for key, address in example_addresses(workspace.settings)
    )
    problems = [problem_with_setting(workspace, problem) for problem in told]
    if problems:
        raise InputError(problems=problems, hint=phrase("workflow.send.put_your_own"))


def refuse_frozen_example(workspace: Workspace, head: Letterhead) -> None:
    """RefusedError (77) for an issue that was planned with such a sender, to try it out, and would now leave."""
    if not _stays_here(workspace.settings) and is_example(head.sender_address.rpartition("@")[2]):
        raise RefusedError(
            phrase("workflow.send.frozen_example", slug=head.slug, address=head.sender_address),
            hint=phrase("workflow.send.cancel_the_trial", slug=head.slug),
        )


def _stays_here(settings: Settings) -> bool:
    return is_loopback(urlsplit(settings.smtp.url).hostname or "")
