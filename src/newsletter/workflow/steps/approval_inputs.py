"""What an approval was given to, so that it can be said what has changed since. Touches: the workspace's files.

An approval compares what people write (the issue's content, settings that show in the letter, the workspace's own
templates, pictures, tables), not what a library made of it: a new release of premailer revokes nobody's yes, and a
comment in the YAML is no change (docs/design.md 4.4).
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsletter.errors import InputError
from newsletter.settings.workspace import Workspace

from .files import cannot_be_read
from .letter import Letter

Inputs = dict[str, Any]
_SHOWN = {"newsletter", "sender", "institute", "footer", "links", "images", "theme"}
"""The tables of newsletter.toml that show in a letter."""
_TEMPLATES = ("**/*.j2", "words/*.toml", "sections/*/*.j2", "sections/*/section.toml")
"""Of the folder of templates; `**` passes by folders that are links, in which a type of section may be."""
_NOT_SHOWN = {"links": {"secret_file"}, "newsletter": {"former_list_ids"}}


def inputs_of(letter: Letter, workspace: Workspace) -> Inputs:
    """Everything the letter's content comes from, as plain data for the manifest.

    What is at its default is left out, so that a key which a later version adds changes nothing.
    """
    from newsletter.issue.pictures import resolve_picture

    return {
        letter.file: letter.issue.model_dump(mode="json", exclude={"slug", "tags"}, exclude_defaults=True),
        "newsletter.toml": workspace.settings.model_dump(
            mode="json", include=_SHOWN, exclude=_NOT_SHOWN, exclude_defaults=True
        ),
        "templates": {
            path.relative_to(workspace.root).as_posix(): _sha256(path)
            for path in sorted({file for pattern in _TEMPLATES for file in workspace.templates.glob(pattern)})
            if path.is_file() and not path.name.startswith(".")  # an editor's lock is a link to nowhere
        },
        "pictures": {
            **{
                source: _sha256(resolve_picture(source, letter.path, workspace.root))
                for source in sorted({picture.src for picture in letter.issue.pictures()})
            },
            **_pictures_of_settings(workspace),
        },
        **_data(letter, workspace),
    }


def _data(letter: Letter, workspace: Workspace) -> Inputs:
    """The files of tables; no key where there are none, so that older approvals hold."""
    from newsletter.issue.data_files import resolve_data

    found = {
        src: _sha256(resolve_data(src, letter.path, workspace.root, subscribers=workspace.csv))
        for src in sorted({data.src for data in letter.issue.data_files()})
    }
    return {"data": found} if found else {}


def _pictures_of_settings(workspace: Workspace) -> dict[str, str]:
    from newsletter.issue.seek import as_called

    home = workspace.root.resolve()
    paths = {src: workspace.root / as_called(workspace.root, src, home) for src in workspace.settings.pictures}
    return {src: _sha256(path) for src, path in paths.items() if path.is_file()}


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(cannot_be_read(error, path)) from error


def changed(before: Inputs, now: Inputs) -> list[str]:
    """The places that differ, as people name them: `issues/2026-11.yaml: sections[1].body`."""
    old, new = dict(_leaves(before)), dict(_leaves(now))
    places = [_place(path) for path in sorted(old.keys() | new.keys()) if old.get(path) != new.get(path)]
    return list(dict.fromkeys(places))


def _leaves(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(value, dict) and value:
        for key, one in value.items():
            yield from _leaves(one, (*path, str(key)))
    elif isinstance(value, list) and value:
        for number, one in enumerate(value):
            yield from _leaves(one, (*path, f"[{number}]"))
    else:
        yield path, value


def _place(path: tuple[str, ...]) -> str:
    source, *rest = path
    if source in {"templates", "pictures", "data"}:
        return rest[0] if rest else source
    inside = ".".join(rest).replace(".[", "[")
    return f"{source}: {inside}" if inside else source
