"""The command line: its groups and the options that stand before or after every command. Touches: nothing.

Commands register themselves here through `command`; what they do is imported when they are called, never before, so
that `newsletter --help` stays quick (a test holds it to that).
"""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from .session import Session

app = typer.Typer(
    name="newsletter",
    help="Compose a newsletter from files, see it, and send it, once, to everyone who asked for it.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
subscribers = typer.Typer(help="Who gets the newsletter, and who never again.")
schedule = typer.Typer(help="When the cron job sends what is due.")
ledger = typer.Typer(help="The durable book of deliveries.")
for _name, _group in (("subscribers", subscribers), ("schedule", schedule), ("ledger", ledger)):
    app.add_typer(_group, name=_name, rich_help_panel="People, cron and the book")

ISSUE_HELP = "Slug (2026-11) or path (issues/2026-11.yaml)."
IssueArgument = Annotated[str, typer.Argument(metavar="ISSUE", help=ISSUE_HELP)]
NewestArgument = Annotated[
    str | None, typer.Argument(metavar="ISSUE", help=f"{ISSUE_HELP} Left out: the newest.", show_default=False)
]

_GLOBAL = "Global options"


def _show_version(wanted: bool) -> None:
    if wanted:
        from newsletter import __version__

        typer.echo(f"newsletter {__version__}")
        raise typer.Exit


def _global_options(
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace",
            metavar="DIR",
            help="Folder with newsletter.toml. Or NEWSLETTER_WORKSPACE.",
            rich_help_panel=_GLOBAL,
            show_default=False,
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Only errors and data.", rich_help_panel=_GLOBAL)
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="More words, and details of a bug.", rich_help_panel=_GLOBAL)
    ] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Show the version and end.",
            callback=_show_version,
            is_eager=True,
            rich_help_panel=_GLOBAL,
        ),
    ] = False,
) -> None:
    """Carries nothing but its signature, which `_takes_globals` adds to every command."""


def _takes_globals(function: Callable[..., int | None]) -> Callable[..., None]:
    """Give a command `fn(session, …) -> exit code | None` the global options, through its signature alone."""
    own = [parameter for name, parameter in inspect.signature(function).parameters.items() if name != "session"]
    shared = list(inspect.signature(_global_options).parameters.values())
    context = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)

    @functools.wraps(function)
    def wrapper(
        context: typer.Context, *, workspace: Path | None, quiet: bool, verbose: bool, version: bool, **words: object
    ) -> None:
        del version  # its callback has acted on it
        outer = context.obj if isinstance(context.obj, Session) else Session()
        context.obj = outer.merged(workspace=workspace, quiet=quiet, verbose=verbose)
        code = function(context.obj, **words)
        if code:
            raise typer.Exit(code)

    parameters = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (*own, *shared)]
    wrapper.__signature__ = inspect.Signature([context, *parameters])  # type: ignore[attr-defined] # read by typer
    wrapper.__annotations__ = {parameter.name: parameter.annotation for parameter in (context, *parameters)}
    del wrapper.__wrapped__
    return wrapper


def command(group: typer.Typer, name: str, *, panel: str | None = None) -> Callable[[Callable[..., int | None]], None]:
    """Register `fn(session, …)` as the command `name`; the docstring is its help, its result the exit code."""

    def register(function: Callable[..., int | None]) -> None:
        group.command(name, rich_help_panel=panel)(_takes_globals(function))

    return register


def _remember(session: Session) -> None:  # noqa: ARG001 - groups only take the global options and pass them on
    return None


def _help_only(group: typer.Typer) -> None:
    group.callback(no_args_is_help=True)(_takes_globals(_remember))


for _group in (app, subscribers, schedule, ledger):
    _help_only(_group)
