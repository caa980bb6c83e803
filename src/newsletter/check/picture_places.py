"""Where the issue names a picture. Touches: nothing."""

from newsletter.edition.edition import Picture
from newsletter.edition.pictures import picture_stem
from newsletter.issue.tree import DataPath

from .material import Material


def place_of_picture(material: Material, picture: Picture) -> DataPath:
    """The path of its `src`; its file name in the letter begins with that of the source."""
    named = [(path, text) for path, text in material.texts() if path[-1] == "src"]
    return next((path for path, text in named if picture.filename.startswith(f"{picture_stem(text)}-")), ())
