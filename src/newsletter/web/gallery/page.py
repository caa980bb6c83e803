"""The looks of a letter beside each other, light and dark, as one file. Touches: nothing.

Each letter stands in a sandboxed frame of its own, by `srcdoc`, with its pictures inside; the policy of the page holds
in the frames, too, so that opening the file runs nothing and asks nobody. Limits: each frame has
pictures of its own.
"""

import base64

from newsletter.edition.edition import Picture
from newsletter.web.letter_frame.colour_scheme import ColourScheme
from newsletter.web.letter_frame.frame import PICTURE_TYPES, SANDBOX, LetterFrame, framed
from newsletter.web.page_templates import PageTemplates
from newsletter.workflow.theme_gallery import LetterLooks, Look

_SCHEMES: tuple[ColourScheme, ...] = ("light", "dark")


def gallery_page(gallery: LetterLooks, language: str) -> str:
    """The whole page; what it says itself is in `language`."""
    templates = PageTemplates("gallery", language)
    frames = {(look.preset, scheme): _frame(look, scheme) for look in gallery.looks for scheme in _SCHEMES}
    context = {"gallery": gallery, "frames": frames, "schemes": _SCHEMES, "sandbox": SANDBOX}
    return templates.text("gallery.html.j2", context)


def _frame(look: Look, scheme: ColourScheme) -> str:
    pictures = {one.cid: _address(one) for one in look.pictures if one.media_type in PICTURE_TYPES}
    return framed(look.html, LetterFrame(pictures, look=scheme))


def _address(picture: Picture) -> str:
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode('ascii')}"
