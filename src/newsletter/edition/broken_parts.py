"""Find everything in an issue that cannot become a letter, all at once, once one such thing was met.

Touches: files (pictures, the issue's own, for the places). Limits: looks at every language and every section, whoever
sees it; templates are not its matter.
"""

from collections.abc import Iterator, Mapping

from newsletter.errors import InputError, Problem
from newsletter.issue.load import problem_in
from newsletter.issue.model import Issue
from newsletter.issue.tree import DataPath
from newsletter.settings.explain import tidy
from newsletter.settings.workspace import Workspace

from .markdown import Prose, ProseError
from .markers import Markers
from .picture_set import PictureSet

_BLOCKS = {"intro", "body", "text", "closing"}
_LINES = {"caption", "summary"}
_SLOT = 600
"""Any width will do: what is wrong with a picture is wrong at every one."""


def broken_parts(issue: Issue, workspace: Workspace, markers: Markers) -> list[Problem]:
    """Every picture and every Markdown text of the issue that is refused, placed, in the order of the model."""
    gallery, prose = PictureSet(issue, workspace), Prose(markers, "")
    problems: list[Problem] = []
    for where, text in _texts((), issue.model_dump(mode="json")):
        try:
            if where[-1] == "src":
                gallery.encoded(text, _SLOT, tidy(where))
            elif where[-1] in _BLOCKS:
                prose.blocks(text, "", level=2)
            elif where[-1] in _LINES:
                prose.line(text, "")
        except ProseError as error:
            problems += _placed(issue, workspace, where, error)
        except InputError as error:
            problems += error.problems
    return sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0))


def _placed(issue: Issue, workspace: Workspace, where: DataPath, error: ProseError) -> Iterator[Problem]:
    for nth, problem in enumerate(error.problems):
        yield problem_in(
            issue.path,
            workspace_root=workspace.root,
            where=where,
            message=str(problem.message),
            hint=str(problem.hint),
            sought=error.sought,
            nth=nth,
        )


def _texts(path: DataPath, value: object) -> Iterator[tuple[DataPath, str]]:
    """Every text of the issue that says something, with its place."""
    if isinstance(value, str) and value:
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts((*path, str(key)), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts((*path, index), inner)
