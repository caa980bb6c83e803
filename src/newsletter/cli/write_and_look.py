"""`newsletter init`, `schema`, `render`, `check`, `preview`, `demo`: the editor's commands.

Touches: what the workflows and the web apps touch.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from newsletter.catalogue import phrase
from newsletter.check.formats import Format, FormatOptions, write_findings
from newsletter.errors import UsageError

from .options import IssueArgument, NewestArgument
from .progress import progress, reading
from .session import Session

if TYPE_CHECKING:
    from newsletter.check.fixing import Replacement

MOST_OF_AN_ATTACHMENT = 10 * 1024 * 1024
"""Bytes of a file that mail servers take as an attachment, most of them; it grows by a third on the way."""

LetterLanguage = Literal["ko", "en"]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]


def init(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where; made if missing.")] = Path(),
    language: Annotated[
        LetterLanguage, typer.Option("--language", help="Of the letter and of what is explained.")
    ] = "ko",
) -> None:
    """Make a workspace: settings, a first issue, example subscribers. Never overwrites."""
    from newsletter.issue.scaffold import init_workspace

    session: Session = context.obj
    session.outside = True
    for path in init_workspace(directory, language=language):
        session.tell(str(path))
    session.say(phrase("cli.write.workspace_made"))


def schema(
    context: typer.Context,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write it there. Left out: to standard output.", show_default=False),
    ] = None,
) -> None:
    """JSON Schema of an issue file, by which an editor completes and checks while you write.

    In a workspace it knows the workspace's own types of sections, too.
    """
    from newsletter.issue.own_types import own_types
    from newsletter.issue.schema import schema_text, write_schema

    session: Session = context.obj
    own = own_types(session.root) if session.root else ()
    if out is None:
        session.tell(schema_text(own).rstrip("\n"))
    else:
        session.tell(str(write_schema(out, own)))


def render(
    context: typer.Context,
    issue: IssueArgument,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the files; made if missing.")],
    as_email: Annotated[
        str | None, typer.Option("--as", metavar="EMAIL", help="As this subscriber gets it. Left out: the defaults.")
    ] = None,
    standalone: Annotated[
        bool,
        typer.Option(
            "--standalone", help="Instead one HTML file to show a draft: pictures inside, unsubscribing does nothing."
        ),
    ] = False,
) -> None:
    """Write the letter as <slug>.html, <slug>.txt and <slug>.eml, exactly as sent.

    With --standalone as <slug>.standalone.html, which is read without a server, marked as a draft and filled with the
    defaults; another for each translation and each set of sections: <slug>.en.standalone.html. Older ones are replaced.
    """
    from newsletter.workflow.render import render_files

    session: Session = context.obj
    if standalone:
        _write_drafts(session, issue, out, as_email)
        return
    for path in render_files(session.workspace, issue, out, as_email):
        session.tell(str(path))


def _write_drafts(session: Session, issue: str, out: Path, as_email: str | None) -> None:
    """For whoever is to see the letter before it is sent, so that it is nobody's."""
    from newsletter.report.lengths import size_words
    from newsletter.web.standalone.page import standalone_page
    from newsletter.workflow.standalone import standalone_letters, write_standalone

    if as_email is not None:
        raise UsageError(phrase("cli.write.standalone_is_nobodys"), hint=phrase("cli.write.leave_out_as"))
    pages = {one.name: standalone_page(one) for one in standalone_letters(session.workspace, issue)}
    for path, size in write_standalone(out, pages).items():
        session.tell(str(path))
        session.say(phrase("cli.write.standalone_written", file=path.name, size=size_words(size)))
        if size > MOST_OF_AN_ATTACHMENT:
            session.warn(
                phrase("cli.write.standalone_is_large", file=path.name, most=size_words(MOST_OF_AN_ATTACHMENT))
            )
    session.say(phrase("cli.write.standalone_next"))


