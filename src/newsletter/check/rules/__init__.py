"""The rules, one file for each family; importing this package registers them all."""

from newsletter.check.registry import RULES

from . import (
    advertising,
    audience,
    consent,
    identity,
    leaving,
    legibility,
    linked_pictures,
    links,
    markup,
    picture_files,
    pictures,
    readers,
    structure,
    styles,
    subject,
    support,
    templates,
    weight,
    words,
)

__all__ = [
    "RULES",
    "advertising",
    "audience",
    "consent",
    "identity",
    "leaving",
    "legibility",
    "linked_pictures",
    "links",
    "markup",
    "picture_files",
    "pictures",
    "readers",
    "structure",
    "styles",
    "subject",
    "support",
    "templates",
    "weight",
    "words",
]
