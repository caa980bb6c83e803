"""The rules, one file for each family; importing this package registers them all."""

from newsletter.check.registry import RULES

from . import (
    audience,
    consent,
    identity,
    leaving,
    links,
    markup,
    pictures,
    readers,
    subject,
    support,
    templates,
    weight,
    words,
)

__all__ = [
    "RULES",
    "audience",
    "consent",
    "identity",
    "leaving",
    "links",
    "markup",
    "pictures",
    "readers",
    "subject",
    "support",
    "templates",
    "weight",
    "words",
]
