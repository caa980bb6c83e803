"""The name of a piece of research, as ISO 26324 has it, from however it was written. Touches: nothing."""

import re
from typing import Annotated
from urllib.parse import unquote

from pydantic import BeforeValidator, WithJsonSchema

from newsletter.catalogue import phrase
from newsletter.settings.explain import WrongValueError

from .texts import typed

_NAME = re.compile(r"10\.\d{4,9}/[^\s\"{}|\\^`\ufffd]+")
"""A prefix of the registry and a name; narrower than the handbook, since it becomes an address."""
_RESOLVER = re.compile(r"https?://(?:dx\.)?doi\.org/", re.IGNORECASE)
_SIGN = re.compile(r"doi:\s*", re.IGNORECASE)


def doi_in(text: str) -> str:
    """`10.1000/x`, also of `doi:10.1000/x` and `https://doi.org/10.1000/x`; empty where it is none.

    In an address, `%3C` is the `<` of the name.
    """
    if address := _RESOLVER.match(text):
        text = unquote(text[address.end() :])
    elif sign := _SIGN.match(text):
        text = text[sign.end() :]
    return text if _NAME.fullmatch(text) and text.isprintable() else ""


def _doi(value: object) -> str:
    name = doi_in(typed(value))
    if not name:
        raise WrongValueError(phrase("issue.value.must_be_doi"))
    return name


Doi = Annotated[
    str,
    BeforeValidator(_doi),
    WithJsonSchema({"type": "string", "pattern": r"^(https?://(dx\.)?doi\.org/|doi:\s*)?10\.\d{4,9}/\S+$"}),
]
"""The name alone: `10.1000/x`, whatever was written before it."""
