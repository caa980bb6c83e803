"""What the list knows of an address that somebody named. Touches: the subscriber file and the ledger, reading."""

from collections.abc import Iterator
from itertools import chain

from newsletter.audience.near import Neighbours, neighbours_of
from newsletter.audience.read import cells_of, read_layout
from newsletter.catalogue import Said, lines, phrase
from newsletter.errors import InputError
from newsletter.progress import Advance
from newsletter.settings.workspace import Workspace

from .audience import given_address
from .people import MailingList, people_at_hand

_STEP = 256
"""Addresses between two calls of `advance`."""


def not_in_the_list(workspace: Workspace, address: str, advance: Advance | None = None) -> Said | None:
    """That an address is not in the list, and which of it are near: those of the subscriber file, then sign-ups.

    None where it is there, and where no list can be read to know. Raises UsageError where it is no address.
    """
    email, key = given_address(address)
    try:
        people = people_at_hand(workspace)
        if people.is_signed_up(key):
            return None
        found = neighbours_of(_everybody(people, advance), key)
    except InputError:  # whoever left may be in no list, and must be suppressed all the same
        return None
    if found.is_there:
        return None
    told = is_not_there(email, people)
    return lines(told, _near(found)) if found.near else told


def is_not_there(address: str, people: MailingList) -> Said:
    """That an address is not in this list, which may be one of sign-ups alone."""
    if not people.file:
        return phrase("workflow.subscribers.is_no_sign_up", address=address)
    return phrase("workflow.subscribers.is_not_in_file", address=address, file=people.file)


def _everybody(people: MailingList, advance: Advance | None) -> Iterator[tuple[int, str]]:
    """Line and address as written; a sign-up stands on none, and has 0."""
    layout = read_layout(people.path) if people.path else None
    in_file = cells_of(people.path, layout, "email") if people.path and layout else iter(())
    sign_ups = people.stamp().sign_ups
    total = (layout.lines if layout else 0) + (sign_ups.count if sign_ups else 0)
    for number, one in enumerate(chain(in_file, ((0, address) for address in people.signed_up()))):
        if advance and number % _STEP == 0:
            advance(min(number, total), total)
        yield one


def _near(found: Neighbours) -> Said:
    near = tuple(
        phrase("workflow.subscribers.near_one", address=email, line=line)
        if line
        else phrase("workflow.subscribers.near_sign_up", address=email)
        for line, email in found.near
    )
    return phrase("workflow.subscribers.are_near", near=near)
