"""The help of a command, in plain lines under the names of its panels. Touches: nothing.

typer's own is drawn by rich, with its parsers of Markdown and its highlighter: more than half of what `--help`
took. Headings are bold on a terminal, and only there.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from typer import style

_Row = tuple[str, str]


def write_help(command: Any, context: Any, formatter: Any) -> None:  # noqa: ANN401 - of private modules of the library
    """Usage, what it does, and a list for each panel: commands in the order they were added, options after them."""
    command.format_usage(context, formatter)
    command.format_help_text(context, formatter)
    panels: defaultdict[str, list[_Row]] = defaultdict(list)
    for panel, row in (*_commands(command), *_parameters(command, context)):
        panels[panel].append(row)
    for panel, rows in panels.items():
        with formatter.section(style(panel, bold=True)):
            formatter.write_dl(rows)


def _commands(command: Any) -> Iterable[tuple[str, _Row]]:  # noqa: ANN401 - as above
    known = getattr(command, "commands", {})
    width = max(map(len, known), default=0)
    for name, one in known.items():
        # The first paragraph, whole: a line that was cut says less than none.
        told = " ".join((one.help or "").split("\n\n")[0].split())
        yield one.rich_help_panel or "Commands", (name.ljust(width), told)


def _parameters(command: Any, context: Any) -> Iterable[tuple[str, _Row]]:  # noqa: ANN401 - as above
    """The global ones last."""
    listed = [*command.params, command.get_help_option(context)]
    for one in sorted(listed, key=lambda parameter: bool(getattr(parameter, "rich_help_panel", None))):
        if not (record := one.get_help_record(context)):
            continue
        if one.param_type_name == "argument":
            # Its type says nothing that its name does not: `ISSUE`, not `ISSUE <str>`.
            yield "Arguments", (record[0].partition(" <")[0], record[1])
        else:
            yield one.rich_help_panel or "Options", record
