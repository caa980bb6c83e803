"""The folder in which a workspace declares types of sections of its own, one in a folder. Touches: file system.

    templates/email/sections/x-project/section.toml       its fields
    templates/email/sections/x-project/section.html.j2    how it looks

SECURITY: never a file outside the workspace, wherever links lead. Limits: what is broken is told to whoever uses it.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.errors import InputError, Problem
from newsletter.settings.explain import why_unreadable

from .own_models import own_model
from .sections.own import OwnSection

OWN_TYPES = "templates/email/sections"
DECLARATION = "section.toml"
TEMPLATE = "section.html.j2"
LARGEST_DECLARATION = 64 * 1024
"""Bytes of a declaration."""
_NAME = re.compile(r"x-[a-z0-9-]{1,60}", re.ASCII)


def is_own_name(word: object) -> bool:
    """Whether a word may name such a type, so that it is a name of a folder and no way to another."""
    return isinstance(word, str) and bool(_NAME.fullmatch(word))


def names_of_own_types(root: Path) -> tuple[str, ...]:
    """The types that the workspace at `root` has, whether they can be read or not."""
    return tuple(
        sorted(path.name for path in (root / OWN_TYPES).glob("x-*") if is_own_name(path.name) and path.is_dir())
    )


def names_of_no_types(root: Path) -> tuple[str, ...]:
    """What lies beside them and is no type: a folder without `x-`, or a file."""
    names = (path.name for path in (root / OWN_TYPES).glob("*") if path.name not in names_of_own_types(root))
    return tuple(sorted(name for name in names if not name.startswith(".")))


def own_types(root: Path, words: Iterable[object] | None = None) -> tuple[type[OwnSection], ...]:
    """The models of all own types, or of those that `words`, the types of an issue's sections, name.

    Raises InputError with everything that is wrong in their files; a word that is no type of the workspace is left out.
    """
    wanted = names_of_own_types(root) if words is None else sorted({str(word) for word in words if is_own_name(word)})
    models: list[type[OwnSection]] = []
    problems: list[Problem] = []
    for name in wanted:
        if not (root / OWN_TYPES / name).is_dir():
            continue
        try:
            models.append(own_model(name, _declaration(root, name), f"{OWN_TYPES}/{name}/{DECLARATION}"))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems=problems)
    return tuple(models)


def readable_own_types(root: Path) -> tuple[type[OwnSection], ...]:
    """Those that can be read, to choose from; what is wrong with another is told where an issue has it."""
    models: list[type[OwnSection]] = []
    for name in names_of_own_types(root):
        with suppress(InputError):
            models += own_types(root, (name,))
    return tuple(models)


def _declaration(root: Path, name: str) -> str:
    folder = root / OWN_TYPES / name
    for part in (DECLARATION, TEMPLATE):
        path, file = folder / part, f"{OWN_TYPES}/{name}/{part}"
        if not path.is_file():
            raise _refused(phrase("issue.own.lacks_file", name=name, file=part), file)
        if not path.resolve().is_relative_to(root.resolve()):
            raise _refused(phrase("issue.own.leads_out_of_workspace"), file, phrase("issue.own.copy_it"))
    file = f"{OWN_TYPES}/{name}/{DECLARATION}"
    try:
        with (folder / DECLARATION).open("rb") as opened:
            data = opened.read(LARGEST_DECLARATION + 1)
        if len(data) > LARGEST_DECLARATION:
            raise _refused(phrase("issue.own.is_too_large", most=LARGEST_DECLARATION // 1024), file)
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(why_unreadable(error), file) from error


def _refused(said: Said, file: str, hint: Said = SILENCE) -> InputError:
    return InputError(problems=[Problem(said, file, hint=hint)])