def check(
    context: typer.Context,
    issue: NewestArgument = None,
    every: Annotated[bool, typer.Option("--all", help="Every issue of the workspace, as for a pull request.")] = False,
    form: Annotated[
        Format, typer.Option("--format", help="How findings are written: for people, scripts, code scanning, GitHub.")
    ] = Format.TEXT,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    links: Annotated[bool, typer.Option("--links", help="Visit every link of the letter, politely.")] = False,
    spam: Annotated[bool, typer.Option("--spam", help="Ask the SpamAssassin of this machine.")] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Replace in the file what HWP, Word and Excel left there; then check.")
    ] = False,
) -> int:
    """Find what is wrong with an issue. Exit code 0: nothing, or warnings only; 65: errors.

    With --fix, known characters are replaced by plain ones before, each with a line that says so.
    With --verbose, why each finding matters and where that is known from. All rules: docs/checks.md.
    """
    from newsletter.issue.find import find_issue
    from newsletter.workflow.check import check_file, every_issue, folder_in_repository
    from newsletter.workflow.steps.lost_secret import why_secret_is_lost
    from newsletter.workflow.steps.probe import Wanted

    session: Session = context.obj
    if every and issue is not None:
        raise UsageError(phrase("cli.check.all_or_one"))
    if as_json and form not in {Format.TEXT, Format.JSON}:
        raise UsageError(phrase("cli.check.two_forms", form=form))
    form = Format.JSON if as_json else form
    visiting = partial(progress, session, phrase("cli.progress.links_visited"))
    wanted = Wanted(links, spam, visiting, partial(progress, session, phrase("cli.progress.editions_asked_about")))
    workspace = session.workspace
    paths = every_issue(workspace) if every else [find_issue(workspace, issue)]
    fixed = {path: _fix(session, path, form) for path in paths} if fix else {}
    with reading(session) as advance:
        reports = [replace(check_file(workspace, path, advance, wanted), fixed=fixed.get(path)) for path in paths]
    options = FormatOptions(
        session.language, folder_in_repository(workspace), single=not every, verbose=session.verbose
    )
    told = write_findings(form, reports, options)
    if told:
        session.tell(told)
    if form is not Format.JSON:
        for report in reports:
            session.say(report.summary())
    if lost := why_secret_is_lost(workspace):
        session.warn(lost)
    return max(report.exit_code for report in reports)


def _fix(session: Session, path: Path, form: Format) -> "tuple[Replacement, ...]":
    """Mend one file, and say at once what was replaced: in the answer itself for people, beside it for programs."""
    from newsletter.workflow.steps.fix import fix_issue

    done = fix_issue(session.workspace, path)
    for one in done.replacements:
        if form is Format.TEXT:
            session.tell(one.said().in_language(session.language))
        elif form is not Format.JSON:
            session.say(one.said())
    count = len(done.replacements)
    if form is not Format.JSON:
        words = phrase("cli.check.replaced", file=done.file, count=count)
        session.say(words if count else phrase("cli.check.nothing_to_replace", file=done.file))
    if done.approval_lapses:
        session.warn(phrase("cli.check.approval_lapses", slug=path.stem))
    return done.replacements


def preview(
    context: typer.Context,
    issue: NewestArgument = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: a free one.", show_default=True)] = 0,
    no_browser: NoBrowser = False,
) -> None:
    """Show the letter in the browser, live.

    It reloads when a file is saved. Its address is the first line on standard output.
    """
    from newsletter.web.studio.serve import run_preview

    session: Session = context.obj
    run_preview(
        session.workspace,
        issue,
        port=port,
        browser=not no_browser,
        language=session.chosen_language,
        tell=session.tell,
        say=session.say,
    )


def demo(context: typer.Context, no_browser: NoBrowser = False) -> None:
    """Walk the whole way on this machine: a letter to the example subscribers, their inbox, and one click to leave."""
    from .demo import walk_through

    walk_through(context.obj, browser=not no_browser)
