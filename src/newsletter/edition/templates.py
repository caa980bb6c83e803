"""The letter's Jinja templates: the workspace's own first, then the bundled ones, file by file. Touches: file system.

Sandboxed, autoescaping, strict about undefined names. Templates come from whoever runs the tool; text of an issue only
ever reaches them as values, never as source. Compiling them takes longer than premailer does for the page, so that is
done once for each text of a file, which is read anew for every letter: an edit shows at once. Limits: a template's own
loops are not bounded.
"""

import traceback
from collections.abc import Mapping, MutableMapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.sandbox import SandboxedEnvironment

from newsletter.catalogue import Said, phrase
from newsletter.errors import InputError, Problem
from newsletter.settings.bundled import bundled

from .template_files import TEMPLATES
from .undefined import said_of, undefined_in

# What the expressions of a template can raise besides Jinja's own errors: `1 / 0`, `"a" + 1`, a missing word of `t()`.
_EXPRESSION_ERRORS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class _Loader(FileSystemLoader):
    """Reads a template anew each time, and compiles it only where its text has not been compiled before."""

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002
    ) -> Template:
        source, filename, uptodate = self.get_source(environment, name)
        code = _compiled(source, name, filename)
        return environment.template_class.from_code(environment, code, globals or {}, uptodate)


@lru_cache(maxsize=128)
def _compiled(source: str, name: str, filename: str) -> CodeType:
    """The code of a template, which follows from its text alone; twice as many as a letter and a page have."""
    return _environment(None, StrictUndefined).compile(source, name, filename)


def _environment(loader: FileSystemLoader | None, undefined: type[StrictUndefined]) -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=loader, undefined=undefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


def render_template(name: str, context: Mapping[str, Any], own: Path, package: Path | None = None) -> str:
    """The template `name` filled with `context`; `own` is the workspace's folder, which may be missing.

    `package` is where those of the tool are that are not the letter's. Raises InputError with the template's file and
    line.
    """
    folders = (own, package or bundled(TEMPLATES))
    environment = _environment(_Loader(folders), undefined_in(context))
    try:
        return environment.get_template(name).render(context)
    except TemplateSyntaxError as error:
        said = phrase("edition.template.has_wrong_syntax", said=error.message or "syntax error")
        raise _wrong(said, error.filename or error.name or name, error.lineno, own) from error
    except TemplateNotFound as error:
        said = phrase("edition.template.is_missing", name=str(error.name))
        raise _wrong(said, *_where(error, folders, name), own) from error
    except UndefinedError as error:
        raise _wrong(said_of(error), *_where(error, folders, name), own) from error
    except (TemplateError, *_EXPRESSION_ERRORS) as error:
        said = phrase("edition.template.cannot_be_filled", kind=type(error).__name__, said=str(error))
        raise _wrong(said, *_where(error, folders, name), own) from error


def _where(error: Exception, folders: Sequence[Path], name: str) -> tuple[str, int | None]:
    """File and line of the innermost template frame; Jinja rewrites tracebacks to point into the templates."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if any(Path(frame.filename).is_relative_to(folder) for folder in folders):
            return frame.filename, frame.lineno
    return name, None


def _wrong(message: Said, file: str, line: int | None, own: Path) -> InputError:
    path = Path(file)
    for root in (own.parent.parent, bundled(TEMPLATES).parent.parent):
        if path.is_relative_to(root):
            return InputError(problems=[Problem(message, file=path.relative_to(root).as_posix(), line=line)])
    return InputError(problems=[Problem(message, file=f"{TEMPLATES}/{path.name}", line=line)])
