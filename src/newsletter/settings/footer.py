"""`[footer]`: what may stand at the foot of the letter beside who sends it and the way out. Touches: nothing."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from newsletter.catalogue import phrase
from newsletter.errors import Problem

from .table import Table
from .values import Line, Website, website

AUTO = "auto"
Service = Literal[
    "bluesky",
    "facebook",
    "github",
    "instagram",
    "kakao",
    "linkedin",
    "mastodon",
    "naver-blog",
    "rss",
    "telegram",
    "threads",
    "tiktok",
    "x",
    "youtube",
]
"""Where a newsletter may be found besides; the words for each are in edition/words/social.toml."""


class SocialLink(Table):
    kind: Service
    url: Annotated[Website, Field(min_length=1)]


class Partner(Table):
    logo: Annotated[str, Field(min_length=1)]
    """A picture in the workspace."""
    alt: Annotated[Line, Field(min_length=1)]
    """The partner's name."""
    url: Website = ""


class FooterTable(Table):
    """All of it may be left out, and is then not in the letter."""

    logo: str = ""
    """A picture in the workspace, over the institute's name."""
    logo_alt: Line = ""
    """Empty: the institute's name."""
    social: tuple[SocialLink, ...] = ()
    forward: bool = False
    """A link that opens a mail to somebody else, with the address of the letter on the web in it."""
    subscribe: Website = ""
    """A page where a reader to whom the letter was forwarded can ask for it."""
    archive: Annotated[str, AfterValidator(lambda value: value if value == AUTO else website(value))] = ""
    """Where earlier issues are; `auto`: `[links] archive_url`."""
    partners: tuple[Partner, ...] = ()
    funding: Line = ""
    """Who pays for it, in a line."""

    @property
    def pictures(self) -> tuple[str, ...]:
        """The files of its pictures, relative to the workspace."""
        return tuple(filter(None, (self.logo, *(partner.logo for partner in self.partners))))


def footer_problems(footer: FooterTable, archive_url: str) -> list[Problem]:
    """What cannot be shown since nobody knows where the archive is."""
    if archive_url:
        return []
    lacking = {"forward": footer.forward, "archive": footer.archive == AUTO}
    said, hint = phrase("settings.footer.needs_archive_url"), phrase("settings.footer.give_archive_url")
    return [Problem(said, path=f"footer.{key}", hint=hint) for key, wanted in lacking.items() if wanted]
