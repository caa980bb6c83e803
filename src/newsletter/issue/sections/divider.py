"""A pause between two parts of the letter. Touches: nothing. Limits: it says nothing, so that alone it is no issue."""

from typing import Literal

from .section import Section


class Divider(Section):
    type: Literal["divider"]
