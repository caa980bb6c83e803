"""Write docs/commands.md from the command line itself, so that the two cannot differ. Touches: standard output.

python scripts/document_commands.py > docs/commands.md
"""

import inspect
from collections.abc import Iterator

import typer
from typer.core import TyperCommand, TyperGroup

from newsletter.cli.app import command_line

HEAD = """# All commands

`newsletter --help` and `newsletter COMMAND --help` say the same. Made by `scripts/document_commands.py`.

ISSUE is a slug (`2026-12`) or a path (`issues/2026-12.yaml`). Data goes to standard output, words about it to standard
error. What the exit codes mean stands in [sending.md](sending.md#exit-codes).
"""
GLOBAL = ("workspace", "lang", "quiet", "verbose", "version")
"""Parameters that every command has; they are told once."""


def root() -> TyperGroup:
    """The whole command line."""
    group = typer.main.get_command(command_line())
    assert isinstance(group, TyperGroup)
    return group


def commands(group: TyperGroup, prefix: str = "") -> Iterator[tuple[str, TyperCommand]]:
    """Every command with its full name, in the order of the help: `send`, `subscribers suppress`, …"""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{prefix}{name} ")
        elif isinstance(command, TyperCommand):
            yield f"{prefix}{name}", command


def parameters(command: TyperCommand | TyperGroup) -> dict[str, tuple[str, str]]:
    """How each argument and option is written, and its help, by its name in the code."""
    context = typer.Context(command)
    found = {}
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if record and parameter.name:
            # An argument's type says nothing that its name does not: `ISSUE`, not `ISSUE <str>`.
            written = record[0] if record[0].startswith("-") else record[0].partition(" <")[0]
            found[parameter.name] = (written.strip(), record[1].strip())
    return found


def page() -> str:
    """The whole of docs/commands.md."""
    group = root()
    told = parameters(group)
    parts = [HEAD, "Before or after every command:\n", _table([told[name] for name in GLOBAL])]
    for name, command in commands(group):
        own = {key: value for key, value in parameters(command).items() if key not in GLOBAL}
        needed = {parameter.name for parameter in command.params if parameter.required}
        arguments = [
            written if key in needed else f"[{written}]"
            for key, (written, _) in own.items()
            if not written.startswith("-")
        ]
        usage = " ".join(["newsletter", name, *(["[OPTIONS]"] if len(own) > len(arguments) else []), *arguments])
        parts += [f"## {name}\n", f"```\n{usage}\n```\n", f"{_plain(inspect.cleandoc(command.help or ''))}\n"]
        parts += [_table(list(own.values()))] if own else []
    return "\n".join(parts)


def _table(rows: list[tuple[str, str]]) -> str:
    cells = [f"| `{written}` | {' '.join(_plain(text).split())} |" for written, text in rows]
    return "\n".join(["| | |", "|---|---|", *cells, ""])


def _plain(text: str) -> str:
    """Text that neither Markdown nor a table takes for its own."""
    return text.replace("<", "&lt;").replace("|", "\\|")


if __name__ == "__main__":
    print(page(), end="")
