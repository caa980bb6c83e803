"""`newsletter theme gallery`: one letter in every preset of `[theme]`. Touches: the workspace's files.

Everything else of the settings stays as it is, so that each look is what the letter would be with that one line.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from newsletter.catalogue import Said
from newsletter.edition.edition import Picture
from newsletter.settings.presets import PresetName
from newsletter.settings.workspace import Workspace

from .steps.compose import LetterComposer, without_subscriber
from .steps.files import write_files
from .steps.letter import Letter, open_letter


@dataclass(frozen=True, slots=True)
class Look:
    """The letter in one preset."""

    preset: PresetName
    is_chosen: bool
    """It is that of the settings."""
    html: str
    """As sent, with `cid:` links; empty where the preset does not go with the colours of the settings."""
    pictures: tuple[Picture, ...]
    problems: tuple[Said, ...]
    """Why not: what could not be read."""


@dataclass(frozen=True, slots=True)
class LetterLooks:
    """One letter in every preset."""

    newsletter: str
    file: str
    looks: tuple[Look, ...]


def theme_gallery(workspace: Workspace, given: str | None) -> LetterLooks:
    """Render the issue once for each preset, some 150 ms each; pictures are embedded, whatever the settings say.

    Raises InputError with every problem of the file, UsageError where there is no such issue.
    """
    letter = open_letter(workspace, given)
    looks = tuple(_look(workspace, letter, name) for name in get_args(PresetName))
    return LetterLooks(workspace.settings.newsletter.name, letter.file, looks)


def write_gallery(out: Path, page: str) -> Path:
    """Write the page into `out`, also over an older one; CannotWriteError (73)."""
    (path,) = write_files(out.parent, {out.name: page.encode()})
    return path


def _look(workspace: Workspace, letter: Letter, name: PresetName) -> Look:
    from newsletter.edition.accent import colour_problems
    from newsletter.edition.render import render
    from newsletter.edition.variants import variants

    settings = workspace.settings
    changed = {
        "theme": settings.theme.model_copy(update={"preset": name}),
        "images": settings.images.model_copy(update={"mode": "embed"}),
    }
    shown = replace(workspace, settings=settings.model_copy(update=changed))
    is_chosen = name == settings.theme.preset
    if problems := colour_problems(letter.issue, shown):
        return Look(name, is_chosen, "", (), tuple(one.message for one in problems))
    edition = render(letter.issue, shown, variants(letter.issue, [settings.newsletter.language])[0])
    composer = LetterComposer.to_try(shown.settings, letter.issue.slug, {edition.variant: edition})
    html = composer.parts(without_subscriber(edition), edition.variant).html
    return Look(name, is_chosen, html, edition.pictures, ())
