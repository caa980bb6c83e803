"""What every section of an issue has, and the parts that several types share. Touches: nothing."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from newsletter.catalogue import phrase
from newsletter.issue.part import Part
from newsletter.issue.picture_values import Crop, Focus, ShownWidth
from newsletter.issue.texts import (
    Anchor,
    AudienceTag,
    FileContext,
    Flag,
    Link,
    MarkdownLine,
    NameLine,
    OneLine,
    PictureFile,
    TypeName,
)
from newsletter.settings.explain import WrongValueError


class Image(Part):
    """A picture: a file of the workspace and the words that stand for it where it is not shown."""

    src: PictureFile
    alt: OneLine
    caption: MarkdownLine = ""
    credit: NameLine = ""
    licence: NameLine = ""
    src_dark: PictureFile = ""
    """Shown instead where the letter is shown in the dark; only some mail programs can."""
    url: Link | None = None
    """Where a click on the picture leads."""
    play: Flag = False
    """A mark in the middle: a click plays something."""
    width: ShownWidth | None = None
    """None: as wide as its place."""
    focus: Focus = ""
    """Empty: the middle."""
    crop: Crop = ""
    """Empty: whole."""

    @field_validator("play")
    @classmethod
    def _leads_somewhere(cls, play: bool, info: ValidationInfo[FileContext]) -> bool:
        if play and info.data.get("url", "") is None:
            raise WrongValueError(phrase("issue.value.needs_an_address"))
        return play


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
