"""`newsletter check`, for people and for programs. Touches: what the workflow touches."""

from functools import partial
from typing import Annotated, Literal

import typer

from newsletter.errors import UsageError

from .app import NewestArgument, app, command
from .progress import progress, reading
from .session import Session

Format = Literal["text", "json", "sarif", "github"]


@command(app, "check", panel="Write and look")
def check(
    session: Session,
    issue: NewestArgument = None,
    every: Annotated[bool, typer.Option("--all", help="Every issue of the workspace, as for a pull request.")] = False,
    form: Annotated[
        Format, typer.Option("--format", help="How findings are written: for people, scripts, code scanning, GitHub.")
    ] = "text",
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    links: Annotated[bool, typer.Option("--links", help="Visit every link of the letter, politely.")] = False,
    spam: Annotated[bool, typer.Option("--spam", help="Ask the SpamAssassin of this machine.")] = False,
) -> int:
    """Find what is wrong with an issue. Exit code 0: nothing, or warnings only; 65: errors.

    With --verbose, why each finding matters and where that is known from. All rules: docs/checks.md.
    """
    from newsletter.report.findings import as_text, for_programs
    from newsletter.workflow.check import check as check_one
    from newsletter.workflow.check import check_all, folder_in_repository
    from newsletter.workflow.steps.probe import Wanted

    if every and issue is not None:
        raise UsageError("--all checks every issue; leave the issue out.")
    if as_json and form not in {"text", "json"}:
        raise UsageError(f"--json and --format {form} are two forms; say one.")
    wanted = Wanted(links, spam, partial(progress, "Links visited", quiet=session.quiet))
    with reading(quiet=session.quiet) as advance:
        workspace = session.workspace
        reports = check_all(workspace, advance, wanted) if every else [check_one(workspace, issue, advance, wanted)]
    if as_json:
        form = "json"
    if form == "text":
        told = "\n\n".join(text for report in reports if (text := as_text(report, verbose=session.verbose)))
    else:
        language, prefix = workspace.settings.newsletter.language, folder_in_repository(workspace)
        told = for_programs(reports, form, single=not every, language=language, prefix=prefix)
    if told:
        session.tell(told)
    if form != "json":
        for report in reports:
            session.say(report.summary())
    return max(report.exit_code for report in reports)
