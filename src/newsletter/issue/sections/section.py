"""What every section of an issue has, and the parts that several types share. Touches: nothing."""

from newsletter.issue.part import Part
from newsletter.issue.texts import AudienceTag, Link, MarkdownLine, NameLine, OneLine, PictureFile, TypeName


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


class Section(Part):
    """A titled block of the letter; each type is a class in a file of its own (docs/adding-a-section-type.md)."""

    heading: OneLine = ""
    image: Image | None = None
    only_for: tuple[AudienceTag, ...] = ()
    """Empty: for everybody; else for subscribers who have one of these tags."""
    type: TypeName
