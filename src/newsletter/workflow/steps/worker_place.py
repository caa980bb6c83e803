"""Where a worker works: a folder that need not have a file, the ledger that the environment names, the secret.

Touches: the environment, the ledger, the secret file.
"""

from collections.abc import Mapping
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.errors import SettingsError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.worker_ledger import WorkerLedger, open_worker_ledger
from newsletter.settings.environment import overrides
from newsletter.settings.load import FILE
from newsletter.settings.sending_part import settings_of_part
from newsletter.settings.workspace import Workspace

from .keys import links_of
from .lost_secret import require_own_secret

_SECRET_FILE = ".newsletter/secret"  # noqa: S105 - where it is, not what
_STAND_IN = {
    "newsletter": {"name": "-"},
    "sender": {"address": "nobody@example.com"},
    "institute": {"name": "-"},
}
"""What every newsletter has to say of itself: a worker serves them all, and is none."""
_NO_LIST = "worker.invalid"


def bare_place(folder: Path, environ: Mapping[str, str]) -> Workspace:
    """A folder without newsletter.toml, as a place to work at. SettingsError (78) for what the environment says."""
    given, problems = overrides(environ)
    if problems:
        raise SettingsError(problems=problems)
    url = next((str(one.value) for one in given if (one.table, one.key) == ("ledger", "url")), "")
    if not url:
        raise SettingsError(phrase("workflow.worker.no_ledger"), hint=phrase("workflow.worker.name_the_ledger"))
    return Workspace(folder, settings_of_part(_NO_LIST, _STAND_IN, url, _SECRET_FILE, {}))


def is_server(place: Workspace) -> bool:
    """Whether the ledger is reached over a network, or a socket: it may be down for a while."""
    return not place.settings.ledger.url.startswith("sqlite")


def open_for_work(place: Workspace) -> WorkerLedger:
    """The ledger, for who sends with what is in it. Errors as `open_ledger`: 78 where there is none, or it was lost."""
    return open_worker_ledger(place, Purpose.DUE)


def require_secret(place: Workspace, ledger: Ledger) -> None:
    """SettingsError (78) where it is missing (SecretMissingError), or not the ledger's (SecretLostError).

    In a workspace it is made before the first plan, as `send` makes it.
    """
    is_first = (place.root / FILE).is_file() and not ledger.hash_key()
    links_of(place, create=is_first)
    require_own_secret(place, ledger)
