"""What `check` says of an issue, with its places in the data, for the fields of the form. Touches: what it is given."""

import re
from typing import Any

from newsletter.errors import NewsletterError, Problem
from newsletter.issue.tree import DataPath
from newsletter.web.studio.model import Asked
from newsletter.web.studio.workspace_letters import Snapshot, problems_of
from newsletter.workflow.check import UNREADABLE

_PART = re.compile(r"\[(\d+)\]|\.?([^.\[\]]+)")


def finding_paths(now: Snapshot, asked: Asked, language: str) -> list[dict[str, Any]]:
    """Errors first; what keeps the issue from being loaded is a finding too. UsageError where there is none."""
    path = now.path(asked)
    file = path.relative_to(now.workspace.root).as_posix() if path.is_relative_to(now.workspace.root) else ""
    try:
        checked = now.checked(path)
    except NewsletterError as error:
        return [_of_problem(one, file, language) for one in problems_of(error)]
    return [
        {
            "path": list(one.path) if one.file == file else [],
            "severity": one.severity.value,
            "rule": one.rule,
            "words": one.message.in_language(language),
            "hint": one.hint.in_language(language),
            "why": one.why.in_language(language),
            "place": one.place,
        }
        for one in checked.findings
    ]


def _of_problem(problem: Problem, file: str, language: str) -> dict[str, Any]:
    place = ":".join(str(part) for part in (problem.file, problem.line, problem.column) if part not in ("", None))
    return {
        "path": list(path_said(problem.path)) if problem.file == file else [],
        "severity": "error",
        "rule": UNREADABLE,
        "words": problem.message.in_language(language),
        "hint": problem.hint.in_language(language),
        "why": "",
        "place": place,
    }


def path_said(said: str) -> DataPath:
    """`sections[2].url` -> ("sections", 2, "url"); as much of it as can be told."""
    return tuple(int(index) if index else name for index, name in _PART.findall(said))
