"""What the address of a studio's page asks for, and the addresses of the pages beside it. Touches: nothing."""

from dataclasses import dataclass
from typing import get_args
from urllib.parse import urlencode

from starlette.datastructures import ImmutableMultiDict

from newsletter.catalogue import LANGUAGES
from newsletter.web.letter_frame.colour_scheme import ColourScheme

from .model import Asked

VIEWS = ("letter", "text", "source", "message", "headers")
COLOUR_SCHEMES: tuple[ColourScheme, ...] = get_args(ColourScheme)
IMAGES = ("on", "off")
MAX_WORD = 200
"""Characters of anything that is asked for; the rest is left out."""
_MAX_TAGS = 20


@dataclass(frozen=True, slots=True)
class Query:
    """A page of the studio: which letter, and how it is looked at. Whatever makes no sense is the default."""

    asked: Asked
    view: str
    look: ColourScheme
    images: str
    spoken: str = ""
    """Language of the page itself, `ui`: ko or en; empty: the newsletter's."""
    write: bool = False
    """Whether the desk is open."""

    @classmethod
    def of(cls, parameters: ImmutableMultiDict[str, str]) -> "Query":
        """What a form's empty choice sends is none; `tags=;` is somebody without tags."""
        look = parameters.get("look", "")
        reader, tags = parameters.get("as"), ";".join(parameters.getlist("tags"))
        return cls(
            asked=Asked(
                issue=parameters.get("issue") or None,
                reader=None if reader is None else reader[:MAX_WORD],
                language=parameters.get("language", "")[:MAX_WORD].strip(),
                tags=_tags(tags) if tags else None,
            ),
            view=_one_of(VIEWS, parameters.get("view")),
            look=next((known for known in COLOUR_SCHEMES if known == look), COLOUR_SCHEMES[0]),
            images=_one_of(IMAGES, parameters.get("images")),
            spoken=_one_of(("", *LANGUAGES), parameters.get("ui")),
            write=parameters.get("write") == "1",
        )

    def link(self, **changes: str | None) -> str:
        """The address of the page with these parameters changed, None to leave one out: `?issue=2026-11&view=text`.

        It is relative, so the start token stands in no page.
        """
        asked = self.asked
        words: dict[str, str | None] = {
            "issue": asked.issue,
            "as": asked.reader,
            "language": asked.language or None,
            "tags": None if asked.tags is None else ";".join(asked.tags) or ";",
            "view": self.view if self.view != VIEWS[0] else None,
            "look": self.look if self.look != COLOUR_SCHEMES[0] else None,
            "images": self.images if self.images != IMAGES[0] else None,
            "ui": self.spoken or None,
            "write": "1" if self.write else None,
        }
        words.update({name.removesuffix("_"): value for name, value in changes.items()})
        return "?" + urlencode({name: value for name, value in words.items() if value is not None})


def _one_of(known: tuple[str, ...], given: str | None) -> str:
    return given if given in known else known[0]


def _tags(text: str) -> tuple[str, ...]:
    words = (word.strip()[:MAX_WORD] for word in text.split(";"))
    return tuple(dict.fromkeys(word for word in words if word))[:_MAX_TAGS]
