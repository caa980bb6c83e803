"""A file -> an Issue, or every problem of it with its place. Touches: file system."""

from itertools import chain, islice
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from newsletter.catalogue import SILENCE, Phrase, Said, Value, phrase
from newsletter.errors import InputError, Problem
from newsletter.settings.explain import tidy

from .model import Issue, named_files
from .own_models import issue_with
from .own_types import names_of_no_types, names_of_own_types, own_types
from .places import IssueForm, misfit_problem, model_problems, nearest, problem_at, within, without_echoes
from .read import read_issue_text
from .scan import read_text
from .sections.registry import SECTION_TYPES
from .seek import seek_data, seek_picture
from .texts import FileContext, TextKind
from .translation import doubled_anchors, misfits
from .tree import DataPath, Node, TreeError, read_tree

CLIPPED = 102 * 1024
"""Bytes of HTML: Gmail clips what follows, and that is the footer with its way out."""
MOST_PROBLEMS = 50
"""More than anybody reads; a hostile file could have thousands."""


def load_issue(path: Path, *, workspace_root: Path, timezone: str) -> Issue:
    """The issue in a file; times without an offset are in `timezone`. Raises InputError with every problem."""
    file = _name(path, workspace_root)
    if not path.resolve().is_relative_to(workspace_root.resolve()):
        hint = phrase("issue.file.put_it_into_issues")
        raise InputError(problems=[Problem(phrase("issue.file.leads_out_of_workspace"), file, hint=hint)])
    text = read_text(path, file)
    lines = text.split("\n")
    root, problems = read_issue_text(file, lines)
    if root is None:
        raise InputError(problems=_in_order(problems))
    types = _section_types(root)
    try:
        model = issue_with(own_types(workspace_root, types))
    except InputError as error:
        raise InputError(problems=[*error.problems, *_in_order(problems)]) from error
    context = FileContext(path, ZoneInfo(timezone), section_types=types)
    issue, wrong = _validate(file, lines, root, context, model, workspace_root)
    told = {problem.line for problem in problems}
    # What the model says of a line that is wrong already, or of a whole that lost a part to it, is only noise; but a
    # merge field stays wrong in quotes, too.
    problems += [
        problem
        for problem in wrong
        if (problem.line not in told or _is_of_a_field(problem)) and (problem.path or not problems)
    ]
    if problems or issue is None:
        places = {(problem.line, problem.column) for problem in problems}
        lost = _lost_files(file, lines, root, model, path, workspace_root)
        problems += [problem for problem in lost if (problem.line, problem.column) not in places]
        raise InputError(problems=_in_order(problems))
    _refuse_too_long(issue, file)
    return issue


def _refuse_too_long(issue: Issue, file: str) -> None:
    """A letter whose bare text is over Gmail's 102 KB cannot be sent, and need not be rendered to know it."""
    for language, words in {"": issue, **issue.translations}.items():
        size = len(words.model_dump_json(exclude={"translations"}).encode())
        if size > CLIPPED:
            sizes: dict[str, Value] = {"size": size // 1024, "most": CLIPPED // 1024}
            said = (
                phrase("issue.file.translation_is_too_long", language=language, **sizes)
                if language
                else phrase("issue.file.text_is_too_long", **sizes)
            )
            raise InputError(problems=[Problem(said, file)])


def _is_of_a_field(problem: Problem) -> bool:
    return isinstance(problem.message, Phrase) and problem.message.code.startswith("issue.field.")


def problem_in(
    path: Path,
    *,
    workspace_root: Path,
    where: DataPath,
    message: Said,
    hint: Said = SILENCE,
    sought: str = "",
    nth: int = 0,
) -> Problem:
    """A problem that a later stage found with the value at `where`, such as ("sections", 0, "image", "src"), placed.

    Where the value is a text and `sought` stands in it, the place is that of its occurrence `nth`, from 0.
    """
    file = _name(path, workspace_root)
    try:
        text = read_text(path, file)
        node = nearest(read_tree(text)[0], where)
    except (InputError, TreeError):
        return Problem(message, file, path=tidy(where), hint=hint)
    lines = text.split("\n")
    line, column = within(lines, node, sought, nth) if sought else (node.line, node.column)
    return problem_at(file, lines, line, column, message, where, hint)


def _name(path: Path, root: Path) -> str:
    """The file as errors call it: from the workspace's root, with forward slashes."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _section_types(root: Node) -> tuple[str, ...]:
    """The words for the types of the sections, in their order; empty where there is none."""
    sections = nearest(root, ("sections",)).content
    mappings = (one.content for one in sections) if isinstance(sections, list) else ()
    entries = (one.get("type") if isinstance(one, dict) else None for one in mappings)
    types = (entry.value.content if entry else "" for entry in entries)
    return tuple(one.strip() if isinstance(one, str) else "" for one in types)


def _validate(
    file: str, lines: list[str], root: Node, context: FileContext, model: type[Issue], workspace_root: Path
) -> tuple[Issue | None, list[Problem]]:
    data = root.data()
    astray = chain(misfits(data, model), doubled_anchors(data))
    amiss = [misfit_problem(file, lines, root, misfit) for misfit in islice(astray, MOST_PROBLEMS)]
    try:
        return model.model_validate(data, context=context), amiss
    except ValidationError as error:
        details = without_echoes(error.errors(include_url=False, include_input=False)[:MOST_PROBLEMS])
        types = (*SECTION_TYPES, *names_of_own_types(workspace_root))
        form = IssueForm(model, types, names_of_no_types(workspace_root))
        found = (problem for detail in details for problem in model_problems(file, lines, root, detail, form))
        # A text that commas tore in several pieces is told for each of them in the same words.
        return None, [*amiss, *islice(dict.fromkeys(found), MOST_PROBLEMS)]


def _lost_files(
    file: str, lines: list[str], root: Node, model: type[Issue], path: Path, workspace_root: Path
) -> list[Problem]:
    """Pictures and tables that are not there, told together with the rest; in a good issue, the edition tells."""
    problems = []
    for named in islice(named_files(root.data(), model), MOST_PROBLEMS):
        node = nearest(root, named.path)
        seek = seek_data if named.kind is TextKind.DATA else seek_picture
        found = seek(named.text.strip(), path, workspace_root)
        if not found.path:
            problems.append(problem_at(file, lines, node.line, node.column, found.message, named.path, found.hint))
    return problems


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0))[:MOST_PROBLEMS]
