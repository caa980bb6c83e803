"""Where the issue names a picture. Touches: nothing."""

from newsletter.edition.edition import Picture
from newsletter.edition.pictures import picture_stem
from newsletter.issue.tree import DataPath

from .material import Material


def place_of_picture(material: Material, picture: Picture) -> DataPath:
    """The path of its `src`; its file name in the letter begins with that of the source."""
    named = material.issue.pictures()
    return next((one.path for one in named if picture.filename.startswith(f"{picture_stem(one.image.src)}-")), ())
