"""What people are told of each key of an issue, as it lies beside the models. Touches: the package's own words.

For the JSON Schema (schema.py), which who writes the file sees, and for the form of the desk. What the tables may hold
is said at the head of schema_words.toml.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from newsletter.catalogue import table

from .own_schema import own_schema_words
from .sections.own import OwnSection
from .sections.registry import SECTION_TYPES, schema_words

WORDS_OF_THE_ISSUE = "schema_words.toml"
_OF_EVERY_SECTION = ("sections", "section.toml")

OwnTypes = tuple[type[OwnSection], ...]


@lru_cache(maxsize=4)
def issue_words(own: OwnTypes = ()) -> Mapping[str, Mapping[str, Any]]:
    """By model and key: of the issue, of what all sections have, and of each type; `own` are those of a workspace."""
    words = {
        **table("newsletter.issue", WORDS_OF_THE_ISSUE),
        **table("newsletter.issue", *_OF_EVERY_SECTION),
    }
    for model in SECTION_TYPES.values():
        words |= schema_words(model)
    for declared in own:
        words |= own_schema_words(declared)
    return words
