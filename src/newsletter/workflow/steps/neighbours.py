"""What the list knows of an address that somebody named. Touches: the subscriber file and the ledger, reading."""

from newsletter.audience.near import Neighbours, neighbours_of
from newsletter.audience.read import read_layout
from newsletter.catalogue import Said, lines, phrase
from newsletter.errors import InputError
from newsletter.progress import Advance
from newsletter.settings.workspace import Workspace

from .audience import given_address
from .people import MailingList, people_at_hand


def not_in_the_list(workspace: Workspace, address: str, advance: Advance | None = None) -> Said | None:
    """That an address is not in the list, and which of the subscriber file are near it.

    None where it is there, and where no list can be read to know. Raises UsageError where it is no address.
    """
    email, key = given_address(address)
    try:
        people = people_at_hand(workspace)
        if people.is_signed_up(key):
            return None
        # A list of sign-ups alone is long in nobody's hand: only a file is looked through for who was meant.
        found = neighbours_of(people.path, read_layout(people.path), key, advance) if people.path else Neighbours(0)
    except InputError:  # whoever left may be in no list, and must be suppressed all the same
        return None
    if found.line:
        return None
    told = is_not_there(email, people)
    return lines(told, _near(found)) if found.near else told


def is_not_there(address: str, people: MailingList) -> Said:
    """That an address is not in this list, which may be one of sign-ups alone."""
    if not people.file:
        return phrase("workflow.subscribers.is_no_sign_up", address=address)
    return phrase("workflow.subscribers.is_not_in_file", address=address, file=people.file)


def _near(found: Neighbours) -> Said:
    near = tuple(phrase("workflow.subscribers.near_one", address=email, line=line) for line, email in found.near)
    return phrase("workflow.subscribers.are_near", near=near)
