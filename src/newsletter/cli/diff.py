"""`newsletter diff`: a letter before and after. Touches: what the workflow touches."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from newsletter.catalogue import Verbatim, phrase
from newsletter.errors import UsageError
from newsletter.printable import printable

from .progress import progress
from .session import Session

if TYPE_CHECKING:
    from newsletter.difference.told import ToldLine, Tone
    from newsletter.settings.workspace import Workspace
    from newsletter.workflow.diff import DiffRequest, LetterDiff
    from newsletter.workflow.steps.letter_side import LetterSide

_DIFFERS = 1
"""As `git diff --exit-code` ends."""
_COLOURS: "dict[Tone, str]" = {
    "head": "1",
    "moved": "36",
    "gone": "31",
    "new": "32",
    "-": "31;9",
    "+": "32",
}
"""Bold, cyan, red, green; what is gone within a text is struck, too."""


def show_difference(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ISSUE REV[..REV]",
            help="The issue, by slug or path (left out: the newest), and what to compare, as git diff takes it.",
            show_default=False,
        ),
    ] = None,
    against: Annotated[
        Literal["approved"] | None,
        typer.Option("--against", help="What was approved, and nothing else.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Write one HTML page instead, <slug>.diff.html, with pictures; or a file that ends in .html.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything that differs, as JSON.")] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="1 where anything differs, 0 where nothing does; else always 0.")
    ] = False,
) -> int:
    """Show a letter before and after, sentence by sentence.

    Before is what was approved last, else the last commit; after is what lies in the folder. REV compares a commit
    with the folder, REV.. with the last commit, REV..REV two commits, REV...REV what a branch changed. What changes
    nothing in the letter, such as a comment, is no difference.

    With --out the pictures are taken by a Chromium or Chrome of this machine (or NEWSLETTER_BROWSER), which fetches
    nothing; without one the page shows the two letters beside each other.
    """
    from newsletter.workflow.diff import diff_letter

    session: Session = context.obj
    workspace = session.workspace
    found = diff_letter(workspace, _request(workspace, words or [], approved=against is not None))
    if out is not None:
        _write_page(session, found, out, as_json=as_json)
    if as_json:
        session.tell(json.dumps(_json(found), ensure_ascii=False, indent=2))
    elif out is None:
        text = "\n".join(_lines(found, session.language, colours=_takes_colours()))
        if text:
            print(text, flush=True)  # noqa: T201 - data, whose words are made fit for a terminal one by one
    if not as_json:
        session.say(found.summary())
    return _DIFFERS if exit_code and found else 0


def _write_page(session: Session, found: "LetterDiff", out: Path, *, as_json: bool) -> None:
    """Its path is data, unless the data are JSON."""
    from newsletter.web.difference.page import difference_page
    from newsletter.web.difference.photographs import take_photographs
    from newsletter.workflow.diff import write_difference

    with progress(session, phrase("cli.progress.pictures_taken")) as advance:
        photographs = take_photographs(found, os.environ, advance)
    path = write_difference(out, found.slug, difference_page(found, photographs, session.language))
    if as_json:
        session.say(Verbatim(str(path)))
    else:
        session.tell(str(path))
    if photographs.why_none is not None:
        session.say(photographs.why_none)


def _request(workspace: "Workspace", words: Sequence[str], *, approved: bool) -> "DiffRequest":
    """Which of the words is the issue and which the revisions; one that could be both is the issue."""
    from newsletter.workflow.diff import DiffRequest

    if len(words) > 2:
        raise UsageError(phrase("cli.diff.too_many", words=" ".join(words[2:])), hint=phrase("cli.diff.how_to_name"))
    issue, revisions = (words[0], words[1]) if len(words) == 2 else (None, None)
    if len(words) == 1:
        issue, revisions = (words[0], None) if _is_issue(workspace, words[0]) else (None, words[0])
    if revisions is not None and approved:
        raise UsageError(phrase("cli.diff.approved_or_revision"), hint=phrase("cli.diff.how_to_name"))
    return DiffRequest(issue, revisions, approved)


def _is_issue(workspace: "Workspace", word: str) -> bool:
    """Also one that is in a commit alone, unless git knows a revision of that name."""
    from newsletter.issue.find import SLUG
    from newsletter.workflow.diff import is_revision

    path = Path(word)
    if path.suffix in {".yaml", ".yml"} or (workspace.issues / f"{word}.yaml").is_file():
        return True
    return bool(SLUG.fullmatch(word)) and not word.startswith("-") and not is_revision(workspace, word)


def _takes_colours() -> bool:
    """On a terminal that has them, unless NO_COLOR says otherwise (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "") != "dumb"


def _lines(found: "LetterDiff", language: str, *, colours: bool) -> Iterator[str]:
    for line in _told(found):
        yield _coloured(line, language) if colours else line.as_text(language)


def _told(found: "LetterDiff") -> "Iterator[ToldLine]":
    from newsletter.difference.told import ToldLine, language_name, told_difference, told_items

    if found.facts:
        yield ToldLine(0, (("head", phrase("difference.told.issue")),))
        yield from told_items(found.facts)
    for letter in found.letters:
        if letter.change != "same":
            yield ToldLine(0, (("head", language_name(letter.language, letter.change)),))
            yield from told_difference(letter.difference)


def _coloured(line: "ToldLine", language: str) -> str:
    pieces: Iterable[tuple[Tone, str]] = ((tone, said.in_language(language)) for tone, said in line.pieces)
    shown = (
        f"\x1b[{_COLOURS[tone]}m{printable(text)}\x1b[0m" if tone in _COLOURS else printable(text)
        for tone, text in pieces
    )
    return "  " * line.depth + "".join(shown)


def _json(found: "LetterDiff") -> dict[str, Any]:
    from newsletter.difference.as_json import difference_json, item_json

    return {
        "issue": found.slug,
        "before": _side(found.before),
        "after": _side(found.after),
        "differs": bool(found),
        "counts": {change: found.counted()[change] for change in ("changed", "added", "removed", "moved")},
        "facts": [item_json(one) for one in found.facts],
        "letters": [
            {"language": one.language, "change": one.change, **difference_json(one.difference)} for one in found.letters
        ],
    }


def _side(side: "LetterSide") -> dict[str, Any]:
    return {"kind": side.kind, "commit": side.commit or None, "called": str(side.called), "exists": side.is_there}
