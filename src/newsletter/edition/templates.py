"""The letter's Jinja templates: the workspace's own first, then the bundled ones, file by file. Touches: file system.

Sandboxed, autoescaping, strict about undefined names. Templates come from whoever runs the tool; text of an issue only
ever reaches them as values, never as source. Compiling them takes longer than premailer does for the page, so that is
done once for each text of a file, which is read anew for every letter: an edit shows at once. Limits: a template's own
loops are not bounded.
"""

import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import (
    BytecodeCache,
    FileSystemLoader,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.bccache import Bucket
from jinja2.sandbox import SandboxedEnvironment

from newsletter.errors import InputError, Problem
from newsletter.settings.bundled import bundled

from .undefined import undefined_in

TEMPLATES = "templates/email"

# What the expressions of a template can raise besides Jinja's own errors: `1 / 0`, `"a" + 1`, a missing word of `t()`.
_EXPRESSION_ERRORS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class _Compiled(BytecodeCache):
    """The compiled templates of this process: one entry for a file, good for exactly the text it was made from."""

    def __init__(self) -> None:
        self._codes: dict[str, tuple[str, CodeType | None]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._codes.get(bucket.key, ("", None))
        bucket.code = code if checksum == bucket.checksum else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key] = (bucket.checksum, bucket.code)


_COMPILED = _Compiled()


def render_template(name: str, context: Mapping[str, Any], own: Path) -> str:
    """The template `name` filled with `context`; `own` is the workspace's folder, which may be missing.

    Raises InputError with the template's file and line.
    """
    folders = (own, bundled(TEMPLATES))
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=undefined_in(context),
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_COMPILED,
    )
    try:
        return environment.get_template(name).render(context)
    except TemplateSyntaxError as error:
        raise _wrong(
            error.message or "syntax error", error.filename or error.name or name, error.lineno, own
        ) from error
    except TemplateNotFound as error:
        raise _wrong(f"there is no template {error.name}", *_where(error, folders, name), own) from error
    except UndefinedError as error:
        raise _wrong(str(error), *_where(error, folders, name), own) from error
    except (TemplateError, *_EXPRESSION_ERRORS) as error:
        raise _wrong(f"{type(error).__name__}: {error}", *_where(error, folders, name), own) from error


def _where(error: Exception, folders: Sequence[Path], name: str) -> tuple[str, int | None]:
    """File and line of the innermost template frame; Jinja rewrites tracebacks to point into the templates."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if any(Path(frame.filename).is_relative_to(folder) for folder in folders):
            return frame.filename, frame.lineno
    return name, None


def _wrong(message: str, file: str, line: int | None, own: Path) -> InputError:
    path = Path(file)
    for root in (own.parent.parent, bundled(TEMPLATES).parent.parent):
        if path.is_relative_to(root):
            return InputError(problems=[Problem(message, file=path.relative_to(root).as_posix(), line=line)])
    return InputError(problems=[Problem(message, file=f"{TEMPLATES}/{path.name}", line=line)])
