"""`newsletter status --watch`: in place on a terminal, otherwise a line when something has changed. Touches: stdout."""

import sys
from collections.abc import Iterable
from itertools import groupby

from newsletter.ledger.states import State
from newsletter.printable import printable
from newsletter.report.status import StatusReport

from .session import Session

_OF_THE_MOMENT = frozenset({"rate", "expected_end", "processes"})
"""Of a report as JSON. Which processes live is looked at apart."""


def show_in_place(session: Session, reports: Iterable[StatusReport]) -> None:
    """On a terminal, where the last one is taken away again: whoever called shows it whole."""
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    console = Console()
    with Live(console=console, auto_refresh=False, transient=True, vertical_overflow="crop") as live:
        console.show_cursor(True)  # a SIGTERM would leave the terminal without one
        for report in reports:
            live.update(Text(printable("\n".join(report.head(session.language)))), refresh=True)


def show_lines(session: Session, reports: Iterable[StatusReport]) -> None:
    """A line for each percent, and for whatever else somebody would look up at."""
    for _, alike in groupby(reports, key=_moved):
        session.tell(next(alike).line(session.language))


def show_json(session: Session, reports: Iterable[StatusReport]) -> None:
    """A JSON document on a line of its own for each change."""
    for _, alike in groupby(reports, key=_differs):
        session.tell(next(alike).to_json())


def is_terminal() -> bool:
    """Whether something can be shown in place; a dumb terminal cannot."""
    from rich.console import Console

    return sys.stdout.isatty() and not Console().is_dumb_terminal


def _moved(report: StatusReport) -> object:
    return report.standing, report.headway.percent, report.counts[State.IN_DOUBT], _living(report)


def _differs(report: StatusReport) -> object:
    """All but what another moment changes by itself."""
    said = report.as_json()
    return [value for name, value in said.items() if name not in _OF_THE_MOMENT], _living(report)


def _living(report: StatusReport) -> list[tuple[str, int]]:
    return [(worker.machine, worker.pid) for worker in report.headway.living]
