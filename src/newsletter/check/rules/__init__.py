"""The rules, one file for each family; importing this package registers them all."""

from newsletter.check.registry import RULES

from . import audience, identity, leaving, links, markup, pictures, readers, subject, support, templates, words

__all__ = [
    "RULES",
    "audience",
    "identity",
    "leaving",
    "links",
    "markup",
    "pictures",
    "readers",
    "subject",
    "support",
    "templates",
    "words",
]
