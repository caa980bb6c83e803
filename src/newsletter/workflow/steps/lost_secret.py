"""Whether the secret that is there is the one of the links and hashes that are out. Touches: the secret, the ledger.

Another one would be taken in silence otherwise: every link in a letter that went out would be dead, and who left by one
would be mailed again.
"""

from newsletter.catalogue import phrase
from newsletter.errors import NewsletterError, SettingsError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.secret import SecretMissingError
from newsletter.settings.workspace import Workspace

from .keys import SecretLostError, links_of, secret_is_gone


def require_own_secret(workspace: Workspace, ledger: Ledger) -> None:
    """Raise SecretLostError (78), with what breaks and what to do, unless the secret is the one of the ledger.

    SettingsError (78) where its keys only stand in another order.
    """
    hashing, linking = ledger.hash_key(), ledger.link_keys()
    if not hashing and not linking:
        return
    try:
        now = links_of(workspace, create=False).key_ids
    except SecretMissingError as error:
        raise secret_is_gone(workspace) from error
    if hashing == now[0] or (not hashing and linking.intersection(now)):
        return
    if hashing in now:
        raise SettingsError(
            phrase("workflow.secret.stands_behind", first=now[0], key=hashing),
            hint=phrase("workflow.secret.put_it_first"),
        )
    raise SecretLostError(phrase("workflow.secret.is_another", known=hashing or min(linking), now=now))


def note_own_secret(workspace: Workspace, ledger: Ledger) -> None:
    """Let a ledger that has no hashes yet remember with which key they are made; refused as `require_own_secret`."""
    require_own_secret(workspace, ledger)
    ledger.note_hash_key(links_of(workspace, create=True).key_ids[0])


def why_secret_is_lost(workspace: Workspace) -> SettingsError | None:
    """The same for who only looks, on a machine from which letters went out; None where nothing is known."""
    if not workspace.was_used:
        return None
    try:
        with open_ledger(workspace, Purpose.READ) as ledger:
            require_own_secret(workspace, ledger)
    except SettingsError as error:
        return error
    except NewsletterError:  # `send` says what is wrong with the ledger
        return None
    return None
