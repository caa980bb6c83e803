"""The command line at a glance: which function is which command, and where `newsletter --help` shows it.

Touches: nothing itself. A panel of the help is a file of this folder, a group of commands (`newsletter ledger …`) as
well. What a command does is imported when it is called, never before, so that the help stays quick.
"""

from collections.abc import Callable, Mapping, Sequence

import typer
from typer import Abort
from typer import TyperException as CommandLineError

from newsletter.errors import UsageError

from . import (
    approve_and_send,
    archive,
    check_subscribers,
    diff,
    doctor,
    export_subscribers,
    import_subscribers,
    ledger,
    look,
    look_back,
    new_issue,
    one_click,
    personal_data,
    returns,
    schedule,
    serve,
    subscribers,
    subscribers_form,
    watch_and_stop,
    worker,
    write_and_look,
)
from .options import Command, CommandGroup
from .session import Session
from .usage import as_usage_error, is_help

__all__ = ["Abort", "call", "command_line"]

_Function = Callable[..., int | None]

_HELP = "Compose a newsletter from files, see it, and send it, once, to everyone who asked for it."
_PANELS: Mapping[str, Mapping[str, _Function]] = {
    "Write and look": {
        "init": write_and_look.init,
        "new": new_issue.new,
        "schema": write_and_look.schema,
        "render": write_and_look.render,
        "check": write_and_look.check,
        "preview": write_and_look.preview,
        "diff": diff.show_difference,
        "demo": write_and_look.demo,
    },
    "Approve and send": {
        "approve": approve_and_send.approve,
        "send": approve_and_send.send,
    },
    "Watch and stop": {
        "status": watch_and_stop.status,
        "pause": watch_and_stop.pause,
        "resume": watch_and_stop.resume,
        "cancel": watch_and_stop.cancel,
        "revise": watch_and_stop.revise,
        "resolve": watch_and_stop.resolve,
    },
    "Look back": {
        "report": look_back.report,
        "incident": personal_data.incident,
    },
    "Serve and schedule": {
        "worker": worker.worker,
        "workers": worker.workers,
        "serve": serve.serve,
        "one-click": one_click.one_click,
        "returns": returns.returns,
        "doctor": doctor.doctor,
        "rename-list": ledger.rename_list,
    },
}
_GROUPS: Sequence[tuple[str, str, Mapping[str, _Function]]] = (
    (
        "subscribers",
        "Who gets the newsletter, and who never again.",
        {
            "check": check_subscribers.check_subscribers,
            "list": subscribers.list_,
            "show": subscribers.show_address,
            "add": subscribers.add,
            "import": import_subscribers.import_people,
            "export": export_subscribers.export_people,
            "suppress": subscribers.suppress,
            "unsuppress": subscribers.unsuppress,
            "form": subscribers_form.subscribers_form,
            "forget": personal_data.forget,
            "notices": personal_data.notices,
        },
    ),
    ("archive", "The issues that were sent, as a static site.", {"build": archive.build, "import": archive.import_}),
    ("template", "The templates of the letter.", {"copy": look.copy_template}),
    ("theme", "The looks that come with the tool.", {"gallery": look.theme_gallery}),
    (
        "schedule",
        "What cron or systemd sends by itself, and when.",
        {"show": schedule.show, "install": schedule.install, "remove": schedule.remove},
    ),
    (
        "ledger",
        "The durable book of deliveries.",
        {
            "init": ledger.init_ledger,
            "verify": ledger.verify,
            "adopt": ledger.adopt,
            "new-secret": ledger.new_secret,
            "export": ledger.export,
        },
    ),
)
_PANEL_OF_GROUPS = "People, cron and the book"


def call(arguments: Sequence[str], session: Session) -> int:
    """Run one command line and return its exit code; errors are raised, those of the words as UsageError (64)."""
    try:
        root = typer.main.get_command(command_line())
        result = root.main(args=list(arguments), prog_name="newsletter", standalone_mode=False, obj=session)
    except CommandLineError as error:
        if is_help(error):
            typer.echo(error.format_message(), err=True)
            return UsageError.exit_code
        session.overhear(arguments)
        raise as_usage_error(error) from error
    except UsageError:
        session.overhear(arguments)
        raise
    return result if isinstance(result, int) else 0


def command_line() -> typer.Typer:
    """All commands, in the order of the help."""
    app = typer.Typer(
        name="newsletter",
        help=_HELP,
        cls=CommandGroup,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for panel, commands in _PANELS.items():
        for name, function in commands.items():
            app.command(name, cls=Command, rich_help_panel=panel)(function)
    for group_name, told, commands in _GROUPS:
        group = typer.Typer(help=told, cls=CommandGroup, no_args_is_help=True)
        for name, function in commands.items():
            group.command(name, cls=Command)(function)
        app.add_typer(group, name=group_name, rich_help_panel=_PANEL_OF_GROUPS)
    return app
