"""The settings of what comes back: where it is read, and how much of it is believed at once. Touches: nothing."""

import re
from typing import Annotated, Literal
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import AfterValidator, Field, model_validator

from newsletter.catalogue import phrase

from .explain import WrongValueError
from .table import Table
from .values import Line, Password, ProgramCall, is_loopback


def imap_url(value: str) -> str:
    """`imaps://user@host/folder`; a user is required, a password refused. Raises WrongValueError."""
    text = value.strip()
    if not text:
        return ""
    parts = _split(text)
    if parts is None or parts.query or parts.fragment:
        raise WrongValueError(phrase("settings.value.must_be_imap_url"))
    if parts.password is not None:
        raise WrongValueError(phrase("settings.value.must_not_carry_password", variable="NEWSLETTER_RETURNS__PASSWORD"))
    if not unquote(parts.username or "").isprintable() or not parts.username:
        raise WrongValueError(phrase("settings.value.must_be_imap_url"))
    return text


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"imap", "imaps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if good and not re.search(r"\s", text) else None


FolderName = Annotated[Line, Field(min_length=1, max_length=200)]


class ReturnsTable(Table):
    """Sources that are set are all read, by `newsletter returns` and before each `send --due`."""

    maildir: str = ""
    """A folder, relative to the workspace."""
    mbox: str = ""
    """A file, relative to the workspace."""
    imap: Annotated[str, AfterValidator(imap_url)] = ""
    access_log: str = ""
    """A web server's log with clicks on links, relative to the workspace; it may name several, with `*`."""
    password: Password | None = None
    """Of `imap`, from the environment only: NEWSLETTER_RETURNS__PASSWORD or NEWSLETTER_RETURNS__PASSWORD_FILE."""
    token_command: Annotated[ProgramCall, Field(repr=False)] = ""
    """In place of a password: prints an OAuth token for `imap`. Its words may hold a secret, so it is not shown."""
    tls: Literal["required"] | None = None
    """Absent: plaintext towards loopback where the URL begins with imap://, TLS otherwise."""
    ca_file: str = ""
    folders: Annotated[tuple[FolderName, ...], Field(min_length=1)] = ("INBOX",)
    """Of the IMAP mailbox, that are read."""
    processed: FolderName = "processed"
    unparsed: FolderName = "unparsed"
    per_hour: Annotated[int, Field(ge=1)] | None = None
    """So many bounces may suppress in an hour; absent: 20, or 2 % of the newest issue's readers where that is more."""

    @model_validator(mode="after")
    def _moves_to_somewhere_else(self) -> "ReturnsTable":
        names = [name.casefold() for name in (*self.folders, self.processed, self.unparsed)]
        if len(set(names)) < len(names):
            raise WrongValueError(phrase("settings.value.folders_must_differ"))
        return self

    @property
    def has_mailbox(self) -> bool:
        """Whether there is a mailbox to read."""
        return bool(self.maildir or self.mbox or self.imap)


def is_plaintext(url: str, tls: str | None) -> bool:
    """Whether a login at `url` travels unprotected, which it does only where it never leaves the machine."""
    parts = urlsplit(url)
    return parts.scheme == "imap" and tls is None and is_loopback(parts.hostname or "")
