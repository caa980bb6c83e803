"""`newsletter subscribers check`: what is wrong with the list, before any letter. Touches: what the workflow does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .progress import reading
from .session import Session

if TYPE_CHECKING:
    from newsletter.check.finding import Finding
    from newsletter.workflow.check_subscribers import SubscriberCheck


def check_subscribers(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="Another CSV, such as an export. Left out: the subscriber file."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object: findings, then counts.")] = False,
) -> int:
    """Find bad rows, duplicates and doubtful rows of the list. Exit code 0: warnings at most; 65: errors.

    Errors are what would stop a send: a file that cannot be read, nobody in it, too many bad rows.
    """
    from newsletter.check.finding import hints_once
    from newsletter.workflow.check_subscribers import check_subscribers as do_check

    session: Session = context.obj
    with reading(session) as advance:
        report, findings = do_check(session.workspace, file, advance)
        if as_json:
            for line in _json_lines(report, findings):
                session.tell(line)
        else:
            for finding in hints_once(findings):
                session.tell(finding.in_language(session.language))
    if not as_json:
        session.say(report.summary())
    return report.exit_code


def _json_lines(report: "SubscriberCheck", findings: "Iterator[Finding]") -> Iterator[str]:
    """One object, written while the file is read: a finding a line, the counts last."""
    yield f'{{"file": {json.dumps(report.file, ensure_ascii=False)}, "findings": ['
    before = ""
    for finding in findings:
        if before:
            yield f"{before},"
        before = json.dumps(finding.to_json(), ensure_ascii=False)
    yield f"{before}],"
    yield json.dumps(report.to_json(), ensure_ascii=False)[1:]
