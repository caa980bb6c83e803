"""`newsletter send ISSUE --rehearse`: will it be out by nine? Touches: what the workflow touches."""

from dataclasses import dataclass
from typing import Annotated

import typer

from newsletter.catalogue import phrase
from newsletter.errors import UsageError

from .progress import progress, reading
from .session import Session

RehearseOption = Annotated[
    bool,
    typer.Option(
        "--rehearse",
        help="Send nothing: tell when half and all will have it, as the relay took earlier issues. No network.",
    ),
]
AtOption = Annotated[
    str | None,
    typer.Option(
        "--at", metavar="TIME", help="With --rehearse: begun then, 09:00 or '2026-12-07 09:00'.", show_default=False
    ),
]
ByOption = Annotated[
    str | None,
    typer.Option(
        "--by", metavar="TIME", help="With --rehearse: is it out by then? Yes, probably or no.", show_default=False
    ),
]
JSONOption = Annotated[bool, typer.Option("--json", help="With --rehearse: as JSON.")]


@dataclass(frozen=True, slots=True)
class RehearsalOptions:
    """What somebody wants to know of a rehearsal."""

    at: str | None
    by: str | None
    as_json: bool

    def refuse_idle(self, *, rehearse: bool) -> None:
        """UsageError (64) for questions where nothing is rehearsed."""
        if rehearse:
            return
        said = (("--at", self.at), ("--by", self.by), ("--json", self.as_json))
        if named := tuple(name for name, value in said if value):
            raise UsageError(phrase("cli.send.needs_rehearse", options=named))


def rehearse(session: Session, issue: str, questions: RehearsalOptions) -> None:
    """The answer is data: it ends with 0, also where it is no."""
    from newsletter.workflow.rehearse import rehearse as do_rehearse
    from newsletter.workflow.steps.time_of_day import TypedTime

    at = None if questions.at is None else TypedTime.of("--at", questions.at)
    by = None if questions.by is None else TypedTime.of("--by", questions.by)
    with reading(session) as read, progress(session, phrase("cli.progress.played")) as played:
        report = do_rehearse(session.workspace, issue, at=at, by=by, reading=read, playing=played)
    session.tell(report.to_json() if questions.as_json else report.to_text(session.language))
