"""What a workspace signs with: its links always, its messages where `[dkim]` has a key. Touches: the secret, the keys.

Limits: a letter that is only looked at, or tried, is given links that change nothing: see `HarmlessLinks`.
"""

import os
from collections.abc import Collection
from dataclasses import dataclass

from newsletter.audience.links import Links
from newsletter.catalogue import Said, lines, phrase
from newsletter.errors import NewsletterError, SettingsError
from newsletter.message.merge import Signs
from newsletter.settings.secret import SecretMissingError, load_keys
from newsletter.settings.workspace import Workspace

_NO_SECRET = b"a letter that is tried and not sent"


class SecretLostError(SettingsError):
    """The secret is gone, or another one, while letters with links are out."""

    def __init__(self, message: Said) -> None:
        what_to_do = lines(
            phrase("workflow.secret.what_breaks"),
            phrase("workflow.secret.put_it_back"),
            phrase("workflow.secret.or_take_another"),
        )
        super().__init__(message, hint=what_to_do)


def secret_is_gone(workspace: Workspace) -> SecretLostError:
    return SecretLostError(phrase("workflow.secret.is_gone", path=str(workspace.secret_file)))


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """What the messages of a letter are made with."""

    links: Links
    signer: Signs | None = None

    @classmethod
    def of(cls, workspace: Workspace, *, create: bool = True, list_id: str = "") -> "SigningKeys":
        """Those of a send; with `create` the secret of the links is made on first need. Raises SettingsError (78).

        `list_id` is that of a letter which was planned when the newsletter had another one.
        """
        return cls(links_of(workspace, create=create, list_id=list_id), signer_of(workspace))

    @classmethod
    def to_look(cls, workspace: Workspace) -> "SigningKeys":
        """For a letter that is looked at: signed like one that is sent, where the operator's key is at hand."""
        links = HarmlessLinks(load_keys(workspace, os.environ, create=True), workspace.settings.newsletter.list_id)
        try:
            return cls(links, signer_of(workspace))
        except NewsletterError:  # an editor's machine need not have the key, and the letter looks the same without
            return cls(links)

    @classmethod
    def to_try(cls, list_id: str) -> "SigningKeys":
        """For a message that is made and thrown away: no secret is needed, or made; all tokens have the same length."""
        return cls(HarmlessLinks((_NO_SECRET,), list_id))


class HarmlessLinks(Links):
    """Every token is a proof's: a letter that is only looked at unsubscribes nobody."""

    def token(self, key: str, *, key_id: str | None = None, proof: bool = True) -> str:  # noqa: ARG002 - as Links
        return super().token(key, key_id=key_id, proof=True)


def links_of(workspace: Workspace, *, create: bool, list_id: str = "", also: Collection[str] = ()) -> Links:
    """The signed links of a workspace; with `create` the secret is made if missing.

    `list_id` where it was another one when a letter was planned; links of `also` are read, too.
    """
    newsletter = workspace.settings.newsletter
    keys = _keys_of(workspace, create=create)
    return Links(keys, list_id or newsletter.list_id, [*newsletter.former_list_ids, *also])


def _keys_of(workspace: Workspace, *, create: bool) -> tuple[bytes, ...]:
    # Where letters went out from here there was one: a new one in its place would make all their links dead.
    if not (create and workspace.was_used):
        return load_keys(workspace, os.environ, create=create)
    try:
        return load_keys(workspace, os.environ, create=False)
    except SecretMissingError as error:
        raise secret_is_gone(workspace) from error


def signer_of(workspace: Workspace) -> Signs | None:
    """What signs this workspace's messages; None where `[dkim]` has no key. Raises SettingsError (78)."""
    dkim = workspace.settings.dkim
    if not dkim.keys:
        return None
    try:
        from newsletter.message.dkim import Signer, load_signing_key
    except ImportError:
        raise SettingsError(
            phrase("workflow.send.dkim_is_not_installed"), hint=phrase("workflow.send.install_dkim")
        ) from None
    domain = dkim.domain or workspace.settings.sender.address.rpartition("@")[2]
    return Signer([load_signing_key(workspace.root / key.file, domain, key.selector) for key in dkim.keys])
