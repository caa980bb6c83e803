"""What systems put into one cell: an object of attributes as JSON, a list of tags. Touches: nothing."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

_LONGEST = 65_536
"""Characters of an object; Keila allows 8 KB."""
_REMEMBERED = 4_096
_PERSONAL = ("ip", "ip_address", "optin_ip", "confirm_ip")
"""Left out: where somebody was when they signed up is nobody's business any more."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """An object of listmonk's, Keila's or Buttondown's: what we know by name, and merge fields."""

    name: str = ""
    language: str = ""
    tags: frozenset[str] = frozenset()
    consent_at: str = ""
    consent_source: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def read_attributes(cell: str) -> Attributes:
    """Nothing for what is no object; what is nested stays JSON."""
    try:
        found = json.loads(cell) if len(cell) <= _LONGEST else None
    except (ValueError, RecursionError):
        return Attributes()
    if not isinstance(found, dict):
        return Attributes()
    texts = {key: _text(value) for key, value in found.items() if key.casefold() not in _PERSONAL}
    tags = found.get("tags")
    names = tags if isinstance(tags, list) else [tags] if isinstance(tags, str) else []
    texts.pop("tags", None)
    return Attributes(
        name=texts.pop("name", ""),
        language=texts.pop("language", ""),
        tags=frozenset(text for name in names if (text := _text(name))),
        consent_at=texts.pop("consent_at", ""),
        consent_source=texts.pop("consent_source", ""),
        fields={key.strip(): value for key, value in texts.items() if key.strip() and value},
    )


@lru_cache(maxsize=_REMEMBERED)
def tags_of(cell: str) -> frozenset[str]:
    """`a;b`, `a,b`, `"a","b"` (Mailchimp), `["a", "b"]` (Buttondown)."""
    cell = cell.strip()
    if cell.startswith("["):
        try:
            found = json.loads(cell)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, list):
            return frozenset(text for one in found if (text := _text(one)))
    if ";" in cell:
        return own_tags(cell)
    try:
        names = next(csv.reader([cell.replace("\n", " ").replace("\r", " ")], skipinitialspace=True), [])
    except csv.Error:
        names = cell.split(",")
    return frozenset(name.strip() for name in names if name.strip())


@lru_cache(maxsize=_REMEMBERED)
def own_tags(cell: str) -> frozenset[str]:
    """`a;b`, as our subscriber file and our export have it; a list as JSON where a tag holds a `;`."""
    if cell.startswith("["):
        return tags_of(cell)
    return frozenset(tag.strip() for tag in cell.split(";") if tag.strip())


@lru_cache(maxsize=_REMEMBERED)
def tags_cell(tags: frozenset[str]) -> str:
    """What `own_tags` reads."""
    if any(";" in tag or tag.startswith("[") for tag in tags):
        return json.dumps(sorted(tags), ensure_ascii=False)
    return ";".join(sorted(tags))


def _text(value: Any) -> str:  # noqa: ANN401 - JSON
    """As a merge field says it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value).replace("\0", "").strip()
    return json.dumps(value, ensure_ascii=False)
