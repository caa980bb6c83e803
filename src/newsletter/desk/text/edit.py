"""Write a change into the text of an issue's file and leave every other byte as it was. Touches: nothing.

The file stays as a person wrote it: comments, order, quotes, empty lines and line ends outside of the change are
spliced around, never written anew. What comes out is read again, and its data are the data that were meant, or nothing
comes out. Limits: a file that `issue.read` cannot read is not changed; of a last line without an end, a text under `|`
counts as if it had one.
"""

import json
from dataclasses import replace

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.desk.change import CannotChangeError, IssueChange, changed_data, simplified, written_too_oddly
from newsletter.errors import InputError, Problem
from newsletter.issue.model import Issue
from newsletter.issue.part import Part
from newsletter.issue.places import nearest, problem_at
from newsletter.issue.read import read_issue_text
from newsletter.issue.scan import refuse_unsafe
from newsletter.issue.tree import Data, DataPath, Flaw, TreeError, read_tree

from .habits import habits_of
from .place_values import splices_of
from .source import IssueText
from .splice import Stored
from .writer import Writer


def edited_text(text: str, change: IssueChange, *, file: str = "", issue: type[Part] = Issue) -> str:
    """The text of the file after the change; the same text where it says so already.

    `text` is the file as stored, with its BOM and its line ends; `file` is how errors call it; `issue` is the model
    that knows what each key is for (own_models.issue_with for a workspace with its own types of sections). InputError,
    with line and next step, where the file cannot be read, the place is not there, or how it is written is in the way.
    """
    stored = Stored(text)
    source = _read(stored.worked, file)
    try:
        meant = changed_data(source.data, change)
        if meant == source.data:
            return text
        _refuse_half_characters(change, meant)
        return _written(stored, source, simplified(source.data, change), Writer(habits_of(source), meant, issue))
    except CannotChangeError as error:
        raise _told(source, file, error.path or change.path, error.message, error.hint) from error


def data_in(text: str, file: str = "") -> Data:
    """What a file's text says. InputError where it cannot be read."""
    return _read(Stored(text).worked, file).data


def _written(stored: Stored, source: IssueText, change: IssueChange, writer: Writer) -> str:
    for only_quotes in (False, True):
        result = stored.spliced(splices_of(source, change, replace(writer, only_quotes=only_quotes)))
        if _data(result) == writer.data:
            return result
    raise written_too_oddly(change.path)


def _read(text: str, file: str) -> IssueText:
    refuse_unsafe(text, file)
    try:
        root, flaws = read_tree(text)
    except TreeError as error:
        lines = text.split("\n")
        _, problems = read_issue_text(file, lines)
        raise InputError(
            problems=problems or [problem_at(file, lines, error.line, error.column, error.message)]
        ) from error
    if flaws:
        raise InputError(problems=[_of_flaw(file, text, flaw) for flaw in flaws])
    return IssueText(text, root)


def _of_flaw(file: str, text: str, flaw: Flaw) -> Problem:
    return problem_at(file, text.split("\n"), flaw.line, flaw.column, flaw.message, flaw.path)


def _data(text: str) -> Data | None:
    """What a text says; None where it is no issue file any more."""
    worked = Stored(text).worked
    try:
        refuse_unsafe(worked, "")
        root, flaws = read_tree(worked)
    except (TreeError, InputError):
        return None
    return None if flaws else root.data()


def _refuse_half_characters(change: IssueChange, meant: Data) -> None:
    """Of a pair that stands for one character in UTF-16, such as browsers cut off at a limit of length."""
    try:
        json.dumps(meant, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise CannotChangeError(change.path, phrase("desk.edit.holds_half_a_character")) from None


def _told(source: IssueText, file: str, path: DataPath, message: Said, hint: Said = SILENCE) -> InputError:
    node = nearest(source.root, path)
    return InputError(problems=[problem_at(file, source.lines, node.line, node.column, message, path, hint)])
