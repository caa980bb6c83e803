"""JSON Schema of an issue file, so that editors complete and check while it is written. Touches: its own words.

Made from the models, which stay the authority: what the schema lets through, loading may still refuse (a merge field
that cannot be read, a link that is no whole address, a translation that does not fit its section).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from newsletter.catalogue import phrase
from newsletter.errors import CannotWriteError
from newsletter.language_tags import TAG
from newsletter.settings.system_reason import system_reason

from .own_declaration import said_in
from .own_models import issue_with
from .part import Part, declared_keys
from .sections.registry import SECTION_TYPES, type_name
from .sections.section import Section
from .told import WORDS_OF_THE_ISSUE, OwnTypes, issue_words
from .translated_parts import PartWords

NAME = "issue.schema.json"
"""The file beside the issues; their first line names it."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REQUIRED = (" Required.", " 꼭 있어야 합니다.")
_NULL = {"type": "null"}
_Told = Callable[[str, str], dict[str, Any]]


def schema_text(own: OwnTypes = ()) -> str:
    """The schema (draft 2020-12) as JSON, ending with a line end; always the same for the same version and types."""
    return json.dumps(issue_schema(own), ensure_ascii=False, indent=2) + "\n"


def write_schema(path: Path, own: OwnTypes = ()) -> Path:
    """Write the schema to a file, over an older one; the path. Raises CannotWriteError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(schema_text(own), encoding="utf-8", newline="\n")
    except OSError as error:
        raise CannotWriteError(
            phrase("issue.file.cannot_be_written", path=str(path), why=system_reason(error)),
            hint=phrase("issue.file.choose_another_folder"),
        ) from error
    return path


def issue_schema(own: OwnTypes = ()) -> dict[str, Any]:
    """The schema as data; `own` are the types of sections that a workspace declares itself."""
    raw = issue_with(own).model_json_schema()
    models: dict[str, dict[str, Any]] = raw.pop("$defs")
    told = partial(_told, own=own)
    root = _explained("Issue", raw, told)
    # As the model says: an issue has some text.
    root["anyOf"] = [{"required": [key]} for key in ("intro", "sections", "closing")]
    parts = {name: _explained(name, model, told) for name, model in models.items()}
    return {"$schema": DIALECT, **root, "$defs": parts}


def _explained(model: str, schema: dict[str, Any], told: _Told) -> dict[str, Any]:
    """One mapping with its titles, descriptions and examples."""
    required = schema.get("required", [])
    keys = {key: _key(told(model, key), value, key in required) for key, value in schema["properties"].items()}
    return {**schema, **told(model, "_"), "properties": keys}


def _key(told: dict[str, Any], schema: dict[str, Any], required: bool) -> dict[str, Any]:
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
    return {"type": "object", "propertyNames": {"pattern": TAG}, "additionalProperties": translation}


def _or_empty(shape: dict[str, Any]) -> dict[str, Any]:
    """A key that may be left out may also be left empty."""
    if "anyOf" in shape:
        return shape
    if "enum" in shape:
        shape = {**shape, "enum": [*shape["enum"], "", None]}
    kinds = shape.get("type")
    if kinds is None:
        return {"anyOf": [shape, _NULL]}
    if "pattern" in shape:
        shape = {**shape, "pattern": f"^$|{shape['pattern']}"}
    return {**shape, "type": [*([kinds] if isinstance(kinds, str) else kinds), "null"]}


def _told(model: str, key: str, own: OwnTypes) -> dict[str, Any]:
    """Title, description in English and Korean, and examples. KeyError for a key that nobody has explained."""
    words = issue_words(own)
    for name in (model, *_told_under(own).get(model, ())):
        if found := words.get(name, {}).get(key):
            if lacking := {"title", "en", "ko"} - found.keys():
                raise KeyError(f"what is told of {name}.{key} has no {' and no '.join(sorted(lacking))}")
            said = "\n\n".join(found[language].replace("{types}", _types(language, own)) for language in ("en", "ko"))
            told = {"title": found["title"], "description": said}
            return told | ({"examples": found["examples"]} if "examples" in found else {})
    raise KeyError(f"nothing in {WORDS_OF_THE_ISSUE} or the words of a type of section explains {model}.{key}")


@lru_cache(maxsize=4)
def _told_under(own: OwnTypes) -> Mapping[str, tuple[str, ...]]:
    """Where the words of a key are looked up, if not under its own model: what means the same is told once."""
    under = {model.__name__: (Section.__name__,) for model in (*SECTION_TYPES.values(), *own)}
    (translation,) = declared_keys(issue_with(own))["translations"].parts
    return under | {"Translation": ("Issue",)} | dict(_told_under_words(translation))


def _told_under_words(model: type[Part]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key in declared_keys(model).values():
        for words in key.parts:
            if issubclass(words, PartWords):
                names = [translated.__name__ for translated in words.translates]
                yield words.__name__, (*names, Section.__name__)
                yield from _told_under_words(words)


def _types(language: str, own: OwnTypes) -> str:
    names = [(word, type_name(model, language)) for word, model in SECTION_TYPES.items()]
    names += [(model.__name__, said_in(model.declaration.title, language, model.__name__)) for model in own]
    if language == "ko":
        return ", ".join(f"{word}({name})" for word, name in names)
    *first, last = [word for word, _ in names]
    return f"{', '.join(first)} or {last}"
