"""Which files of an installation hold a secret, and which hold people. Touches: the file system, looking only.

Limits: of `newsletter.toml` only a password in `ledger.url` counts. What a program puts into .newsletter/ while it
works is made readable for its user alone, and not looked for here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import SettingsError
from newsletter.ledger.engines import database_url
from newsletter.settings.carried import has_password, names_secret_file
from newsletter.settings.load import FILE
from newsletter.settings.workspace import Workspace

from .health_check import Installation


@dataclass(frozen=True, slots=True)
class PrivateFiles:
    """By what they hold; not all of them need be there."""

    secrets: tuple[Path, ...]
    people: tuple[Path, ...]
    settings: tuple[Path, ...]
    """newsletter.toml, where a password stands in it."""


def private_files(of: Installation) -> PrivateFiles:
    """Absolute paths."""
    root, settings = of.workspace.root, of.workspace.settings
    holds_password = has_password(settings.ledger.url) and not settings.variable("ledger.url")
    return PrivateFiles(tuple(_secrets(of)), tuple(_people(of.workspace)), (root / FILE,) if holds_password else ())


def _secrets(of: Installation) -> Iterator[Path]:
    if not {"NEWSLETTER_SECRET_KEY", "NEWSLETTER_SECRET_KEY_FILE"} & of.environ.keys():
        yield of.workspace.secret_file
    yield from ((of.folder / value).absolute() for name, value in of.environ.items() if names_secret_file(name))
    yield from (of.workspace.root / key.file for key in of.workspace.settings.dkim.keys)
    yield of.workspace.root / ".env"  # of compose, direnv and the like


def _people(workspace: Workspace) -> Iterator[Path]:
    yield workspace.csv
    try:
        url = database_url(workspace.settings.ledger.url, workspace.root)
    except SettingsError:  # which the line about the ledger tells
        return
    if url.get_backend_name() == "sqlite":
        yield Path(url.database or "")  # what SQLite makes beside it gets the same mode, and goes again
