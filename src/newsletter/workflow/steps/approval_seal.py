"""The seal of an approval: a digest of every entry of its manifest, so that an edit is seen and named.

Touches: nothing. Limits: it is no signature. Whoever edits on purpose can seal anew; against that there is
`[schedule] signed` (approval_signature.py).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

SEAL = "seal"


def sealed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest with the seal of all that is in it."""
    return {**manifest, SEAL: _digests(manifest)}


def broken_entries(manifest: Mapping[str, Any]) -> list[str]:
    """Entries that are not as they were sealed, such as `editions.ko.subject`, new and missing ones too.

    KeyError, TypeError, AttributeError or ValueError for what has not the shape of a manifest.
    """
    now, then = _digests(manifest), manifest[SEAL]
    return sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))


def _digests(manifest: Mapping[str, Any]) -> dict[str, str]:
    return {name: _digest(value) for name, value in _entries(manifest) if name != SEAL}


def _entries(manifest: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for key, value in manifest.items():
        if key != "editions":
            yield key, value
            continue
        yield key, [edition["variant"] for edition in value]
        for edition in value:
            yield from ((f"{key}.{edition['variant']}.{name}", one) for name, one in edition.items())


def _digest(value: object) -> str:
    """SHA-256 in hex of a value as JSON: the same for every way to write it down."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
