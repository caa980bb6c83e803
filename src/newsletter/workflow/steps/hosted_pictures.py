"""The pictures that letters show from the archive, with the bytes that were approved and frozen.

Touches: the ledger, and the folders of approvals for issues that it does not know; each is read when it is asked for.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from pathlib import Path

from newsletter.ledger.ledger import Ledger
from newsletter.settings.workspace import Workspace

from .approval import MANIFEST, folder_of, verified_file

_FOLDER = "pictures/"
_HAS_ONE = b'"url"'
"""Of a manifest that is worth reading."""


def path_of(address: str) -> str:
    """Where it is below the archive's address, wherever that was when the letter was made."""
    return f"{_FOLDER}{address.rpartition('/')[2]}"


class HostedPictures(Mapping[str, bytes]):
    """By path below the archive's address."""

    def __init__(self, found: Mapping[str, Callable[[], bytes]]) -> None:
        self._found = found

    @classmethod
    def of(cls, workspace: Workspace, ledger: Ledger | None, slugs: Collection[str]) -> "HostedPictures":
        """Those of these issues by their approvals, and of all that the ledger knows by what was frozen."""
        found: dict[str, Callable[[], bytes]] = {}
        for slug in sorted(slugs):
            found.update(_approved(folder_of(workspace.issues / f"{slug}.yaml")))
        if ledger is not None:
            frozen = ledger.hosted_pictures(workspace.settings.newsletter.list_id)
            found.update((path_of(address), partial(ledger.picture, digest)) for address, digest in frozen.items())
        return cls(found)

    def __getitem__(self, path: str) -> bytes:
        return self._found[path]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def _approved(folder: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Nothing of a manifest that cannot be read: who makes the pages says so."""
    manifest = folder / MANIFEST
    try:
        if not manifest.is_file() or _HAS_ONE not in (data := manifest.read_bytes()):
            return
        told = json.loads(data)
        named = [one for edition in told["editions"] for one in edition["pictures"] if one.get("url")]
        files = {f"{_FOLDER}{one['filename']}": one["url"] for one in named}
        digests = {name: told["files"][name] for name in files}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return
    for name, address in files.items():
        yield path_of(address), partial(verified_file, folder, name, digests[name])
