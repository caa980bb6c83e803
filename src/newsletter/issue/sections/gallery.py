"""Two to four pictures side by side. Touches: nothing."""

from typing import Annotated, Literal

from pydantic import Field

from .section import Image, Section


class Gallery(Section):
    type: Literal["gallery"]
    images: Annotated[tuple[Image, ...], Field(min_length=2, max_length=4)]
