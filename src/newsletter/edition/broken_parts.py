"""Find everything in an issue that cannot become a letter, all at once, once one such thing was met.

Touches: files (pictures, tables, the issue's own, for the places). Limits: looks at every language and every section,
whoever sees it; templates are not its matter.
"""

from collections.abc import Iterator

from newsletter.errors import InputError, Problem
from newsletter.issue.load import MOST_PROBLEMS, problem_in
from newsletter.issue.model import Issue
from newsletter.issue.sections.chart import Chart
from newsletter.issue.texts import TextKind
from newsletter.issue.tree import DataPath
from newsletter.settings.explain import tidy
from newsletter.settings.workspace import Workspace

from .accent import accent_problems
from .chart_entries import chart_entries
from .data_set import DataSet
from .markdown.prose import Prose, ProseError
from .markers import Markers
from .picture_set import PictureSet

_SLOT = 600
"""Any width will do: what is wrong with a picture is wrong at every one."""


def broken_parts(issue: Issue, workspace: Workspace, markers: Markers) -> list[Problem]:
    """The accent, pictures, tables, charts and Markdown texts that are refused, placed, in the order of the file."""
    prose = Prose(markers, "")
    problems = [*accent_problems(issue, workspace), *_broken_pictures(issue, workspace)]
    problems += _broken_tables(issue, DataSet(issue, workspace))
    for text in issue.texts():
        try:
            if text.kind is TextKind.MARKDOWN:
                prose.blocks(text.text, tidy(text.path), level=2)
            elif text.kind is TextKind.MARKDOWN_LINE:
                prose.line(text.text, tidy(text.path))
        except ProseError as error:
            problems += _placed(issue, workspace, text.path, error)
    return sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0))


def _broken_pictures(issue: Issue, workspace: Workspace) -> Iterator[Problem]:
    pictures = PictureSet(issue, workspace)
    for picture in issue.pictures():
        try:
            pictures.encoded(picture.src, _SLOT, tidy(picture.path))
        except InputError as error:
            yield from error.problems


def _broken_tables(issue: Issue, data: DataSet) -> Iterator[Problem]:
    """Files that cannot be read, and charts that cannot be drawn."""
    told = list(data.problems())
    yield from told
    for index, section in issue.shown_sections.items():
        if isinstance(section, Chart):
            try:
                chart_entries(section, f"sections[{index}]", data)
            except InputError as error:
                yield from (problem for problem in error.problems if problem not in told)


def _placed(issue: Issue, workspace: Workspace, where: DataPath, error: ProseError) -> Iterator[Problem]:
    for nth, problem in enumerate(error.problems[:MOST_PROBLEMS]):
        yield problem_in(
            issue.path,
            workspace_root=workspace.root,
            where=where,
            message=problem.message,
            hint=problem.hint,
            sought=error.sought,
            nth=nth,
        )
