"""What is the same round every page: the newsletter's name, its logo, the institute, the style. Touches: files.

The style's name holds a hash of it, so that no page is shown with the sheet of another day.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from newsletter.edition.footer import footer_view, nfc
from newsletter.edition.markers import Markers
from newsletter.edition.own_words import letter_words
from newsletter.edition.part_views import image_view
from newsletter.edition.theme import theme_view
from newsletter.edition.typeface import typeface_view
from newsletter.edition.views import FooterView, ImageView
from newsletter.settings.model import Settings
from newsletter.settings.workspace import Workspace

from .page_templates import fill_template
from .site import SiteFile
from .web_pictures import SitePictures


@dataclass(frozen=True, slots=True)
class SiteLook:
    """Round every page; pictures by their path below the archive's address."""

    workspace: Workspace
    language: str
    """The newsletter's."""
    newsletter: str
    tagline: str
    logo: ImageView | None
    footer: FooterView
    style: SiteFile
    pictures: Mapping[str, bytes] = field(repr=False)

    @property
    def style_path(self) -> str:
        return self.style.path


def look_of(workspace: Workspace) -> SiteLook:
    """Raises SettingsError for a picture that a setting names, InputError for a template."""
    settings, pictures = workspace.settings, SitePictures(workspace)
    language = settings.newsletter.language
    words = letter_words(language, language, workspace.templates)
    footer = footer_view(settings, words, Markers([]), pictures, "", settings.theme.palette["ground"], language)
    return SiteLook(
        workspace=workspace,
        language=language,
        newsletter=nfc(settings.newsletter.name),
        tagline=nfc(settings.newsletter.tagline),
        logo=_logo(settings, pictures),
        footer=footer,
        style=_style(workspace),
        pictures=pictures.files,
    )


def _logo(settings: Settings, pictures: SitePictures) -> ImageView | None:
    theme = settings.theme
    if not theme.logo:
        return None
    shown = pictures.of_settings(theme.logo, theme.logo_width, "theme.logo", ground=theme.palette["paper"])
    dark = pictures.of_settings(theme.logo_dark, theme.logo_width, "theme.logo_dark") if theme.logo_dark else None
    alt = nfc(theme.logo_alt or settings.newsletter.name)
    return replace(image_view(*shown), alt=alt, dark=image_view(*dark) if dark else None)


def accent_style(look: SiteLook, accent: str) -> SiteFile:
    """The sheet that gives a page the accent of its issue."""
    theme = look.workspace.settings.theme.model_copy(update={"accent": accent})
    sheet = fill_template("accent.css.j2", {"theme": theme_view(theme)}, look.workspace.root).encode()
    return _named("accent", sheet)


def _style(workspace: Workspace) -> SiteFile:
    settings = workspace.settings
    language = settings.newsletter.language
    context = {"theme": theme_view(settings.theme), "typeface": typeface_view(language, language)}
    return _named("style", fill_template("style.css.j2", context, workspace.root).encode())


def _named(stem: str, sheet: bytes) -> SiteFile:
    return SiteFile(f"{stem}-{hashlib.sha256(sheet).hexdigest()[:12]}.css", sheet)
