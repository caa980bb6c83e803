"""What several commands take: an ISSUE, and the global options before or after their name. Touches: nothing.

typer makes the global options, from the signature of a command that is never run; `Command` and `CommandGroup` add them
to their own. Each writes what it was given into the Session of this call, which a command finds in `context.obj`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import TyperException as CommandLineError
from typer.core import TyperCommand, TyperGroup

from newsletter.catalogue import phrase
from newsletter.errors import UsageError

from .help import write_help
from .session import Session
from .usage import as_usage_error, look_at_help, no_such_command

ISSUE_HELP = "Slug (2026-11) or path (issues/2026-11.yaml)."
IssueArgument = Annotated[str, typer.Argument(metavar="ISSUE", help=ISSUE_HELP)]
NewestArgument = Annotated[
    str | None, typer.Argument(metavar="ISSUE", help=f"{ISSUE_HELP} Left out: the newest.", show_default=False)
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]

_PANEL = "Global options"


def _set_workspace(context: typer.Context, value: Path | None) -> None:
    if value is not None:
        _session(context).workspace_option = value


def _set_language(context: typer.Context, value: str | None) -> None:
    if value is not None:
        _session(context).lang_option = value


def _set_quiet(context: typer.Context, value: bool) -> None:
    _session(context).quiet |= value


def _set_verbose(context: typer.Context, value: bool) -> None:
    _session(context).verbose |= value


def _show_version(value: bool) -> None:
    if value:
        from newsletter import __version__

        typer.echo(f"newsletter {__version__}")
        raise typer.Exit


def _session(context: typer.Context) -> Session:
    """Of this call; a new one where only the help is made, without a call."""
    session: Session = context.ensure_object(Session)
    return session


def _global_options(
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace",
            metavar="DIR",
            help="Folder with newsletter.toml. Or NEWSLETTER_WORKSPACE.",
            rich_help_panel=_PANEL,
            show_default=False,
            expose_value=False,
            callback=_set_workspace,
        ),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang",
            metavar="LANGUAGE",
            help="Of the answers: ko or en. Or NEWSLETTER_LANG. Left out: the newsletter's.",
            rich_help_panel=_PANEL,
            show_default=False,
            expose_value=False,
            callback=_set_language,
        ),
    ] = None,
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet",
            "-q",
            help="Only errors and data.",
            rich_help_panel=_PANEL,
            expose_value=False,
            callback=_set_quiet,
        ),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose",
            "-v",
            help="More words, and details of a bug.",
            rich_help_panel=_PANEL,
            expose_value=False,
            callback=_set_verbose,
        ),
    ] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Show the version and end.",
            rich_help_panel=_PANEL,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
        ),
    ] = False,
) -> None:
    """Carries nothing but its signature."""


@cache
def _shared() -> list[Any]:
    """The global options as typer makes them."""
    bearer = typer.Typer(add_completion=False)
    bearer.command()(_global_options)
    return typer.main.get_command(bearer).params


@contextmanager
def _of_command(context: Any) -> Iterator[None]:  # noqa: ANN401 - a context of the library
    """An option that is not there names no command by itself; then it is the one whose words are read."""
    try:
        yield
    except CommandLineError as error:
        if getattr(error, "ctx", None) is None:
            raise as_usage_error(error, context) from error
        raise


class Command(TyperCommand):
    """A command `fn(context, …) -> exit code | None` that takes the global options besides its own."""

    def __init__(self, name: str | None, **settings: Any) -> None:  # noqa: ANN401 - what typer gives
        # A word too many is refused below: by us, so in the right language.
        settings["context_settings"] = {**(settings.get("context_settings") or {}), "allow_extra_args": True}
        super().__init__(name, **settings)
        self.params += _shared()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as the base has it
        with _of_command(ctx):
            return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as the base has it
        write_help(self, ctx, formatter)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as the base has it; the exit code, or nothing
        if ctx.args:
            raise UsageError(phrase("cli.usage.too_many", words=" ".join(ctx.args)), hint=look_at_help(ctx))
        _ = _session(ctx).chosen_language  # one that we do not speak is refused before anything is done
        return super().invoke(ctx)


class CommandGroup(TyperGroup):
    """A group of commands; the global options may stand before the command's name."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - what typer gives
        super().__init__(**settings)
        self.params += _shared()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as the base has it
        with _of_command(ctx):
            return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as the base has it
        write_help(self, ctx, formatter)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - as the base has it
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            raise UsageError(no_such_command(name, self.commands), hint=look_at_help(ctx))
        return super().resolve_command(ctx, args)
