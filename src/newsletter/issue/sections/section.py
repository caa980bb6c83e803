"""What every section of an issue has, and the parts that several types share. Touches: nothing."""

from typing import Annotated, Literal

from pydantic import Field

from newsletter.issue.part import Part
from newsletter.issue.texts import (
    Anchor,
    AudienceTag,
    Flag,
    Link,
    MarkdownLine,
    NameLine,
    OneLine,
    PictureFile,
    TypeName,
)


class Image(Part):
    """A picture: a file of the workspace and the words that stand for it where it is not shown."""

    src: PictureFile
    alt: OneLine
    caption: MarkdownLine = ""
    credit: NameLine = ""
    licence: NameLine = ""


class Button(Part):
    label: OneLine
    url: Link
    style: Literal["solid", "outline", "link"] = "solid"


class Section(Part):
    """A titled block of the letter; each type is a class in a file of its own (docs/adding-a-section-type.md)."""

    heading: OneLine = ""
    image: Image | None = None
    buttons: Annotated[tuple[Button, ...], Field(max_length=3)] = ()
    anchor: Anchor = ""
    """Its name in the archive: `#jobs`; unique in the issue."""
    hidden: Flag = False
    """It is in no edition."""
    only_for: tuple[AudienceTag, ...] = ()
    """Empty: for everybody; else for subscribers who have one of these tags."""
    type: TypeName
