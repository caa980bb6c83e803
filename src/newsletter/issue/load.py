"""A file -> an Issue, or every problem of it with its place. Touches: file system. Limits: English."""

from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from newsletter.errors import InputError, Problem
from newsletter.settings.explain import tidy

from .model import Issue
from .places import misfit_problem, model_problem, nearest, problem_at
from .read import read_issue_text
from .scan import read_text
from .texts import Context
from .translation import misfits
from .tree import DataPath, Node, TreeError, read_tree

MOST_PROBLEMS = 50
"""More than anybody reads; a hostile file could have thousands."""


def load_issue(path: Path, *, workspace_root: Path, timezone: str) -> Issue:
    """The issue in a file; times without an offset are in `timezone`. Raises InputError with every problem."""
    file = _name(path, workspace_root)
    text = read_text(path, file)
    lines = text.split("\n")
    root, problems = read_issue_text(file, lines)
    if root is None:
        raise InputError(problems=_in_order(problems))
    issue, wrong = _validate(file, lines, root, Context(path, ZoneInfo(timezone)))
    told = {problem.line for problem in problems}
    # What the model says of a line that is wrong already, or of a whole that lost a part to it, is only noise.
    problems += [problem for problem in wrong if problem.line not in told and (problem.path or not problems)]
    if problems or issue is None:
        raise InputError(problems=_in_order(problems))
    return issue


def problem_in(path: Path, *, workspace_root: Path, where: DataPath, message: str, hint: str = "") -> Problem:
    """A problem that a later stage found with the value at `where`, such as ("sections", 0, "image", "src"), placed."""
    file = _name(path, workspace_root)
    try:
        text = read_text(path, file)
        node = nearest(read_tree(text)[0], where)
    except (InputError, TreeError):
        return Problem(message, file, path=tidy(where), hint=hint)
    return problem_at(file, text.split("\n"), node.line, node.column, message, where, hint)


def _name(path: Path, root: Path) -> str:
    """The file as errors call it: from the workspace's root, with forward slashes."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _validate(file: str, lines: list[str], root: Node, context: Context) -> tuple[Issue | None, list[Problem]]:
    data = root.data()
    amiss = [misfit_problem(file, lines, root, misfit) for misfit in islice(misfits(data), MOST_PROBLEMS)]
    try:
        return Issue.model_validate(data, context=context), amiss
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)[:MOST_PROBLEMS]
        return None, [*amiss, *(model_problem(file, lines, root, detail) for detail in details)]


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0))[:MOST_PROBLEMS]
