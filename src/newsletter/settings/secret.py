"""The secret that signs links: read from the environment or a file, made on first need. Touches: file system.

Limits: whoever can read the file can write valid links; it is made with mode 0600 and stays out of git. Several keys
stand one after the other, newest last: the newest signs, all are read.
"""

import contextlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.errors import CannotWriteError, SettingsError
from newsletter.settings.system_reason import system_reason

from .explain import why_unreadable
from .workspace import Workspace


class SecretMissingError(SettingsError):
    """There is no file with a secret, and no variable that gives one."""


SHORTEST = 16
"""Characters of a key below which it could be guessed from one signed link."""


def load_keys(workspace: Workspace, environ: Mapping[str, str], *, create: bool) -> tuple[bytes, ...]:
    """The signing keys, oldest first, never empty.

    NEWSLETTER_SECRET_KEY wins over NEWSLETTER_SECRET_KEY_FILE wins over `links.secret_file`. Raises
    SecretMissingError for none (unless `create`), SettingsError for an empty or a short one, CannotWriteError where the
    file cannot be made.
    """
    if "NEWSLETTER_SECRET_KEY" in environ:
        return _keys(environ["NEWSLETTER_SECRET_KEY"], "NEWSLETTER_SECRET_KEY")
    if "NEWSLETTER_SECRET_KEY_FILE" in environ:
        given = Path(environ["NEWSLETTER_SECRET_KEY_FILE"])
        return _keys(_read(given), f"NEWSLETTER_SECRET_KEY_FILE ({given})")
    path = workspace.secret_file
    if not path.exists():
        if not create:
            raise SecretMissingError(
                phrase("settings.secret.is_missing", path=str(path)),
                hint=phrase("settings.secret.where_it_comes_from"),
            )
        _make(path)
    return _keys(_read(path), str(path))


def _keys(text: str, source: str) -> tuple[bytes, ...]:
    keys = tuple(word.encode() for word in text.split())
    if not keys:
        raise SettingsError(phrase("settings.secret.is_empty", source=source))
    if any(len(key) < SHORTEST for key in keys):
        raise SettingsError(
            phrase("settings.secret.is_too_short", source=source, shortest=SHORTEST),
            hint=phrase("settings.secret.how_to_make_one"),
        )
    return keys


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            phrase("settings.secret.cannot_be_read", path=str(path), why=why_unreadable(error))
        ) from error


def _make(path: Path) -> None:
    """Write a new key under another name and link it into place: of two processes at once both read the first one's."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(32) + "\n")
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(draft)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise CannotWriteError(
            phrase("settings.secret.cannot_be_written", path=str(path), why=system_reason(error))
        ) from error
