"""JSON Schema of an issue file, so that editors complete and check while it is written. Touches: its own words.

Made from the models, which stay the authority: what the schema lets through, loading may still refuse (a merge field
that cannot be read, a link that is no whole address, a translation that does not fit its section).
"""

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from newsletter.errors import CannotWriteError

from .model import KINDS, Issue
from .texts import LANGUAGE_CODE

NAME = "issue.schema.json"
"""The file beside the issues; their first line names it."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_WORDS = Path(__file__).with_name("schema_words.toml")
_REQUIRED = (" Required.", " 꼭 있어야 합니다.")
_NULL = {"type": "null"}
# Where the words of a key are looked up, if not under its own model: what means the same is told once.
_TOLD_UNDER: Mapping[str, tuple[str, ...]] = {
    **{kind.__name__: ("Section", "Story") for kind in KINDS.values()},
    "Translation": ("Issue",),
    "ImageWords": ("Image",),
    "ResearchWords": ("Research",),
    "ButtonWords": ("Button",),
    "SectionWords": ("Section", "Story", "Quote"),
    "ItemWords": ("Figure", "Event"),
}


def schema_text() -> str:
    """The schema (draft 2020-12) as JSON, ending with a line end; always the same for the same version."""
    return json.dumps(issue_schema(), ensure_ascii=False, indent=2) + "\n"


def write_schema(path: Path) -> Path:
    """Write the schema to a file, over an older one; the path. Raises CannotWriteError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(schema_text(), encoding="utf-8", newline="\n")
    except OSError as error:
        raise CannotWriteError(f"cannot write {path}: {error.strerror or error}") from error
    return path


def issue_schema() -> dict[str, Any]:
    """The schema as data."""
    raw = Issue.model_json_schema()
    models: dict[str, dict[str, Any]] = raw.pop("$defs")
    root = _explained("Issue", raw)
    # As the model says: an issue has some text.
    root["anyOf"] = [{"required": [key]} for key in ("intro", "sections", "closing")]
    return {"$schema": DIALECT, **root, "$defs": {name: _explained(name, model) for name, model in models.items()}}


def _explained(model: str, schema: dict[str, Any]) -> dict[str, Any]:
    """One mapping with its titles, descriptions and examples."""
    required = schema.get("required", [])
    keys = {key: _key(model, key, value, key in required) for key, value in schema["properties"].items()}
    return {**schema, **_told(model, "_"), "properties": keys}


def _key(model: str, key: str, schema: dict[str, Any], required: bool) -> dict[str, Any]:
    told = _told(model, key)
    if required:
        told["description"] = "\n\n".join(
            line + more for line, more in zip(told["description"].split("\n\n"), _REQUIRED, strict=True)
        )
    shape = {name: value for name, value in schema.items() if name not in {"title", "default"}}
    if "const" in shape:
        told["examples"] = [shape["const"]]
    shape = _languages(shape) if "patternProperties" in shape or "propertyNames" in shape else _tagged(shape)
    return {**told, **(shape if required else _or_empty(shape))}


def _tagged(shape: dict[str, Any]) -> dict[str, Any]:
    """A list of sections without pydantic's `discriminator`, which is a word of OpenAPI."""
    items = shape.get("items")
    if isinstance(items, dict) and "discriminator" in items:
        return {**shape, "items": {"oneOf": items["oneOf"]}}
    return shape


def _languages(shape: dict[str, Any]) -> dict[str, Any]:
    (translation,) = [*shape.get("patternProperties", {}).values()] or [shape["additionalProperties"]]
    return {"type": "object", "propertyNames": {"pattern": LANGUAGE_CODE}, "additionalProperties": translation}


def _or_empty(shape: dict[str, Any]) -> dict[str, Any]:
    """A key that may be left out may also be left empty."""
    if "anyOf" in shape:
        return shape
    kinds = shape.get("type")
    if kinds is None:
        return {"anyOf": [shape, _NULL]}
    if "pattern" in shape:
        shape = {**shape, "pattern": f"^$|{shape['pattern']}"}
    return {**shape, "type": [*([kinds] if isinstance(kinds, str) else kinds), "null"]}


def _told(model: str, key: str) -> dict[str, Any]:
    """Title, description in English and Korean, and examples. KeyError for a key that nobody has explained."""
    words = _all_words()
    for name in (model, *_TOLD_UNDER.get(model, ())):
        if found := words.get(name, {}).get(key):
            told = {"title": found["title"], "description": f"{found['en']}\n\n{found['ko']}"}
            return told | ({"examples": found["examples"]} if "examples" in found else {})
    raise KeyError(f"schema_words.toml says nothing about {model}.{key}")


@cache
def _all_words() -> dict[str, dict[str, dict[str, Any]]]:
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))
