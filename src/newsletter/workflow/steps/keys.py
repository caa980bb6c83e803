"""The workspace's DKIM keys. Touches: the key files."""

from newsletter.errors import SettingsError
from newsletter.message.merge import Signs
from newsletter.settings.workspace import Workspace


def signer_of(workspace: Workspace) -> Signs | None:
    """What signs this workspace's messages; None where `[dkim]` has no key. Raises SettingsError (78)."""
    dkim = workspace.settings.dkim
    if not dkim.keys:
        return None
    try:
        from newsletter.message.dkim import Signer, load_signing_key
    except ImportError:
        raise SettingsError(
            "[dkim] has a key, and the library that signs is not installed.", hint="pip install 'gitletter[dkim]'"
        ) from None
    domain = dkim.domain or workspace.settings.sender.address.rpartition("@")[2]
    return Signer([load_signing_key(workspace.root / key.file, domain, key.selector) for key in dkim.keys])
